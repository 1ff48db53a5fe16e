"""The panel that sets a cut: sheets for the judges, two rounds of ratings, the cut with its error, Hofstee's check.

::

    sheets(1)   each judge rates every item alone: how many of those who only just qualify answer it?
    rate        the sheets come back
    sheets(2)   the same again, each judge now seeing the panel's mean and range, and what candidates did
    rate
    look        the spread of the judges, the cut of either round, its error, the check
    settle      the cut of the second round becomes the form's
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import psychometrics
from ..errors import InputError, RuleBroken
from ..model import LANGUAGES, Cut, Form
from ..psychometrics import DESCRIPTIVE, AngoffCut, Bounds
from ..store import Event
from ._answers import answers_of, label
from ._ratings import Feedback, read_sheet, sheet_text, write_sheet
from ._reality import OUTSIDE, Reality, reality
from .conflicts import identity
from .cuts import METHOD, cut_of
from .desk import Academy
from .qualified import check_qualified

__all__ = ["Look", "look", "rate", "settle", "sheets", "write_sheets"]

ROUNDS = (1, 2)


@dataclass(frozen=True)
class Look:
    """How a panel stands."""

    panel: str
    form: str
    form_digest: str
    max_points: float
    first: AngoffCut | None
    """The cut of a round; None while fewer than two judges have rated in it."""
    second: AngoffCut | None
    once: tuple[str, ...]
    """Judges whose second round is missing: they do not count."""
    moved: Mapping[str, float]
    """Mean change of each judge from the first round to the second, a share."""
    bounds: Bounds | None
    reality: Reality
    open: tuple[str, ...]
    """What stands against setting the cut, one sentence each."""
    cut: Cut | None
    """The cut of the form, once this or another panel has set it."""


def sheets(
    academy: Academy, panel: str, round_: int, form: str | None, judges: Sequence[str], language: str = "en"
) -> dict[str, bytes]:
    """The sheet of every judge, by the judge's name; a second round goes to those who have rated in the first.

    ``form`` is needed for the first round, which begins the panel, and ``judges`` too.
    """
    _check_name(panel)
    if round_ not in ROUNDS or language not in LANGUAGES:
        raise InputError(f"the round is 1 or 2 and the language en or zh, got {round_} and {language}")
    events = _events(academy, panel)
    found = _form(academy, events, form)
    if round_ == 1:
        if not judges:
            raise InputError("a first round wants its judges, got none; name every one with --judge")
        _check_judges(academy, found, judges)
        return {judge: write_sheet(found, judge, 1, language) for judge in judges}
    first = _round(events, 1)
    if len(first) < 2:
        raise RuleBroken(f"panel {panel} has {len(first)} sheets of its first round; two judges or more come first")
    if strange := sorted(set(judges) - set(first)):
        raise RuleBroken(f"{', '.join(strange)} did not rate in the first round of panel {panel}")
    return {
        judge: write_sheet(found, judge, 2, language, _feedback(academy, found, first, judge))
        for judge in (judges or first)
    }


def write_sheets(
    academy: Academy, panel: str, round_: int, form: str | None, judges: Sequence[str], language: str, by: str
) -> list[Path]:
    """Put the :func:`sheets` among the office's papers, readable by its owner only; returns where they lie.

    A sheet that lies there may have been filled already, so none is written over. Who gets one is told to the registry.
    """
    made = sheets(academy, panel, round_, form, judges, language)
    folder = f"panel-{panel}"
    names = {judge: f"round-{round_}-{judge}.csv" for judge in made}
    paths = [academy.centre.office / folder / name for name in names.values()]
    if there := [str(path) for path in paths if path.exists()]:
        raise RuleBroken(f"{', '.join(there)} is there already and may be filled; move it away first")
    for judge, data in made.items():
        academy.write_office(folder, names[judge], data)
    found = _form(academy, _events(academy, panel), form)
    fact = {"form": found.id, "form_digest": found.digest, "round": round_}
    academy.store.append_all([("panel.sheet", panel, fact | {"judge": judge}) for judge in made], by)
    return paths


def rate(academy: Academy, panel: str, name: str, data: bytes, by: str, form: str | None = None) -> list[str]:
    """Take in the sheet ``data`` of the file ``name``; returns the judges whose ratings it holds.

    A sheet that comes again replaces the earlier one, until the second round has begun (for the first) or the cut is
    set (for the second). :class:`RuleBroken` names a judge who may not judge this form.
    """
    _check_name(panel)
    events = _events(academy, panel)
    found = _form(academy, events, form or _form_in(name, data))
    sheet = read_sheet(name, data, found)
    _check_judges(academy, found, list(sheet.ratings))
    cut = cut_of(academy, found.digest)
    if cut is not None and cut.panel == panel:
        raise RuleBroken(f"panel {panel} has set its cut; its ratings stand")
    first, second = _round(events, 1), _round(events, 2)
    if sheet.round == 1 and second:
        raise RuleBroken(f"the second round of panel {panel} has begun; the ratings of the first stand")
    if sheet.round == 2 and (early := sorted(set(sheet.ratings) - set(first))):
        raise RuleBroken(f"{', '.join(early)} did not rate in the first round of panel {panel}; both rounds count")
    facts = []
    for judge, ratings in sheet.ratings.items():
        fact: dict[str, Any] = {
            "form": found.id, "form_digest": found.digest, "judge": judge, "round": sheet.round, "ratings": ratings
        }  # fmt: skip
        if judge in sheet.bounds:
            fact["hofstee"] = asdict(sheet.bounds[judge])
        facts.append(("panel.rated", panel, fact))
    academy.store.append_all(facts, by)
    return list(sheet.ratings)


def look(academy: Academy, panel: str) -> Look:
    """How the panel stands: both rounds, the spread of its judges, the check, and what is still open."""
    _check_name(panel)
    events = _events(academy, panel)
    if not events:
        known = ", ".join(sorted({event.subject for event in academy.store.events("panel.rated")})) or "none"
        raise InputError(f"there is no panel {panel!r} with ratings; the registry knows {known}")
    form = _form(academy, events, None)
    first, second = _round(events, 1), _round(events, 2)
    points = {label(slot.question): slot.question.points for slot in form.scored}
    cuts = [
        psychometrics.angoff({judge: event.data["ratings"] for judge, event in rated.items()}, points)
        if len(rated) > 1
        else None
        for rated in (first, second)
    ]
    bounds = psychometrics.mean_bounds(Bounds(**event.data["hofstee"]) for event in second.values()) if second else None
    real = reality(academy, form, bounds, cuts[1])
    moved = {
        judge: sum(abs(event.data["ratings"][item] - first[judge].data["ratings"][item]) for item in points)
        / len(points)
        for judge, event in second.items()
    }
    return Look(
        panel=panel,
        form=form.id,
        form_digest=form.digest,
        max_points=form.max_points,
        first=cuts[0],
        second=cuts[1],
        once=tuple(judge for judge in first if judge not in second),
        moved=moved,
        bounds=bounds,
        reality=real,
        open=tuple(_open(academy, form, panel, len(second), real)),
        cut=cut_of(academy, form.digest),
    )


def settle(academy: Academy, panel: str, by: str, reason: str = "") -> Cut:
    """Make the second round's cut, rounded to a tenth of a point, the cut of the form.

    A cut outside of what the judges said that they can answer for needs a ``reason``; where curve and compromise line
    do not meet, it goes back to the panel whatever the reason.
    """
    seen = look(academy, panel)
    reasoned = reason.strip() and seen.reality.against.startswith(OUTSIDE)
    wanting = [sentence for sentence in seen.open if not (reasoned and sentence == seen.reality.against)]
    if wanting:
        raise RuleBroken(f"panel {panel} cannot set the cut: {'; '.join(wanting)}")
    second, check = seen.second, seen.reality.check
    assert second is not None  # a panel with nothing open has its judges
    fact = {
        "form": seen.form,
        "cut": round(second.points, 1),
        "se": round(second.se, 4),
        "method": METHOD,
        "judges": [judge.judge for judge in second.judges],
        "panel": panel,
        "first_round": None if seen.first is None else round(seen.first.points, 4),
        "unrounded": round(second.points, 4),
        "hofstee": {
            "bounds": asdict(seen.bounds) if seen.bounds else None,
            "candidates": seen.reality.candidates,
            "verdict": check.verdict if check else "not checked: fewer than 30 candidates have sat the form",
            "cut": check.cut if check else None,
        },
        "reason": reason.strip(),
    }
    academy.store.append("cut.set", seen.form_digest, fact, by)
    cut = cut_of(academy, seen.form_digest)
    assert cut is not None  # it was written this moment
    return cut


# --- what stands in the way ---


def _open(academy: Academy, form: Form, panel: str, judges: int, real: Reality) -> list[str]:
    quality, found = academy.scheme.quality, []
    if not quality.judges_least <= judges <= quality.judges_most:
        found.append(
            f"{quality.judges_least} to {quality.judges_most} judges rate in both rounds, and {judges} have done so"
        )
    cut = cut_of(academy, form.digest)
    if cut is not None and cut.panel == panel:
        found.append(f"it has set the cut of form {form.id} already, {cut.points:g} points")
    elif cut is not None and (sitting := _certifies(academy, form)):
        found.append(
            f"sitting {sitting} certifies by the cut of panel {cut.panel}, {cut.points:g} points, which stands"
        )
    if real.against:
        found.append(real.against)
    return found


def _certifies(academy: Academy, form: Form) -> str | None:
    """A certification sitting with this form, if there is one: its cut is not set anew."""
    sittings = {row["sitting"] for row in academy.store.rows("seats", form_digest=form.digest)}
    rows = academy.store.rows("sittings", purpose="certification")
    return next((str(row["sitting"]) for row in rows if row["sitting"] in sittings), None)


def _check_judges(academy: Academy, form: Form, judges: Sequence[str]) -> None:
    """Nobody judges a form that they sat: the cut would be about their own work. Judges are qualified for it."""
    named = {identity(academy, judge) for judge in judges}
    for row in academy.store.rows("seats", form_digest=form.digest):
        if identity(academy, row["person"]) in named:
            raise RuleBroken(f"{row['person']} has seat {row['seat']} with form {form.id} and cannot judge it")
    for judge in judges:
        check_qualified(academy, judge, "judge", {"level": form.level, "purpose": "certification"})


def _check_name(panel: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", panel):
        raise InputError(f"a panel is named by letters, digits, - and _, got {panel!r}")


# --- what there is ---


def _events(academy: Academy, panel: str) -> list[Event]:
    return academy.store.events("panel.rated", panel)


def _round(events: Sequence[Event], round_: int) -> dict[str, Event]:
    """The newest ratings of every judge in a round."""
    return {event.data["judge"]: event for event in events if event.data["round"] == round_}


def _form(academy: Academy, events: Sequence[Event], name: str | None) -> Form:
    """The form of a panel: the one that it began with, which ``name`` may repeat but not change."""
    begun = events[0].data["form"] if events else None
    if begun and name and name != begun:
        raise RuleBroken(f"this panel judges form {begun}, and {name} is another one; give it a panel of its own")
    wanted = begun or name
    if not wanted:
        raise InputError("a panel begins with a form; name it with --form")
    found = sorted(academy.centre.office.glob(f"*/{wanted}.json")) if re.fullmatch(r"[\w-]+", wanted) else []
    if not found:
        raise InputError(f"the exam office has no form {wanted!r}; assemble one first (academy exam assemble)")
    form = academy.form(found[0].parent.name, wanted)
    if events and events[0].data["form_digest"] != form.digest:
        raise RuleBroken(f"form {wanted} is not the one that the panel has rated; restore the office's papers")
    return form


def _form_in(name: str, data: bytes) -> str:
    """The form that a sheet names in its second line."""
    found = re.search(r"\n\s*\"?([A-Za-z0-9_-]+)\"?[,;\t]", sheet_text(name, data))
    if found is None:
        raise InputError(f"{name} names no form; use a sheet of `academy exam panel sheet`")
    return found[1]


def _feedback(academy: Academy, form: Form, first: Mapping[str, Event], judge: str) -> dict[str, Feedback]:
    group = answers_of(academy, form.digest)
    shown = group is not None and psychometrics.gate(len(group.seats)).name != DESCRIPTIVE
    rows = {}
    for slot in form.scored:
        item = label(slot.question)
        ratings = [event.data["ratings"][item] for event in first.values()]
        facility = group.facility(item) if shown and group is not None else None
        own = first[judge].data["ratings"][item]
        rows[item] = Feedback(own, sum(ratings) / len(ratings), min(ratings), max(ratings), facility)
    return rows
