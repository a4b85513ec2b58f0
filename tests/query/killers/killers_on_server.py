#!/usr/bin/env python3
"""Sends the queries of killers.txt to a relatad whose address space is limited, while somebody else goes on asking.

usage: killers_on_server.py --bin DIR [--memory-mib N] [--every N] [--title TEXT]

Each query must end with its answer or one of the codes that killers.txt allows (killers_test.cc describes the file),
in its time; the bystander must get every answer right; and the server's resident memory must come back. The limit is on
the address space (RLIMIT_AS): --memory-mib for what the server may use, and beside it what is only reserved: stacks of
threads, programs and libraries. --every N takes every N-th query, --title those whose title contains a text. Exit code 1 where
something was not as it must be.
"""
import argparse
import csv
import io
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
RESERVED_MIB = 1024
SECONDS = 2
LATE_SECONDS = 3  # ten times the promise of 100 ms, and what it takes to start a client on a loaded machine
PRINTED_A_SECOND = 2 << 20  # bytes that a client prints there; the server waits for it
KEPT_MIB = 400
READ_BYTES = 4 << 20  # of an answer; in one that is longer no value is looked for
SETUP = [
    "UNWIND range(0, 39) AS i CREATE (:K {i: i, name: 'node ' + i})",
    "MATCH (a:K), (b:K) WHERE a <> b CREATE (a)-[:T {w: (a.i * 7 + b.i) % 13}]->(b)",
    "UNWIND range(0, 2999) AS i CREATE (:P {i: i, s: 'some text ' + i})",
]
BYSTANDER = "MATCH (:K {i: 7})-[:T]->(b:K) WHERE b.i < 20 RETURN count(b) AS n"


def expanded(text):
    """`{{N*TEXT}}` stands for TEXT N times."""
    result = ""
    while True:
        match = re.search(r"\{\{(\d+)\*", text)
        if not match:
            return result + text
        close = text.index("}}", match.end())
        while text[close + 2:close + 3] == "}":
            close += 1
        result += text[:match.start()] + text[match.end():close] * int(match.group(1))
        text = text[close + 2:]


def read_killers(path):
    killers, ends = [], []
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("ends: "):
            ends = line[6:].split()
        elif line.startswith("killer: "):
            killers.append({"title": line[8:], "text": "", "ends": ends, "answer": None, "must": False})
        elif line.startswith("answer: "):
            killers[-1]["answer"] = line[8:]
        elif line == "must: answer":
            killers[-1]["must"] = True
        else:
            killers[-1]["text"] += expanded(line) + "\n"
    return killers


