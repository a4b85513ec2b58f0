#!/usr/bin/env python3
"""Runs the commands that the documents show and compares what they print with what the documents say.

usage: check_examples.py --bin DIR [--update] FILE.md...

A block that starts with ```console holds commands (`$ relata ...`) and their output. They are run in order against one
server that holds the China AI example, imported as examples/china-ai/run.sh does. With --update the output in the
files is replaced by what came; read the difference before committing it.
"""
import argparse
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def start_server(binaries, folder):
    port_file = os.path.join(folder, "port")
    log = open(os.path.join(folder, "log"), "w")
    server = subprocess.Popen(
        [os.path.join(binaries, "relatad"), "--listen", "127.0.0.1:0", "--data", os.path.join(folder, "data"),
         "--port-file", port_file], stdout=log, stderr=log)
    deadline = time.monotonic() + 60
    while not (os.path.exists(port_file) and os.path.getsize(port_file)):
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("relatad did not start:\n" + open(os.path.join(folder, "log")).read())
        time.sleep(0.05)
    return server, open(port_file).read().strip()


def run(binaries, port, command):
    words = shlex.split(command)
    if words[0] != "relata":
        raise SystemExit(f"only relata is run here, not: {command}")
    words[0] = os.path.join(binaries, "relata")
    env = dict(os.environ, RELATA_SERVER=f"127.0.0.1:{port}")
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=120, cwd=ROOT)
    return done.stdout if done.returncode == 0 else done.stdout + done.stderr


def normal(text):
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def check_block(binaries, port, block):
    """The block with the output that came, and the commands whose output differs."""
    parts = re.split(r"^(\$ .*\n(?:(?<=\\\n).*\n)*)", block, flags=re.M)
    result, wrong = [parts[0]], []
    for command, shown in zip(parts[1::2], parts[2::2]):
        came = run(binaries, port, command[2:].replace("\\\n", " "))
        if normal(came) != normal(shown):
            wrong.append((command.strip(), normal(shown), normal(came)))
        result += [command, normal(came) + "\n" + ("\n" if shown.endswith("\n\n") else "")]
    return "".join(result), wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    failures = commands = 0
    with tempfile.TemporaryDirectory() as folder:
        server, port = start_server(args.bin, folder)
        try:
            for file in sorted((ROOT / "examples/china-ai/data").glob("*.jsonl")):
                run(args.bin, port, f"relata import {shlex.quote(str(file))}")
            for name in args.files:
                path = ROOT / name
                text = path.read_text()

                def replace(match):
                    nonlocal failures, commands
                    block, wrong = check_block(args.bin, port, match.group(1))
                    commands += match.group(1).count("\n$ ") + match.group(1).startswith("$ ")
                    for command, shown, came in wrong:
                        failures += 1
                        print(f"{name}: {command}\n--- shown\n{shown}\n--- came\n{came}\n")
                    return f"```console\n{block}```"

                changed = BLOCK.sub(replace, text)
                if args.update and changed != text:
                    path.write_text(changed)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    print(f"{commands} commands, {failures} with other output")
    return 1 if commands == 0 or (failures and not args.update) else 0


if __name__ == "__main__":
    sys.exit(main())
