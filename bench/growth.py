#!/usr/bin/env python3
"""Measures how Relata grows with the graph, and draws it.

    bench/growth.py build/release/bin --out growth.jsonl --svg docs/growth.svg --scratch DIR 1=DATA1 4=DATA4 10=DATA10

DATAn is a folder of the peer benchmark's generator at scale n (docs/benchmarks.md). Each is loaded by
`relatad load` from the CSV files as they are, with unique constraints on id, then Q1, Q2, Q4 and Q6 are
asked as texts in process with an adjacency cache of --cache-mib for each unit of scale. Writes a JSON line for each
scale and, with gnuplot (Debian's gnuplot-nox), a picture: the questions' medians as multiples of those at
the first scale, and load time, disk and memory for each million relationships.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time

LABELS = ["Company", "Person", "Regulator"]
QUESTIONS = ["Q1", "Q2", "Q4", "Q6"]
ENTITY = "entity label={label} key=n/{{id}} id:int={{id}} .name={{name}}"
BETWEEN = "relationship type={type} from=n/{{src}} to=n/{{dst}}"


def mappings(data):
    """The words after `relatad load` that say what the files mean."""
    company = ENTITY.format(label="Company") + " country={country} founded:date={founded}"
    person = ENTITY.format(label="Person") + " country={country}"
    invested = BETWEEN.format(type="INVESTED_IN") + " valid_from={date} amount:float={amount} share:float={share}"
    regulated = BETWEEN.format(type="REGULATED") + " valid_from={date} action={action}"
    transferred = BETWEEN.format(type="TRANSFERRED") + " valid_from:ms={ts} amount:float={amount}"
    files = [(company, ["company"]), (person, ["person"]), (ENTITY.format(label="Regulator"), ["regulator"]),
             (invested, ["invested_company", "invested_person"]), (regulated, ["regulated"]),
             (transferred, ["transferred"])]
    words = []
    for mapping, names in files:
        words += ["--csv", mapping] + [os.path.join(data, name + ".csv") for name in names]
    return words


def disk_megabytes(folder):
    total = 0
    for path, _, names in os.walk(folder):
        total += sum(os.lstat(os.path.join(path, name)).st_blocks * 512 for name in names)
    return total / 1e6


def load(programs, data, db):
    """Seconds from the CSV files to durable and queryable, and the loader's peak memory."""
    constraints = []
    for label in LABELS:
        constraints += ["--run", f"CREATE CONSTRAINT FOR (n:{label}) REQUIRE n.id IS UNIQUE"]
    command = [os.path.join(programs, "relatad"), "load", "--data", os.path.join(db, "data")]
    began = time.monotonic()
    process = subprocess.Popen(command + constraints + mappings(data), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"loading {data} failed")
    return {"load_s": time.monotonic() - began, "load_cpu_s": usage.ru_utime + usage.ru_stime,
            "load_peak_mb": usage.ru_maxrss * 1024 / 1e6, "disk_mb": disk_megabytes(db)}


def ask(programs, data, db, scratch, draws, cache_mib):
    """Median and 99th percentile of each question, time to the first answer, and memory."""
    out = os.path.join(scratch, "out.jsonl")
    if os.path.exists(out):
        os.remove(out)
    subprocess.run(
        [os.path.join(programs, "relata_bench"), "run", "--mode", "inprocess", "--forms", "text", "--data", data,
         "--db", db, "--out", out, "--questions", ",".join(QUESTIONS), "--draws", str(draws),
         "--cache-mib", str(cache_mib)],
        check=True, stdout=subprocess.DEVNULL)
    figures = {}
    with open(out, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["query"] == "OPEN":
                figures["open_s"] = line["seconds"]
            else:
                figures[line["query"]] = {"median_ms": line["median_ms"], "p99_ms": line["p99_ms"]}
                figures["peak_mb"] = line["peak_mb"]
    return figures


def relationships(data):
    names = ["invested_company", "invested_person", "regulated", "transferred"]
    total = 0
    for name in names:
        with open(os.path.join(data, name + ".csv"), "rb") as file:
            total += sum(1 for _ in file) - 1
    return total


def draw(rows, svg):
    """Two panels, by gnuplot."""
    first = rows[0]
    table = []
    for row in rows:
        million = row["relationships"] / 1e6
        table.append([row["scale"]] + [row[q]["median_ms"] / first[q]["median_ms"] for q in QUESTIONS] +
                     [row["load_s"] / million, row["disk_mb"] / million / 10, row["peak_mb"] / million / 100])
    data = "\n".join(" ".join(f"{cell:g}" for cell in row) for row in table)
    questions = ", ".join(f'$data using 1:{i + 2} with linespoints lw 2 title "{q}"' for i, q in enumerate(QUESTIONS))
    script = f"""
$data << EOD
{data}
EOD
set terminal svg size 900,380 font "sans,12" background "white"
set output "{svg}"
set multiplot layout 1,2
set logscale x
set xtics ({", ".join(str(row["scale"]) for row in rows)})
set xlabel "scale ({first["scale"]:g}: {first["relationships"] / 1e6:.2f} million relationships)"
set yrange [0:*]
set key bottom right
set title "median, as a multiple of that at scale {first["scale"]}"
plot {questions}
set title "for each million relationships"
plot $data using 1:6 with linespoints lw 2 title "load, s", \
     $data using 1:7 with linespoints lw 2 title "disk, 10 MB", \
     $data using 1:8 with linespoints lw 2 title "memory, 100 MB"
unset multiplot
"""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", help="folder of relatad and relata_bench")
    parser.add_argument("graphs", nargs="+", metavar="SCALE=DATA")
    parser.add_argument("--scratch", required=True, help="folder for the databases; emptied")
    parser.add_argument("--out", required=True)
    parser.add_argument("--svg", required=True)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--cache-mib", type=int, default=256)
    args = parser.parse_args()
    rows = []
    for graph in args.graphs:
        scale, data = graph.split("=", 1)
        db = os.path.join(args.scratch, "db")
        shutil.rmtree(db, ignore_errors=True)
        os.makedirs(db)
        row = {"scale": float(scale), "relationships": relationships(data)}
        row.update(load(args.programs, data, db))
        cache_mib = round(args.cache_mib * float(scale))
        row.update(ask(args.programs, data, db, args.scratch, args.draws, cache_mib))
        rows.append(row)
        print(json.dumps(row), flush=True)
    shutil.rmtree(db, ignore_errors=True)
    with open(args.out, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    draw(rows, args.svg)


if __name__ == "__main__":
    main()
