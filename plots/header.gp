# SPDX-License-Identifier: GPL-2.0-only
# What a picture says about itself: band (if its times must not be read as a machine's),
# title, machine, conditions. As labels, so that they stand where no curve goes; their
# distance from the top is the same in taller pictures.
head(share) = 1 - share * 600.0 / page_height
if (strlen(band) > 0) {
	set object 1 rectangle from screen 0,head(0.048) to screen 1,1 \
		fc rgb '#8b1a1a' fs solid 1 noborder front
	set label 1 band at screen 0.5,head(0.024) center front \
		textcolor rgb 'white' font 'DejaVu Sans,12'
}
# Without a band the rest moves up into its place.
lift = strlen(band) > 0 ? 0 : 0.03
set label 2 title at screen 0.012,head(0.078-lift) left font 'DejaVu Sans,16'
set label 3 about at screen 0.012,head(0.115-lift) left \
	textcolor rgb '#555555' font 'DejaVu Sans,11'
set label 4 note at screen 0.012,head(0.143-lift) left \
	textcolor rgb '#555555' font 'DejaVu Sans,11'
