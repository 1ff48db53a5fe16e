"""`academy courses enrol`: trainees by a roster, and what each of them finds at login on the learners' Hub."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from ..centre import PROJECT
from ..errors import InputError
from ..model import LANGUAGES
from ._options import Nouns, language, many, say_problems

__all__ = ["words"]


def words(steps: Nouns, course: Path) -> None:
    """Enter the step; ``course`` is the folder of the nbgrader course unless another one is named."""
    step = steps.add_parser(
        "enrol",
        help="enter trainees by a roster, and lay out what they find at login on JupyterHub",
        description="An account's name is the staff number in small letters. Call it again, without a roster, when "
        "lessons were released since: pages and quizzes are made afresh, what was worked on is never touched.",
    )
    step.add_argument("roster", nargs="?", type=Path, help="people.xlsx or people.csv, as for `academy hr import`")
    step.add_argument(
        "--course", type=Path, default=course, metavar="DIR",
        help="folder of the nbgrader course (default: centre/course)",
    )  # fmt: skip
    step.add_argument(
        "--language", choices=LANGUAGES, default=language(),
        help="for whoever has no language in the roster (default: %(default)s)",
    )  # fmt: skip
    step.add_argument(
        "--bank", type=Path, default=PROJECT / "question_bank", metavar="DIR",
        help="folder of the bank whose practice questions are laid out (default: question_bank/)",
    )  # fmt: skip
    step.add_argument(
        "--accounts", action="store_true", help="print the names of the accounts, one a line, and no more"
    )
    step.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    step.set_defaults(run=_enrol)


def _enrol(given: argparse.Namespace) -> int:
    from .. import people
    from ..launch import shelf

    if given.accounts:
        if given.roster is not None:
            raise InputError("--accounts only prints who is enrolled; enrol the roster first, without it")
        known = shelf.accounts(given.course)
        if not known:
            raise InputError(f"nobody is enrolled in {given.course}; name the right folder, or enrol a roster first")
        print(*known, sep="\n")
        return 0
    found = []
    if given.roster is not None:
        roster = people.read_roster(given.roster, datetime.now(UTC).date())
        if roster.problems:
            say_problems(roster.problems)
            raise InputError(
                f"{many(len(roster.problems), 'fault')} in {given.roster}; mend the file, nobody was enrolled"
            )
        found = [
            (person["person"].lower(), person["name"], person.get("language") or given.language)
            for person in roster.people
        ]
    accounts = shelf.enrol(given.course, found, given.language, given.bank)
    if given.json:
        print(json.dumps({"enrolled": [account for account, _, _ in found], "accounts": accounts}, ensure_ascii=False))
    else:
        spoken = ", ".join(f"{list(accounts.values()).count(one)} {one}" for one in LANGUAGES)
        print(f"{many(len(found), 'trainee')} entered; {many(len(accounts), 'account')} in all ({spoken})")
        print(f"what they find at login lies in {given.course.parent / shelf.SHELF}")
    return 0
