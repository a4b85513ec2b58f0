#!/usr/bin/env python3
"""Holds the pages of the China AI example against its data.

usage: check_china_ai.py FOLDER

FOLDER has SCHEMA.md, COVERAGE.md and data/*.jsonl. SCHEMA.md must list the labels, properties, relationship types and
ends that data/00-schema.jsonl declares; COVERAGE.md must name what the data holds, nothing else; every file must work
without the ones before it but the schema; and every statement of a document must cite a source.
"""
import json
import pathlib
import re
import sys

# Classifying relationships, which COVERAGE.md leaves out where something else carries the statement.
LEFT_OUT_OF_COVERAGE = ("about/", "in-field/", "cites/")
# MERICS and CNBC are recognized by the form of their pages, which do not name them.
UNCITED = {"published/cnbc/cnbc-2025-07-26", "published/merics/merics-ai-2026"}


class Example:
    """What the files declare and write, with what is wrong inside them."""

    def __init__(self, folder):
        self.types = {}  # relationship type -> its declaration
        self.declared = {}  # label or relationship type -> its properties
        self.labels = {}  # entity key -> labels
        self.ends = {}  # relationship key -> (type, from, to)
        self.properties = set()  # "entity.property"
        self.wrong = []
        for path in sorted((folder / "data").glob("*.jsonl")):
            self.in_file = set()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                (kind, body), = json.loads(line).items()
                self.where = f"{path.name}:{number}"
                getattr(self, "read_" + kind, lambda body: None)(body)

    def complain(self, text):
        self.wrong.append(f"{self.where}: {text}")

    def read_declareRelationshipType(self, body):
        self.types[body["type"]] = body
        self.declared.setdefault(body["type"], set())

    def read_declareProperty(self, body):
        owner = body.get("label") or body["relationshipType"]
        self.declared.setdefault(owner, set()).add(body["property"])

    def read_putEntity(self, body):
        self.in_file.add(body["key"])
        self.labels.setdefault(body["key"], set()).update(body["labels"])
        for name in body["names"]:
            self.check_sources(name)
        for entry in body.get("properties", []):
            self.note_property(body["key"], entry["name"])

    def read_addFacts(self, body):
        self.check_known(body["entity"]["key"])
        self.note_property(body["entity"]["key"], body["property"])
        self.check_cited(body["facts"])

    def read_putRelationship(self, body):
        ends = (body["type"], body["from"]["key"], body["to"]["key"])
        if self.ends.setdefault(body["key"], ends) != ends:
            self.complain(f"{body['key']} has other ends or another type elsewhere")
        for key in ends[1:]:
            self.check_known(key)
        if body["key"] not in UNCITED:
            self.check_cited(body["facts"])
        for fact in body["facts"]:
            for entry in fact.get("properties", []):
                if entry["name"] not in self.declared[body["type"]]:
                    self.complain(f"{body['type']} has no property {entry['name']}")

    def note_property(self, key, name):
        self.properties.add(f"{key}.{name}")
        if not any(name in self.declared.get(label, ()) for label in self.labels.get(key, ())):
            self.complain(f"no label of {key} has the property {name}")

    def check_known(self, key):
        if key not in self.in_file:
            self.complain(f"{key} is not written earlier in this file")

    def check_cited(self, facts):
        for fact in facts:
            if not fact.get("citations"):
                self.complain("a fact without a source")
            self.check_sources(fact)

    def check_sources(self, cited):
        for citation in cited.get("citations", []):
            self.check_known(citation["source"]["key"])


def check_schema(example, page):
    """Differences between the tables of SCHEMA.md and the declarations."""
    wrong, seen = [], set()
    for line in page.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        found = re.match(r"`(\w+)`( 1)?$", cells[0])
        if not found:
            continue
        name = found[1]
        seen.add(name)
        listed = set(re.findall(r"`(\w+)`\*?:", cells[-1]))
        wanted = example.declared.get(name, set()) - ({"name"} if len(cells) == 3 else set())
        if listed != wanted:
            wrong.append(f"SCHEMA.md: {name}: properties {sorted(listed ^ wanted)}")
        if len(cells) == 5:
            declaration = example.types.get(name, {})
            if bool(found[2]) != declaration.get("onePerPair", False):
                wrong.append(f"SCHEMA.md: {name}: one a pair or not")
            for cell, field in ((cells[2], "fromLabels"), (cells[3], "toLabels")):
                ends = set() if cell == "any" else set(cell.split(", "))
                if ends != set(declaration.get(field, [])):
                    wrong.append(f"SCHEMA.md: {name}: {field} {sorted(ends)}")
    return wrong + [f"SCHEMA.md: {name} is missing" for name in sorted(set(example.declared) - seen)]


def check_coverage(example, page):
    """Keys that COVERAGE.md names and nobody wrote, and keys that it lacks."""
    named = {key for key in re.findall(r"`([^`]+)`", page.read_text()) if "/" in key}
    held = set(example.labels) | set(example.ends) | example.properties
    owed = {key for key in set(example.ends) | example.properties
            if not key.startswith(LEFT_OUT_OF_COVERAGE + ("source/", "official/"))}
    return ([f"COVERAGE.md: nothing has the key {key}" for key in sorted(named - held)] +
            [f"COVERAGE.md: {key} is missing" for key in sorted(owed - named)])


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    example = Example(folder)
    wrong = (example.wrong + check_schema(example, folder / "SCHEMA.md") +
             check_coverage(example, folder / "COVERAGE.md"))
    print("\n".join(wrong))
    print(f"{len(example.labels)} entities, {len(example.ends)} relationships, {len(wrong)} mistakes")
    return 1 if wrong or not example.ends else 0


if __name__ == "__main__":
    sys.exit(main())
