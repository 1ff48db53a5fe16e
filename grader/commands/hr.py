"""`academy hr`: people in, reports out."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from ..centre import Centre
from ._options import Nouns, by, centre, known, language, say_problems

__all__ = ["words"]


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    steps = nouns.add_parser("hr", help="people and reports").add_subparsers(required=True, metavar="STEP")
    load = steps.add_parser("import", help="import people from an Excel or CSV file")
    load.add_argument("file", type=Path, help="people.xlsx or people.csv, headings in English or Chinese")
    load.add_argument("--dry-run", action="store_true", help="only say what would be done")
    centre(load)
    by(load)
    load.set_defaults(run=_import)
    report = steps.add_parser("report", help="write the HR page and the Excel workbook")
    report.add_argument("--language", choices=("en", "zh"), default=language(), help="language that opens first")
    centre(report)
    report.set_defaults(run=_report)


def _import(given: argparse.Namespace) -> int:
    from .. import people
    from ..store import Store

    roster = people.read_roster(given.file, datetime.now(UTC).date())
    say_problems(roster.problems)
    if given.dry_run:
        print(f"{len(roster.people)} people would be imported, {len(roster.problems)} rows have a problem")
        return 1 if roster.problems else 0
    with Store(Centre(given.centre).registry) as store:
        known_rows = {row["person"]: row for row in store.rows("people")}
        # A column that this file does not have keeps what an earlier one said.
        kept = {person: {key: row[key] for key in row if row[key] is not None} for person, row in known_rows.items()}
        new = [kept.get(one["person"], {}) | dict(one) for one in roster.people]
        new = [one for one in new if one != kept.get(one["person"])]
        store.append_all([("person.recorded", one["person"], one) for one in new], given.by)
    print(f"{len(new)} people imported or changed, {len(roster.people) - len(new)} as they were, ", end="")
    print(f"{len(roster.problems)} rows left out")
    return 1 if roster.problems else 0


def _report(given: argparse.Namespace) -> int:
    from .. import certify, reports

    with certify.Academy(known(given.centre)) as academy:
        for path in reports.write(academy.store, academy.framework, academy.centre.reports, given.language):
            print(path)
    return 0
