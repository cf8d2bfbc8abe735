"""Judges a 360Giving package by its schemas and reads libcoveocds' verdict on the OCDS one; called by validate-open-data."""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012


def three_sixty_errors(package: Path, schemas: Path) -> list[str]:
    grant = json.loads((schemas / "360-giving-schema.json").read_text())
    whole = json.loads((schemas / "360-giving-package-schema.json").read_text())
    # The published files name two patch versions and a dialect without its https.
    for schema in (grant, whole):
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["properties"]["grants"]["items"]["$ref"] = grant["$id"]
    registry = Registry().with_resource(grant["$id"], Resource(contents=grant, specification=DRAFT202012))
    judge = Draft202012Validator(whole, registry=registry, format_checker=FormatChecker())
    found = judge.iter_errors(json.loads(package.read_text()))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in found]


def main() -> int:
    package, verdict, schemas = map(Path, sys.argv[1:])
    grants = len(json.loads(package.read_text())["grants"])
    errors = three_sixty_errors(package, schemas)
    print(f"360Giving 1.4: {grants} grants, {len(errors)} errors")
    for error in errors:
        print(f"  {error}")

    ocds = json.loads(verdict.read_text())
    problems = list(ocds["validation_errors"])
    # Closed lists take no other value; other fields and values are allowed by the standard, but we mean to have none.
    for kind in ("additional_closed_codelist_values", "additional_open_codelist_values"):
        problems += [f"{kind}: {value}" for value in ocds[kind].values()]
    problems += [f"field not in the standard: {field}" for field in ocds["additional_fields"]]
    problems += [f"deprecated: {field}" for field in ocds["deprecated_fields"]]
    print(f"OCDS {ocds['version_used']}: {ocds['count']} releases, {ocds['unique_ocids_count']} process, {len(problems)} problems")
    for problem in problems:
        print(f"  {problem}")
    for check, found in ocds["additional_checks"].items():
        print(f"  note, {check}: {str(found)[:300]}")
    return 1 if errors or problems else 0


if __name__ == "__main__":
    sys.exit(main())
