# SPDX-License-Identifier: GPL-2.0-only
# What a picture is handed to gnuplot as: settings are lines of its language, data is a table of
# blocks, one a curve or panel, two blank lines apart.
include "lib";

# Single quotes keep gnuplot from reading anything in the text as a command.
def quoted: "'" + (line | gsub("'"; "''")) + "'";
def setting_line: "\(.key) = \(.value | if type == "string" then quoted else tostring end)";
def settings: to_entries | map(setting_line) | join("\n");
def strings($name): "array \($name)[\(length)] = [\(map(quoted) | join(", "))]";

def cell: if . == null then "NA" elif type == "string" then (line | tojson) else tostring end;
def blocks: map(map(map(cell) | join("\t")) | join("\n")) | join("\n\n\n") + "\n";

# At most that many labels; sizes less than a factor of two apart would touch.
def size_ticks($most):
	unique | ((length / $most) | ceil) as $step
	| [to_entries[] | select(.key % $step == 0).value]
	| {x_ticks: "set xtics (\(map("\"\(bytes)\" \(.)") | join(", ")))",
	   bare_ticks: "set xtics (\(map("\"\" \(.)") | join(", ")))"} | settings;
