"""Sets of parallel forms before any sitting: out of the bank, under the scheme's rules, sealed on the office's shelf.

::

    assemble    K forms of a level, each with its proof, signed with the centre's key and told to the registry
    shelf       the forms that are there: for what, with which cut, how often sat
    stored      one of them, refused when it is not what was sealed
    draw_up     items and numbers of forms (drawing), for a set and for a sitting that makes its own
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from math import inf
from typing import Any

from cryptography.exceptions import InvalidSignature

from .. import certificates, forms
from ..errors import InputError, RuleBroken
from ..model import Form, digest
from .cuts import cut_of
from .desk import Academy
from .drawing import CERTIFICATION, POOL, Watch, draw_up

__all__ = ["SHELF", "Shelved", "assemble", "draw_up", "fact_of", "made_of", "shelf", "stored"]

TRIES = 6
"""Seeds with which a set is begun anew while one of its forms misses a constraint."""
SHELF = "_forms"
"""The folder of the office for forms that no sitting has taken yet; no sitting can be named so."""
MOST_FORMS = 20
_TOLD = ("set", "level", "purpose", "digest", "max_points", "minutes", "expected_points", "holds")


@dataclass(frozen=True)
class Shelved:
    """A form on the shelf."""

    form: str
    set: str
    level: int
    purpose: str
    digest: str
    items: int
    max_points: float
    minutes: float
    expected_points: float
    holds: bool
    """Whether every line of its proof holds."""
    cut: float | None
    """The written cut, once a panel has set it."""
    seats: int
    """Seats that have it."""
    by: str
    at: str
    problem: str = ""
    """Why the form cannot be used: its file is missing, or is not what was sealed."""


def assemble(
    academy: Academy,
    name: str,
    level: int,
    count: int,
    *,
    by: str,
    purpose: str = "certification",
    length: int | None = None,
    minutes: float | None = None,
    like: str | None = None,
    on: date | None = None,
    watch: Watch | None = None,
) -> list[Form]:
    """Make ``count`` parallel forms ``NAME-F1``, ``NAME-F2``, ... and keep them sealed on the shelf.

    For certification the scheme's rules bind: number of items, anchors, overlap, uses. For practice and demonstrations
    a form may be shorter, and items come again as seldom as can be. ``like`` names an earlier set that the new one is
    to be parallel to: same anchors, same expected score and information, nothing else in common. ``minutes`` is the
    most that the questions may take together; for certification it is the scheme's unless it is given.
    :class:`InputError` names the short cells; nothing is kept then.
    """
    _check(academy, name, count, purpose)
    rules = academy.scheme.level(level)
    wanted = rules.scored if length is None else length
    if purpose == CERTIFICATION and wanted < rules.scored:
        raise RuleBroken(
            f"a certification form of level {level} has {rules.scored} scored items, {wanted} were asked for; "
            "use --purpose practice or demonstration for a shorter one"
        )
    time = float(rules.minutes) if minutes is None and purpose == CERTIFICATION else minutes
    known = _like(academy, like, level) if like else None
    seed = int(digest({"set": name, "level": level})[:8], 16)
    ids = [f"{name}-F{number}" for number in range(1, count + 1)]
    made = _soundest(
        draw_up(academy, ids, level, wanted, time, seed=seed + more, purpose=purpose, like=known, on=on, watch=watch)
        for more in range(TRIES)
    )
    _check(academy, name, count, purpose)  # somebody else may have sealed a set of this name meanwhile
    try:
        for form in made:
            academy.write_office(SHELF, f"{form.id}.json", forms.to_json(form))
        academy.store.append_all([fact_of(academy, form, name, purpose, True) for form in made], by)
    except BaseException as error:
        for kept in (f"{form_id}.json" for form_id in ids):
            for path in (academy.centre.office / SHELF / kept, academy.centre.office / SHELF / f".{kept}.part"):
                path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(f"the forms cannot be kept in {academy.centre.office} ({error.strerror})") from error
        raise
    return made


def _soundest(sets: Iterable[list[Form]]) -> list[Form]:
    """The first set whose every constraint holds; of sets that all miss one, that which misses the fewest."""
    best: list[Form] = []
    fewest = inf
    for made in sets:
        missed = sum(not line.holds for form in made for line in form.proof)
        if missed < fewest:
            best, fewest = made, missed
        if not missed:
            break
    return best


def made_of(academy: Academy, sitting: str) -> str:
    """Out of which items the forms of a sitting are made, as their proofs say; empty when they are the exam's own."""
    names = json.loads(academy.sitting(sitting)["forms"])
    lines = [line for name in names for line in academy.form(sitting, name).proof if line.constraint == POOL]
    return "; ".join(dict.fromkeys(line.has for line in lines))


