"""The audit of marks: those of the program are given again, those of people named and settled again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import marking, seats
from ..errors import RegistryError
from ..seats import HandedIn
from .desk import Academy
from .examined import Part, part
from .handwork import ENGINE, SETTLED, works
from .interview import INTERVIEW, PANEL, interviewed
from .marks import tested
from .trace_step import Step

__all__ = ["handed_in", "prove_marks", "prove_practical"]

_AWARDED = ("second look: ", "appeal ", "the same question as ")
"""How the note begins of a mark that took the place of the program's: whoever gave it has decided, not marked."""


def prove_marks(academy: Academy, step: Step, seat: Mapping[str, Any]) -> None:
    """The marks of the written part."""
    from .. import autograde

    form, given = academy.form(seat["sitting"], seat["form"]), _given(academy, seat)
    answers, credit = handed_in(academy, seat).answers, academy.scheme.marking.credit
    with autograde.Engine() as engine:
        marked = [tested(one, form, answers, engine) for one in marking.mark_all(form, answers, ENGINE, credit)]
    again = {one.slot: one.points for one in marked}
    same, people = 0, []
    for slot in form.slots:
        row = given.get(slot.name)
        if row is None:
            step.wrong.append(f"{slot.name}: no mark")
        elif row["marker"] != ENGINE:
            people.append(row)
        elif again[slot.name] == row["points"]:
            same += 1
        else:
            step.wrong.append(f"{slot.name}: {row['points']:g} points stand, the key gives {again[slot.name]} today")
    step.said.append(f"{same} marks given again by the keys are the same")
    _by_people(academy, step, seat, people)


def _by_people(academy: Academy, step: Step, seat: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """The marks of people with who gave them; those on which several settled are settled again."""
    settled = _settled(academy, seat) if any(row["marker"] in (SETTLED, PANEL) for row in rows) else {}
    parts: list[Part] = []
    for row in rows:
        place, who = f"{seat['seat']}/{row['slot']}", f"by {row['marker']}"
        kind, role = (INTERVIEW, "panel") if row["marker"] == PANEL else ("mark.blind", "marker")
        each = academy.store.events(kind, under=place)
        if row["marker"] in (SETTLED, PANEL):
            given = ", ".join(f"{event.by} {event.data['points']:g}" for event in each)
            who = f"settled from {'the marks of a board' if kind == INTERVIEW else 'blind marks'}: {given or 'none'}"
        else:
            every = academy.store.events("mark.given", row["mark"])
            awarded = every[0].by == ENGINE and str(row["note"]).startswith(_AWARDED)
            each, role = every[-1:], "decider" if awarded else "marker"
        parts += [part(event, role) for event in each]
        step.said.append(f"{row['slot']}: {row['points']:g} of {row['max_points']:g}, {who} at {row['at']}")
        if (points := settled.get(row["slot"])) is not None and abs(points - row["points"]) > 1e-9:
            step.wrong.append(f"{row['slot']}: {row['points']:g} points stand, the marks of people give {points:g}")
    step.tell_parts(academy, parts, academy.sitting(seat["sitting"])["level"])


def _settled(academy: Academy, seat: Mapping[str, Any]) -> dict[str, float]:
    """What the marks of several people add up to once more, by slot."""
    found = {
        one.slot: one.standing.points
        for one in works(academy, seat["sitting"])
        if one.seat == seat["seat"] and one.standing.points is not None
    }
    for board in interviewed(academy, seat["sitting"]):
        if board.seat == seat["seat"] and board.members:
            slot = academy.practical_words(seat["sitting"])["interview"]["part"]
            found[slot] = round(sum(board.members.values()) / len(board.members), 6)
    return found


def prove_practical(academy: Academy, step: Step, seat: Mapping[str, Any]) -> None:
    """The marks of the practical."""
    given = _given(academy, seat)
    wanted = academy.practical_points(seat["sitting"])
    step.wrong += [f"{name}: no mark" for name in wanted if name not in given]
    places = [name for name in wanted if name in given]
    judged = {name: given[name]["points"] for name in places if given[name]["marker"] == ENGINE}
    _by_people(academy, step, seat, [given[name] for name in places if name not in judged])
    if not judged:
        return
    again = _judged_again(academy, seat)
    wrong = [name for name, points in judged.items() if again.get(name) != points]
    step.wrong += [f"{name}: {judged[name]:g} points stand, the tests give {again.get(name)} today" for name in wrong]
    step.said.append(f"{len(judged) - len(wrong)} marks given again in sandbox and judge are the same")


def _judged_again(academy: Academy, seat: Mapping[str, Any]) -> dict[str, float | None]:
    """What the tests give when the practical is graded once more, in a copy of its course."""
    from .. import autograde, nbcourse

    course, sitting, person = academy.centre.course, seat["sitting"], seat["person"]
    with tempfile.TemporaryDirectory(prefix="academy-trace-") as folder:
        copy = Path(folder) / "course"
        copy.mkdir()
        for name in ("nbgrader_config.py", "gradebook.db"):
            shutil.copy2(course / name, copy)
        for part in (Path("source", sitting), Path("submitted", person, sitting), Path("data", person, sitting)):
            if (course / part).is_dir():
                shutil.copytree(course / part, copy / part)
        autograde.batch(copy, sitting, [person], workers=1, force=True)
        return {score.cell: score.auto for score in nbcourse.scores(copy, sitting, person)}


def _given(academy: Academy, seat: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["slot"]: row for row in academy.store.rows("marks", seat=seat["seat"])}


def handed_in(academy: Academy, seat: Mapping[str, Any]) -> HandedIn:
    """What the seat handed in, as the room has it."""
    handed = seats.find(academy.centre.room, seat["seat"]).handed_in()
    if handed is None:
        raise RegistryError(f"the room has nothing that seat {seat['seat']} handed in; restore it from a backup")
    return handed
