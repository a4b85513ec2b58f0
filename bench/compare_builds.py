#!/usr/bin/env python3
"""Compares two builds by the instructions that their hot loops take.

    bench/compare_builds.py BEFORE/bin AFTER/bin --data DATA --db DB [--loops Q1:text,Q6:call]

BEFORE/bin and AFTER/bin are the folders of programs of two Release builds, DATA is a folder of the
peer benchmark's generator (scale 0.02 will do) and DB a folder with that graph loaded
(docs/benchmarks.md). Each loop is a question in one of its forms, asked in process. It is run under
callgrind with few and with many repetitions, and the difference is divided by the repetitions, so
that what is done once (opening, first touches) falls out. Both builds do each loop one after the
other, on a copy of DB each.

Instructions do not tell time, but a busy machine does not change them: they differ by less than 1%
from run to run. Exits with 1 where a loop takes more than --limit times as many as before.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

LOOPS = "Q1:text,Q1:typed,Q2:text,Q2:typed,Q3:text,Q4:text,Q4:typed,Q5:text,Q5:typed,Q6:text,Q6:call,Q6:typed"
ASKERS = {"text": "EngineAsker", "call": "EngineAsker", "typed": "GraphAsker"}
DRAWS = 200  # of the parameters of a question


def instructions(program, loop, times, data, db, scratch):
    """Of all calls of a question, the first round and `times` more."""
    question, form = loop.split(":")
    command = [
        "valgrind", "--tool=callgrind", "--collect-atstart=no",
        f"--toggle-collect=*{ASKERS[form]}::Ask*",
        f"--callgrind-out-file={scratch}/callgrind.out",
        program, "run", "--mode", "inprocess", "--data", data, "--db", db,
        "--out", f"{scratch}/out.jsonl", "--questions", question, "--forms", form,
        "--draws", str(times), "--budget", "100000",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    total = re.search(r"I\s+refs:\s+([\d,]+)", run.stderr)
    if run.returncode != 0 or not total:
        sys.exit(f"{' '.join(command)} failed:\n{run.stdout}{run.stderr}")
    return int(total.group(1).replace(",", ""))


def per_call(bin_folder, loop, args, db, scratch):
    program = os.path.join(bin_folder, "relata_bench")
    few, many = DRAWS, DRAWS * (1 + args.rounds)
    first = instructions(program, loop, few, args.data, db, scratch)
    second = instructions(program, loop, many, args.data, db, scratch)
    return (second - first) / (many - few)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--data", required=True)
    parser.add_argument("--db", required=True)
    parser.add_argument("--loops", default=LOOPS)
    parser.add_argument("--rounds", type=int, default=2, help="rounds of all draws that are counted")
    parser.add_argument("--limit", type=float, default=1.03)
    args = parser.parse_args()

    slower = False
    print(f"{'loop':10} {'before':>12} {'after':>12} {'ratio':>7}")
    with tempfile.TemporaryDirectory() as scratch:
        copies = [os.path.join(scratch, name) for name in ("before", "after")]
        for copy in copies:
            shutil.copytree(args.db, copy)
        for loop in args.loops.split(","):
            before = per_call(args.before, loop, args, copies[0], scratch)
            after = per_call(args.after, loop, args, copies[1], scratch)
            if before <= 0 or after <= 0:
                sys.exit(f"{loop} was not asked: is DB loaded by `relata_bench load`?")
            ratio = after / before
            slower |= ratio > args.limit
            mark = "  slower" if ratio > args.limit else ""
            print(f"{loop:10} {before:12,.0f} {after:12,.0f} {ratio:7.3f}{mark}", flush=True)
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
