#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# How long does dmabench fleet take, and how much memory, by the number of machines? Made-up fleets
# of the reference run's machine, 150 cases with all that a result has; prints docs/fleet.md's table.
#
# usage: fleet_curve.py FOLDER [MACHINES...]    (250 500 1000 2000)
#
# FOLDER gets 1.2 MB a machine; those that are there already are taken as they are.

import copy
import json
import math
import os
import random
import resource
import subprocess
import sys
import time

CASES = 150
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def model():
    """The reference result with its host alone, and its cases again until there are enough."""
    with open(os.path.join(root, "results/reference/result.json")) as file:
        result = json.load(file)
    result["environments"] = [e for e in result["environments"] if e["id"] == "host"]
    good = [c for c in result["cases"] if c["env"] == "host" and c["status"] == "ok"]
    cases = []
    while len(cases) < CASES:
        case = copy.deepcopy(good[len(cases) % len(good)])
        case["id"] = "%s#%d" % (case["id"], len(cases) // len(good))
        cases.append(case)
    result["cases"] = cases
    return result


def machine(result, times, rng):
    """Another machine: what fleet looks at is a little different."""
    result["run"]["seed"] = rng.randrange(1 << 40)
    for case, of_case in zip(result["cases"], times):
        factor = math.exp(0.01 * rng.gauss(0, 1))
        for launch, of_launch in zip(case["launches"], of_case):
            launch["ns_per_op"] = {name: ns * factor for name, ns in of_launch.items()}
    return json.dumps(result)


def look(folder):
    """Seconds, and the peak of memory in MB, of a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        begin = time.monotonic()
        with open(os.devnull, "w") as nowhere:
            code = subprocess.call([os.path.join(root, "build/dmabench"), "fleet", "--format", "text",
                                    "--format", "json=" + folder + ".out", folder], stdout=nowhere)
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(writer, json.dumps([code, time.monotonic() - begin, usage.ru_utime + usage.ru_stime,
                                     usage.ru_maxrss / 1024]).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return json.loads(os.read(reader, 1000))


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-") or not all(n.isdigit() for n in sys.argv[2:]):
        sys.exit("usage: fleet_curve.py FOLDER [MACHINES...]")
    folder, sizes = sys.argv[1], [int(n) for n in sys.argv[2:]] or [250, 500, 1000, 2000]
    os.makedirs(os.path.join(folder, "all"), exist_ok=True)
    rng, result = random.Random(1), model()
    times = [[launch["ns_per_op"] for launch in case["launches"]] for case in result["cases"]]
    for i in range(max(sizes)):
        name = os.path.join(folder, "all/node%04d.json" % i)
        if not os.path.exists(name):
            rng.seed(i)
            with open(name, "w") as file:
                file.write(machine(result, times, rng))
    size = os.path.getsize(os.path.join(folder, "all/node0000.json")) / 1e6
    print("| machines | results, MB | seconds | CPU seconds | a machine, ms | memory, MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for n in sizes:
        part = os.path.join(folder, str(n))
        os.makedirs(part, exist_ok=True)
        for i in range(n):
            name = "node%04d.json" % i
            if not os.path.exists(os.path.join(part, name)):
                os.link(os.path.join(folder, "all", name), os.path.join(part, name))
        code, wall, cpu, memory = look(part)
        assert code in (0, 1), code
        print("| %d | %.0f | %.1f | %.1f | %.1f | %.0f |" % (n, n * size, wall, cpu, 1000 * cpu / n, memory))
        sys.stdout.flush()


main()
