# SPDX-License-Identifier: GPL-2.0-only
# What the tables of figures share: their cells, and a heading over rows of cases.
include "lib";
include "markdown";

def blank: "–";
def title: series_label | md;
def all_settings: all_text | md;
def written: if .params.share == null then blank else share_text end;

# Every case with these columns, under a heading; nothing if there is no case.
def listing($title; $note; $head; cases; row):
	[.[] | cases] | if . == [] then empty else
	"", "#### \($title)", "", (if $note == "" then empty else $note, "" end),
	table($head; map(row)) end;

def interval(f): if .ci95 == null then blank else "\(.ci95[0] | f) to \(.ci95[1] | f)" end;
def percent: "\(. * 100 | significant(2)) %";
def figure: if . == null then blank else "\(significant(3))" end;
# Coefficients of variation: from launch to launch, and from sample to sample in one.
def cv: if .value? == null then blank else .value | percent end;
def variation: "\(.spread.between | cv) / \(.spread.within | cv)";
