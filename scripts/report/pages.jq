# SPDX-License-Identifier: GPL-2.0-only
# Many cases in pictures: pages, and short names.
include "lib";

# Pages of at most so many; the first has no number.
def pages($name; $env; $most; draw):
	. as $all | range(0; length; $most) as $from
	| {page: ($from / $most + 1), pages: ($all | length / $most | ceil), rows: $all[$from:$from + $most]}
	| . as $page | "\($name)-\($env.id | file_name)" as $stem
	| draw + {name: ($stem + if $page.page == 1 then "" else "-\($page.page)" end)};
def page_text: if .pages > 1 then ", page \(.page) of \(.pages)" else "" end;

# A case's name by what differs between those that are shown.
def varying: [.[].params] | . as $all
	| [(setting_axes + variant_axes)[] as $k
	   | select([$all[] | select(has($k)) | .[$k]] | unique | length > 1) | $k]
	| if any(.[]; endswith("_node")) then . + ["cpu_node", "src_node", "dst_node"] else . end;
def short($axes): (.params | with_entries(select(.key as $k | $axes | index([$k])))) as $params
	| [series_label + " \(.params.size | size_text)",
	   (.params.share | nonull | "\(.) % written"),
	   ($params | setting_text, variant_text | select(. != ""))] | join(", ")
	| if length > 60 then .[:59] + "…" else . end;
