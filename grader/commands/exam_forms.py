"""`academy exam assemble` and `academy exam forms`: parallel forms before any sitting, and what is on the shelf."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from ._options import Nouns, by, centre, known, many, tell
from .exam_schedule import PURPOSES

if TYPE_CHECKING:
    from ..certify.assembly import Shelved
    from ..model import Form

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the steps."""
    made = steps.add_parser(
        "assemble",
        help="put parallel forms of a level together and seal them on the shelf",
        description="Put parallel forms of a level together from the bank, by the rules of scheme.yml, and seal them "
        "in the office with their proof. A certification sitting takes its forms from there, once a panel has set "
        "their cuts. What the bank lacks is named, cell by cell.",
    )
    made.add_argument("set", help="name of the set, e.g. TL-2027A; its forms are TL-2027A-F1, TL-2027A-F2, ...")
    made.add_argument(
        "--level", type=int, choices=range(1, 6), required=True, help="1 senior agent to 5 general manager"
    )
    made.add_argument("--forms", type=int, default=2, metavar="K", help="how many (default: %(default)s)")
    made.add_argument("--like", metavar="SET", help="parallel to this earlier set: same anchors, same difficulty")
    made.add_argument("--items", type=int, help="scored items of a form (default: what the scheme says)")
    made.add_argument(
        "--minutes",
        type=float,
        help="most time that the questions may take (default: for certification the scheme's, else no limit)",
    )
    made.add_argument("--purpose", choices=PURPOSES, default="certification", help="default: %(default)s")
    centre(made)
    by(made)
    made.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    made.set_defaults(run=_assemble)

    there = steps.add_parser(
        "forms",
        help="the forms on the shelf, or the proof of one of them",
        description="Without a name: the forms on the shelf, with their cuts and how many seats had them. With the "
        "name of a form: its proof, every constraint with what was wanted and what the form has.",
    )
    there.add_argument("form", nargs="?", help="name of a form, e.g. TL-2027A-F1")
    there.add_argument("--level", type=int, choices=range(1, 6), help="only those of this level")
    centre(there)
    there.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    there.set_defaults(run=_forms)


def _assemble(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import assembly

    def watch(number: int, count: int) -> None:
        print(f"form {number} of {count} ...", file=sys.stderr, flush=True)

    with certify.Academy(known(given.centre)) as academy:
        made = assembly.assemble(
            academy,
            given.set,
            given.level,
            given.forms,
            by=given.by,
            purpose=given.purpose,
            length=given.items,
            minutes=given.minutes,
            like=given.like,
            watch=watch,
        )
    tell(given, {"set": given.set, "forms": [_document(form) for form in made]}, _told(made))
    return 0


def _told(made: Sequence[Form]) -> Iterator[str]:
    for form in made:
        broken = [line for line in form.proof if not line.holds]
        yield (
            f"{form.id}  {_questions(form)}, {form.max_points:g} points, {form.minutes:g} minutes, expected "
            f"{form.expected_points:.2f} at the cut, {many(len(form.anchors), 'anchor')}; "
            f"{len(form.proof) - len(broken)} of {len(form.proof)} constraints hold"
        )
        for line in broken:
            yield f"    {line.constraint}: wanted {line.wanted}, has {line.has}"
    yield "Sealed on the shelf. Their proofs: academy exam forms FORM. Next for certification: academy exam panel"


def _forms(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import assembly

    with certify.Academy(known(given.centre)) as academy:
        if given.form:
            form = assembly.stored(academy, given.form)
            tell(given, _document(form), _proof(form))
            return 0
        found = assembly.shelf(academy, given.level)
    tell(given, {"forms": [asdict(one) for one in found]}, _table(found))
    return 0


def _questions(form: Form) -> str:
    """Those that count, and those that are tried out on top."""
    return many(len(form.scored), "question") + (f" and {len(form.pilot)} tried out" if form.pilot else "")


def _document(form: Form) -> dict[str, object]:
    """What may be told of a form: no question and no key."""
    return {
        "form": form.id,
        "digest": form.digest,
        "level": form.level,
        "items": [slot.question.item_id for slot in form.slots],
        "anchors": list(form.anchors),
        "pilot": list(form.pilot),
        "max_points": form.max_points,
        "minutes": form.minutes,
        "expected_points": form.expected_points,
        "information": [asdict(point) for point in form.information],
        "proof": [asdict(line) for line in form.proof],
    }


def _proof(form: Form) -> Iterator[str]:
    width = max(len(line.constraint) for line in form.proof)
    wide = max(len(line.wanted) for line in form.proof)
    yield f"{form.id}  sealed {form.digest}"
    yield f"{'constraint':{width}}  {'wanted':{wide}}  has"
    for line in form.proof:
        yield f"{line.constraint:{width}}  {line.wanted:{wide}}  {line.has}{'' if line.holds else '   DOES NOT HOLD'}"


def _table(found: Sequence[Shelved]) -> Iterator[str]:
    if not found:
        yield "no forms on the shelf; make some with academy exam assemble"
        return
    width = max(len(one.form) for one in found)
    yield f"{'form':{width}}  level  purpose        items  minutes  expected  cut    proof   seats"
    for one in found:
        yield (
            f"{one.form:{width}}  {one.level:5}  {one.purpose:13}  {one.items:5}  {one.minutes:7g}  "
            f"{one.expected_points:8.2f}  {'-' if one.cut is None else format(one.cut, 'g'):5}  "
            f"{'BROKEN' if one.problem else 'holds' if one.holds else 'short':6}  {one.seats:5}"
        )
    for one in found:
        if one.problem:
            yield f"{one.form} cannot be used: {one.problem}"
