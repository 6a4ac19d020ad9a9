# SPDX-License-Identifier: GPL-2.0-only
# peers.md from peers.json.
include "lib";

def row: "| " + join(" | ") + " |";
def table($head): ($head | row), ($head | map("---") | row), (.[] | row);
def gigabytes: "\(. / 1e9 | significant(3))";
def spread: "\(.median | gigabytes) (\(.lo | gigabytes) to \(.hi | gigabytes))";
def size_and_place: (.size | bytes) + (if .cpus_were then ", \(.cpus_were)" else "" end);
def times: if . == null then "–"
	else "\(.median | significant(3)) (\(.lo | significant(3)) to \(.hi | significant(3)))" end;

"# CPU copies against their peers", "",
"\(.start | line), CPU \(.cpus | join(", ")) of \(.environment.identity.cpu_model // "this machine" | line), \(.rounds) of \(.rounds_planned) rounds, \(.pages) pages, " + (if .cpus[1] then "all CPUs at once: the sum." else "one thread." end),
"GB/s (decimal), each copied byte counted once: median over rounds, in brackets the least and the greatest.",
"A ratio is taken within each round, of those that are fastest in the other rounds; above 1 ours is faster.",
(if any(.rows[]; .cpus_were) then
	"The CPUs changed places meanwhile, by the time that a word took between them (\(.word_ns | "\(.least) to \(.most)") ns): only figures of the same place are compared, near under twice the usual least (\(.word_ns.usual_least) ns), nearer up to half of it."
	else empty end), "",
(.cpus[1] != null) as $all_cpus
| (if $all_cpus then "## Many operations in flight: whole ones, each CPU between buffers of its own", "" else empty end),
([.verdicts[] | [size_and_place, .ours, (.ours_rate | spread), .peer, (.peer_rate | spread), (.ratio | times)]
	+ if $all_cpus then [] else [.fastest_ratio | times] end]
 | table(["size", "best of ours", "GB/s", "best peer", "GB/s", "ratio"]
	+ if $all_cpus then [] else ["fastest / best peer"] end)), "",
(if $all_cpus then "## One operation at a time: all CPUs copy parts of the same buffers, the peer's without waiting for each other", "",
	([.verdicts[] | select(.one_at_a_time) | [size_and_place]
		+ (.one_at_a_time | [.ours, (.ours_rate | spread), .peer, (.peer_rate | spread), (.ratio | times)])]
	 | table(["size", "ours", "GB/s", "peer", "GB/s", "ratio"])), ""
	else empty end),
"## All", "",
([.rows | sort_by(.size, .cpus_were, .side, -.median)[]
	| [size_and_place, "\(.tool) \(.variant)", spread, "\(.rates | length)"]]
 | table(["size", "copy", "GB/s", "rounds"])), "",
"## Not measured", "",
(.missing[] | "- \(.tool): \(.reason)")
