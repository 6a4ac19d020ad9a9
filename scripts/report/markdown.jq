# SPDX-License-Identifier: GPL-2.0-only
# Text from a result into Markdown, so that no name, reason or model can act as markup.
include "lib";

def md: line | gsub("(?<c>[\\\\|<>&*_`\\[\\]#~!])"; "\\\(.c)");
# Within backticks nothing but the backtick and the table's bar is special.
def code: line | gsub("`"; "'") | gsub("\\|"; "¦");

def table($head; $rows):
	"| \($head | join(" | ")) |",
	"| \($head | map("---") | join(" | ")) |",
	($rows[] | "| \(join(" | ")) |");
