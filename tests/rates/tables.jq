# SPDX-License-Identifier: GPL-2.0-only
# rows.tsv (jq -R -n) as the tables of docs/gate.md.

def number: if . == "-" or . == "" then null else tonumber end;
def median: sort | if length == 0 then null elif length % 2 == 1 then .[length / 2 | floor]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def percent($digits): if . == null then "-" else pow(10; $digits) as $p | "\(. * 100 * $p | round / $p + 0) %" end;
def row: "| \(join(" | ")) |";
def table($head): ($head | row), ($head | map("---") | row);
def range_of(f): map(f | select(. != null)) | if length == 0 then "-" else "\(median | percent(1)) (\(min | percent(1)) to \(max | percent(1)))" end;
def design_name: {pairs: "side by side", stored: "stored baseline"}[.];
def verdicts($at): map(.verdict[$at]);
def count(f): map(select(f)) | length;
# UNSTABLE with the launches that it wants, which is what its reader is told.
def unstable($at): map(select(.verdict[$at] == "UNSTABLE"));
def needs($at): unstable($at) | map(.needs[$at] | select(. != null)) | if length == 0 then "-"
	else "\(median | round) (\(min) to \(max))" end;

def classes: [["up to 2 %", 0, 0.02], ["2 to 5 %", 0.02, 0.05], ["above 5 %", 0.05, infinite]];
def within($class): map(select(.cv > $class[1] and .cv <= $class[2] or ($class[1] == 0 and .cv == 0)));

def identical($at):
	(map(.round) | unique | length) as $suites | verdicts($at) as $v
	| [(.[0].design | design_name), "\($at) %", $suites,
		(map(select(.verdict[$at] == "FAIL").round) | unique | length), ($v | length)]
		+ (["FAIL", "UNSTABLE", "IMPROVED", "OK"] | map(. as $is | $v | count(. == $is)));

# The threshold that is to catch a slowdown.
def claimed: if .slowed == 5 then "2.5" else "5" end;

# Of the failures, those that the next suite has too: gate.sh's confirmation block asks no more.
def again($at; $verdicts):
	[.[] | select(.verdict[$at] == "FAIL") | $verdicts["\(.slowed) \(.design) \(.case) \(.round + 1)"] // empty | .[$at]]
	| if length == 0 then "-" else count(. == "FAIL") as $n | "\($n) of \(length)" end;

def caught($at; $class; $verdicts):
	verdicts($at) as $v
	| if length == 0 then empty else
	["\(.[0].slowed) %", (.[0].design | design_name), "\($at) %", $class, length]
		+ (["FAIL", "UNSTABLE", "OK"] | map(. as $is | $v | count(. == $is)))
		+ [(($v | count(. == "FAIL")) / ($v | length) | percent(1)), again($at; $verdicts)]
	end;

[inputs | select(length > 0) | split("\t")] as $lines
| [$lines[1:][] | {slowed: (.[0] | tonumber), round: (.[1] | tonumber), design: .[2], case: .[3], n: (.[4] | number),
	change: (.[5] | number), cv: (.[8] | number), pair_cv: (.[9] | number), sees: (.[10] | number),
	verdict: {"2.5": .[12], "5": .[14]}, needs: {"2.5": (.[13] | number), "5": (.[15] | number)}}] as $all
| ($all | map({key: "\(.slowed) \(.design) \(.case) \(.round)", value: .verdict}) | from_entries) as $verdicts
| if $all | length == 0 then "no suite yet" else
"Identical code (\($all[0].n) launches a side):", "",
table(["design", "threshold", "suites", "suites with a FAIL", "comparisons", "FAIL", "UNSTABLE", "IMPROVED", "OK"]),
($all | map(select(.slowed == 0)) | group_by(.design)[] | identical("2.5", "5") | row),
"", "What NEW does more, and what became of it, by the CV of a launch in that very suite:", "",
table(["more work", "design", "threshold", "launch CV", "comparisons", "FAIL", "UNSTABLE", "OK", "caught", "and again in the next suite"]),
($all | map(select(.slowed > 0)) | group_by(.slowed, .design)[] | . as $group | ("2.5", "5") as $at
	| classes[] as $class | $group | within($class) | caught($at; $class[0]; $verdicts) | row),
"", "By case; median and range over the suites, side by side:", "",
table(["case", "launch CV", "CV within pairs", "change seen at 0 %", "at 5 %", "at 10 %"]),
($all | map(select(.design == "pairs")) | group_by(.case)[] | [.[0].case, range_of(.cv), range_of(.pair_cv)]
	+ [(0, 5, 10) as $k | map(select(.slowed == $k)) | range_of(.change)] | row),
"", "UNSTABLE, with the launches that would do (median and range; \"none\": more than 1000, or more don't help):", "",
table(["case", "design", "threshold", "comparisons", "UNSTABLE", "launches", "none"]),
($all | group_by(.case, .design)[] | . as $group | ("2.5", "5") as $at | $group
	| select(unstable($at) | length > 0) | [.[0].case, (.[0].design | design_name), "\($at) %", length,
		(unstable($at) | length), needs($at), (unstable($at) | count(.needs[$at] == null))] | row),
"", "Slower NEWs that passed (OK) at the threshold that was to catch them (2.5 % for 5 %, 5 % for 10 %):", "",
table(["more work", "suite", "case", "design", "threshold", "change seen", "sees"]),
($all[] | select(.slowed > 0) | claimed as $at | select(.verdict[$at] == "OK")
	| ["\(.slowed) %", .round, .case, (.design | design_name), "\($at) %", (.change | percent(2)), (.sees | percent(2))] | row)
end