class Server:
    def __init__(self, binaries, folder, memory_mib):
        self.binaries = binaries
        port_file = os.path.join(folder, "port")
        limit = (memory_mib + RESERVED_MIB) << 20
        self.log = os.path.join(folder, "log")
        # One arena of malloc for every few threads: each reserves 64 MiB of addresses.
        environment = dict(os.environ, MALLOC_ARENA_MAX="4")
        self.process = subprocess.Popen(
            [os.path.join(binaries, "relatad"), "--listen", "127.0.0.1:0", "--data", os.path.join(folder, "data"),
             "--port-file", port_file, "--max-answer-seconds", str(SECONDS), "--max-threads", "32", "--max-watch-streams", "8"],
            stdout=subprocess.DEVNULL, stderr=open(self.log, "w"), env=environment,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        while not (os.path.exists(port_file) and os.path.getsize(port_file)):
            if self.process.poll() is not None:
                raise SystemExit("relatad did not start:\n" + open(self.log).read())
            time.sleep(0.05)
        self.port = open(port_file).read().strip()

    def ask(self, text):
        """The first value of the first row, `none` without a row; the code of the error; the bytes that were printed."""
        with tempfile.TemporaryFile() as out:
            done = subprocess.run(
                [os.path.join(self.binaries, "relata"), "--server", "127.0.0.1:" + self.port, "--format", "csv",
                 "--timeout", "60", "query", "--file", "-"],
                input=text.encode(), stdout=out, stderr=subprocess.PIPE)
            printed = os.fstat(out.fileno()).st_size
            if done.returncode != 0:
                message = done.stderr.decode(errors="replace")
                codes = re.findall(r"\(([A-Z_]{6,})\)", message)
                return None, codes[-1] if codes else message[-300:], printed
            out.seek(0)
            head = out.read(READ_BYTES).decode(errors="replace")
        csv.field_size_limit(1 << 24)
        rows = list(csv.reader(io.StringIO(head if len(head) < READ_BYTES else "")))
        return (rows[1][0] if len(rows) > 1 and rows[1] else "none"), None, printed

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def resident_mib(self):
        pages = int(open(f"/proc/{self.process.pid}/statm").read().split()[1])
        return pages * resource.getpagesize() >> 20


class Bystander(threading.Thread):
    def __init__(self, server):
        super().__init__()
        self.server, self.right, self.wrong, self.peak, self.stopping = server, 0, [], 0, False

    def run(self):
        while not self.stopping:
            answer, error, _ = self.server.ask(BYSTANDER)
            if answer == "19":
                self.right += 1
            else:
                self.wrong.append(error or answer)
            self.peak = max(self.peak, self.server.resident_mib())
            time.sleep(0.02)


def check(killer, answer, error, seconds):
    if seconds > SECONDS + LATE_SECONDS:
        return f"took {seconds:.1f} s"
    if error is not None:
        if killer["must"]:
            return f"must answer, but {error}"
        return None if error in killer["ends"] else f"ended with {error}"
    if killer["answer"] is None:
        return f"came to an end with {answer[:40]}"
    return None if answer == killer["answer"] else f"answered {answer[:40]} and not {killer['answer']}"


def run(server, killers):
    """Returns how much was not as it must be."""
    for text in SETUP:
        if server.ask(text)[1] is not None:
            raise SystemExit("the graph cannot be made: " + text)
    before = server.resident_mib()
    bystander = Bystander(server)
    bystander.start()
    wrong = 0
    try:
        for killer in killers:
            wrong += ask_killer(server, bystander, killer)
            if server.process.poll() is not None:
                print("the server is gone\n" + open(server.log).read()[-2000:])
                return wrong + 1
    finally:
        bystander.stopping = True
        bystander.join()
    time.sleep(1)
    after = server.resident_mib()
    nodes = server.ask("MATCH (n) RETURN count(n) AS n")[0]
    print(f"{len(killers)} queries, {wrong} not as they must be; resident {before} MiB before and {after} MiB after; "
          f"{nodes} nodes; the bystander got {bystander.right} right answers and {len(bystander.wrong)} others "
          f"{bystander.wrong[:3]}")
    return wrong + (after > before + KEPT_MIB) + (len(bystander.wrong) > 0) + (nodes != "3040")


def ask_killer(server, bystander, killer):
    answers, bystander.peak = bystander.right, 0
    begin = time.monotonic()
    answer, error, printed = server.ask(killer["text"])
    seconds = time.monotonic() - begin
    fault = check(killer, answer, error, seconds - printed / PRINTED_A_SECOND)
    if fault is None and seconds > SECONDS and bystander.right == answers:
        fault = "nobody else was answered meanwhile"
    print(f"{killer['title']:<55} {seconds:6.2f} s {bystander.peak:5} MiB  "
          f"{(error or answer)[:30]}{'  WRONG: ' + fault if fault else ''}", flush=True)
    return fault is not None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--memory-mib", type=int, default=2048)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--title", default="")
    options = parser.parse_args()
    killers = [k for k in read_killers(HERE / "killers.txt") if options.title in k["title"]][::options.every]
    with tempfile.TemporaryDirectory() as folder:
        server = Server(options.bin, folder, options.memory_mib)
        try:
            wrong = run(server, killers)
        finally:
            server.stop()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
