"""`academy bank`: the question bank is proved."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..centre import PROJECT
from ._options import Nouns, say_problems

__all__ = ["words"]


def words(nouns: Nouns) -> None:
    """Enter the step."""
    steps = nouns.add_parser("bank", help="the question bank: check").add_subparsers(required=True, metavar="STEP")
    check = steps.add_parser("check", help="prove every item of the bank")
    check.add_argument("--bank", type=Path, default=PROJECT / "question_bank", help="folder of the bank")
    check.set_defaults(run=_check)


def _check(given: argparse.Namespace) -> int:
    from .. import bank, rules

    found = bank.load(given.bank, rules.load_framework(given.bank / "framework.yml"))
    problems = [*found.problems, *bank.check(found)]
    say_problems(problems)
    print(f"{len(found.items)} items read, {len(problems)} problems")
    return 1 if problems else 0
