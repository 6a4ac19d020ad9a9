# SPDX-License-Identifier: GPL-2.0-only
# Which cases are noisy, and what that means for their figures.
include "lib";
include "markdown";
include "rows";

# Above these a case is named. Nothing is left out of a figure for it.
def most_between: 0.05;
def most_within: 0.1;
def most_rows: 20;

def is_noisy: .spread
	| (.between.value // 0) > most_between or (.within.value // 0) > most_within
		or ((.outliers.launches // []) | length) > 0;

def outlying: (.launches | length) as $n | .spread.outliers.launches
	| if . == null then blank elif . == [] then "none"
	  else "\(length) of \($n): \(map(tostring) | join(", "))" end;

def noisy_table:
	sort_by(-(.spread.between.value // 0))
	| table(["path", "size", "pages written", "between launches", "within a launch",
		"outlying launches", "setting"];
		map([title, (.params.size | size_text), written, (.spread.between | cv), (.spread.within | cv),
		     outlying, all_settings])[:most_rows]),
	  (if length > most_rows then "", "And \(length - most_rows) more, less noisy between launches."
	   else empty end);

def noise_meaning:
	"Variation is the standard deviation over the mean. *Between launches*: memory came to lie"
	+ " elsewhere, the clock or a neighbour changed; another run would find other figures, and"
	+ " differences of that order mean nothing. *Within a launch*: interrupts and neighbours; the"
	+ " median of the samples takes little harm. *Outlying launches* (modified z-score above 3.5)"
	+ " are in every figure: medians bear a few, many mean two states, and then a median is one"
	+ " of them.";

def noise_of($env):
	. as $all | map(select(.spread != null)) as $known | $known | map(select(is_noisy)) as $noisy
	| if $all == [] then empty
	  elif $env | emulated_platform
	  then "", "`\($env.id | code)`: an emulated machine, whose times mean nothing."
	  elif $known == [] then "", "`\($env.id | code)`: this file doesn't say."
	  elif $noisy == [] then "", "`\($env.id | code)`: none of \($known | length | counted("case"))."
	  else
		"", "`\($env.id | code)`: \($noisy | length) of \($known | length | counted("case")).", "",
		($noisy | noisy_table)
	  end;

def noise:
	. as $file
	| "Cases that vary by more than \(most_between | percent) between their launches or \(most_within
		| percent) within them, or with launches that stand out.",
	  (.environments[] as $env | $file | ok_cases($env.id) | map(select(.class != "none")) | noise_of($env)),
	  "", noise_meaning;
