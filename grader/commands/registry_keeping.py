"""The steps of `academy registry` that forget: a person who asks for it, and what was kept for long enough."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ..centre import Centre
from ..errors import AcademyError, Problem
from ._options import Nouns, alone, by, centre, day, known, many, say_problems, step, tell

if TYPE_CHECKING:
    from ..upkeep import Redaction

__all__ = ["words"]

_SHOWN = 20
_OUTSIDE = (
    "Backups, and reports and other files that were sent or copied out of the centre, hold it still: delete those, and "
    "publish the register again."
)


def words(steps: Nouns) -> None:
    """Enter the steps."""
    redact = step(
        steps, "redact", "remove the name, the address and the files of a person for good", _redact,
        about=("person", "number of the person, e.g. A1001"), apart=True, reads=lambda given: given.look,
        more="Numbers, marks and decisions stay, and the chain of the registry holds. Try it with --look first.",
    )  # fmt: skip
    redact.add_argument("--reason", default="", help="why, e.g. 'asked for it on 3 May, letter 17'")
    redact.add_argument("--order", default="", help="who ordered it although a certificate or an appeal still runs")
    redact.add_argument("--look", action="store_true", help="only say what would leave")
    due = steps.add_parser(
        "due",
        help="what has been kept for as long as the scheme says, and let it go",
        description="The months of each class stand in question_bank/scheme.yml, under `retention`.",
    )
    due.add_argument("--on", type=day, metavar="DATE", help="the day to look from (default: today)")
    due.add_argument("--carry-out", action="store_true", help="remove all that is due; each removal becomes a fact")
    due.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    centre(due)
    by(due, apart=True, reads=lambda given: not given.carry_out)
    due.set_defaults(run=alone(_due))


def _today() -> date:
    return datetime.now(UTC).date()


def _redact(given: argparse.Namespace) -> int:
    from .. import upkeep
    from ..store import Store

    place = Centre(known(given.centre).resolve())
    reason = given.reason or ("only looked at" if given.look else "")
    with Store(place.registry) as store:
        found = upkeep.redact(
            place, store, given.person, reason, given.by, _today(), order=given.order, dry=given.look
        )  # fmt: skip
    tell(given, {"person": given.person, "looked": given.look, **asdict(found)}, _told(found, given.look))
    return 0


def _told(found: Redaction, look: bool) -> Iterator[str]:
    yield (
        f"{'To be removed' if look else 'Removed'}: the content of {many(len(found.facts), 'fact')}, "
        f"{many(len(found.files), 'file or folder', 'files or folders')}."
    )
    yield from (f"  {name}" for name in found.files[:_SHOWN])
    if len(found.files) > _SHOWN:
        yield f"  and {len(found.files) - _SHOWN} more (--json names all)"
    if found.reports:
        yield "Reports among them; write them anew (academy hr report, with --month for the paper of a month):"
        yield from (f"  {line}" for line in found.reports[:_SHOWN])
        if len(found.reports) > _SHOWN:
            yield f"  and {len(found.reports) - _SHOWN} more (--json names all)"
    if look and found.running:
        yield "Without --order it is refused as yet:"
        yield from (f"  {line}" for line in found.running)
    if found.left:
        yield "The name stands here too, of the same person or of another one; look at each:"
        yield from (f"  {line}" for line in found.left[:_SHOWN])
        if len(found.left) > _SHOWN:
            yield f"  and {len(found.left) - _SHOWN} more (--json names all)"
    yield _OUTSIDE


def _due(given: argparse.Namespace) -> int:
    from .. import reports, upkeep
    from ..certify import Academy

    known(given.centre)
    refused: list[Problem] = []
    with Academy(given.centre) as academy:
        day = given.on or _today()
        found = upkeep.due(academy.centre, academy.store, academy.scheme.keeping, day)
        for one in found if given.carry_out else ():
            try:
                upkeep.keep_no_longer(academy.centre, academy.store, one, given.by, day)
            except AcademyError as error:
                refused.append(Problem(one.subject, str(error)))
    lines = reports.in_columns([[one.kind, one.subject, one.person, f"since {one.since}"] for one in found])
    done = len(found) - len(refused) if given.carry_out else 0
    lines.append(f"{many(len(found), 'record')} due on {day}" + (f", {done} let go" if given.carry_out else ""))
    tell(given, {"on": str(day), "due": [asdict(one) for one in found], "let_go": done}, lines)
    say_problems(refused)
    return 1 if refused else 0
