#!/usr/bin/env python3
"""Checks that docs/query-language.md names every function and procedure that the server has.

usage: check_functions.py --bin DIR

The page writes families of functions short: `date …, each with .truncate`, `toFloat …, each with …OrNull and …List`,
and the algorithms by their own names.
"""
import argparse
import pathlib
import re
import signal
import sys
import tempfile

import check_examples

PAGE = check_examples.ROOT / "docs/query-language.md"
ALGORITHMS = "relata.algorithms."


def names(binaries, port, what):
    return check_examples.run(binaries, port, f"relata query --format csv 'SHOW {what} YIELD name'").split()[1:]


def words_of(text):
    return set(re.findall(r"[.…]?[A-Za-z_][A-Za-z_0-9.]*", text))


def row_of(text, group):
    return words_of(re.search(rf"^\| {group} \|.*$", text, re.M).group(0))


def is_named(name, words, times, conversions):
    family, _, member = name.partition(".")
    if name in words or (member and family in times and "." + member in times):
        return True
    for suffix in ("OrNull", "List"):
        if name.endswith(suffix) and "…" + suffix in conversions:
            return name[:-len(suffix)] in conversions
    return name.startswith(ALGORITHMS) and name[len(ALGORITHMS):].removesuffix(".write") in words


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    args = parser.parse_args()
    text = PAGE.read_text()
    words = words_of(text)
    times, conversions = row_of(text, "dates and times"), row_of(text, "conversion")
    with tempfile.TemporaryDirectory() as folder:
        server, port = check_examples.start_server(args.bin, folder)
        try:
            functions, procedures = (names(args.bin, port, what) for what in ("FUNCTIONS", "PROCEDURES"))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    missing = [name for name in functions + procedures if not is_named(name, words, times, conversions)]
    print(f"{len(functions)} functions, {len(procedures)} procedures, not in {PAGE.name}: {missing}")
    return 1 if missing or len(functions) < 100 or len(procedures) < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