def shelf(academy: Academy, level: int | None = None) -> list[Shelved]:
    """The forms on the shelf in the order in which they were made, of one level if asked."""
    seats: dict[str, int] = {}
    for row in academy.store.rows("seats"):
        seats[row["form_digest"]] = seats.get(row["form_digest"], 0) + 1
    found = []
    for event in academy.store.events("form.assembled"):
        said = event.data
        if said["shelf"] and level in (None, said["level"]):
            cut = cut_of(academy, said["digest"])
            found.append(
                Shelved(
                    form=event.subject,
                    items=len(said["items"]) - len(said.get("pilot", ())),
                    cut=cut.points if cut else None,
                    seats=seats.get(said["digest"], 0),
                    by=event.by,
                    at=event.at,
                    problem=_problem(academy, event.subject),
                    **{name: said[name] for name in _TOLD},
                )
            )
    return found


def stored(academy: Academy, form_id: str) -> Form:
    """A form of the shelf; :class:`InputError` when it is not the one that the registry says was sealed and signed."""
    events = [event for event in academy.store.events("form.assembled", form_id) if event.data["shelf"]]
    if not events:
        raise InputError(f"no form {form_id!r} is on the shelf; see those that are there with `academy exam forms`")
    said, form = events[-1].data, academy.form(SHELF, form_id)
    try:
        key = certificates.public_key(said["signer"])
        key.verify(bytes.fromhex(said["signature"]), bytes.fromhex(form.digest))
    except (ValueError, InvalidSignature):
        signed = False
    else:
        signed = True
    if form.digest != said["digest"] or not signed:
        raise InputError(f"form {form_id} is not the one that was sealed; take the office's papers from a backup")
    return form


def _problem(academy: Academy, form_id: str) -> str:
    try:
        stored(academy, form_id)
    except InputError as error:
        return str(error)
    return ""


def fact_of(academy: Academy, form: Form, name: str, purpose: str, on_shelf: bool) -> tuple[str, str, dict[str, Any]]:
    """What the registry keeps of a form: everything but its texts and keys, and the centre's signature."""
    key = academy.signing_key()
    return (
        "form.assembled",
        form.id,
        {
            "set": name,
            "level": form.level,
            "purpose": purpose,
            "shelf": on_shelf,
            "digest": form.digest,
            "seed": form.seed,
            "items": [
                {"id": slot.question.item_id, "version": slot.question.item_version, "variant": slot.question.variant}
                for slot in form.slots
            ],
            "pilot": list(form.pilot),
            "anchors": list(form.anchors),
            "minutes": form.minutes,
            "max_points": form.max_points,
            "expected_points": form.expected_points,
            "information": [asdict(point) for point in form.information],
            "holds": all(line.holds for line in form.proof),
            "signer": certificates.did(key),
            "signature": key.sign(bytes.fromhex(form.digest)).hex(),
        },
    )


# --- the parts --------------------------------------------------------------------------------------------------------


def _check(academy: Academy, name: str, count: int, purpose: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,35}", name):
        raise InputError(f"a set of forms is named by letters, digits, - and _, got {name!r}")
    if not 1 <= count <= MOST_FORMS:
        raise InputError(f"a set has 1 to {MOST_FORMS} forms, got {count}")
    if purpose not in certificates.PURPOSES:
        raise InputError(f"purpose must be one of {', '.join(certificates.PURPOSES)}, got {purpose!r}")
    if any(event.data["set"] == name for event in academy.store.events("form.assembled")):
        raise RuleBroken(f"there are forms of the name {name} already; choose another one")


def _like(academy: Academy, name: str, level: int) -> list[Form]:
    """The forms of an earlier set."""
    ids = [one.form for one in shelf(academy, level) if one.set == name]
    if not ids:
        known = ", ".join(dict.fromkeys(one.set for one in shelf(academy, level))) or "none"
        raise InputError(f"there is no set of forms {name!r} of level {level}; the shelf has {known}")
    return [stored(academy, form_id) for form_id in ids]
