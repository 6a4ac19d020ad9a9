# SPDX-License-Identifier: GPL-2.0-only
# Operations while others take bandwidth: a curve a path and setting, from what was measured without them on.
include "lib";

# Input: an environment's ok cases. Series of cases of one size, by the bandwidth that others took.
def loaded_series:
	. as $all
	| [$all[] | select(.load != null)]
	| group_by([.path, (.engine | if . == null then "" else .driver + .kind end), (.params | del(.load))])
	| map(. as $cases | ($cases[0].params | del(.load)) as $params
		| [$all[] | select(.load == null and .path == $cases[0].path and .engine == $cases[0].engine and .params == $params)]
		+ ($cases | sort_by(.load.value)));
def loaded_row: [(.load.value? // 0), quantile("p50"), quantile("p99")];
