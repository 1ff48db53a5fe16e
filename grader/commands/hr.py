"""`academy hr`: people in, reports out."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..centre import Centre
from ..errors import InputError
from . import hr_credits, hr_reports
from ._options import Nouns, by, centre, known, many, say_problems

if TYPE_CHECKING:
    from ..people import Roster

__all__ = ["words"]


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    steps = nouns.add_parser("hr", help="people, who is near whom, and reports").add_subparsers(
        required=True, metavar="STEP"
    )
    load = steps.add_parser("import", help="import people from an Excel or CSV file")
    load.add_argument("file", type=Path, help="people.xlsx or people.csv, headings in English or Chinese")
    load.add_argument("--dry-run", action="store_true", help="only say what would be done")
    centre(load)
    by(load, makes=True, reads=lambda given: bool(given.dry_run))
    load.set_defaults(run=_import)
    conflict = steps.add_parser(
        "conflict",
        help="record that somebody is not impartial towards a person",
        description="Whoever is named neither marks nor decides on the person. Managers need no such entry: the roster "
        "names them.",
    )
    conflict.add_argument("person", help="staff number of the candidate, e.g. A1001")
    conflict.add_argument("--with", dest="other", required=True, metavar="WHO", help="who is not impartial")
    conflict.add_argument("--reason", required=True, help="why, e.g. related")
    centre(conflict)
    by(conflict)
    conflict.set_defaults(run=_conflict)
    taught = steps.add_parser(
        "taught",
        help="record that somebody taught a person",
        description="Whoever taught a person neither marks nor decides on that person's examination.",
    )
    taught.add_argument("person", help="staff number of who was taught, e.g. A1001")
    taught.add_argument("--trainer", required=True, metavar="WHO", help="who taught")
    taught.add_argument("--what", required=True, help="what, e.g. the Supervisor lessons in June")
    centre(taught)
    by(taught)
    taught.set_defaults(run=_taught)
    hr_credits.words(steps)
    hr_reports.words(steps)


def _import(given: argparse.Namespace) -> int:
    from .. import people
    from ..store import Store

    roster = people.read_roster(given.file, datetime.now(UTC).date())
    if Centre(given.centre).registry.exists():
        with Store(Centre(given.centre).registry) as store:
            roster = people.without_twins(roster, [row["person"] for row in store.rows("people")], given.file.name)
    say_problems(roster.problems)
    if given.dry_run:
        print(f"{_people(len(roster.people))} would be imported, {many(_left_out(roster), 'row')} left out")
        return 1 if roster.problems else 0
    with Store(Centre(given.centre).registry) as store:
        known_rows = {row["person"]: row for row in store.rows("people")}
        # A column that this file does not have keeps what an earlier one said.
        kept = {person: {key: row[key] for key in row if row[key] is not None} for person, row in known_rows.items()}
        new = [kept.get(one["person"], {}) | dict(one) for one in roster.people]
        new = [one for one in new if one != kept.get(one["person"])]
        store.append_all([("person.recorded", one["person"], one) for one in new], given.by)
    print(f"{_people(len(new))} imported or changed, {len(roster.people) - len(new)} as they were, ", end="")
    print(f"{many(_left_out(roster), 'row')} left out")
    return 1 if roster.problems else 0


def _people(count: int) -> str:
    return many(count, "person", "people")


def _left_out(roster: Roster) -> int:
    """Rows with a problem; some have several."""
    return len({problem.where for problem in roster.problems})


def _conflict(given: argparse.Namespace) -> int:
    _record(given, "conflict.declared", {"with": given.other, "reason": given.reason})
    print(f"{given.other} will neither mark nor decide on {given.person}: {given.reason}")
    return 0


def _taught(given: argparse.Namespace) -> int:
    _record(given, "teaching.recorded", {"trainer": given.trainer, "what": given.what})
    print(f"{given.trainer} taught {given.person} ({given.what}) and will neither mark nor decide on them")
    return 0


def _record(given: argparse.Namespace, kind: str, fact: dict[str, str]) -> None:
    from .. import certify

    if empty := [name for name, text in fact.items() if not text.strip()]:
        raise InputError(f"{empty[0]} is wanted in words, got an empty text")
    with certify.Academy(known(given.centre)) as academy:
        academy.person(given.person)
        academy.store.append(kind, given.person, {name: text.strip() for name, text in fact.items()}, given.by)
