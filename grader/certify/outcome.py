"""From marks to decisions: proposed by the rules, looked at again near the cut, confirmed by a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from .. import decisions
from ..errors import InputError, RuleBroken
from ..model import Decision, Mark
from . import interview, rating, reopening, work
from .desk import Academy
from .impartial import check_independent, markers
from .marks import untaken
from .qualified import check_qualified

__all__ = ["alike", "confirm", "decide", "decision_of", "mend", "review", "waiting_for_review"]

FINDINGS = ("stands", "mend")
"""What a second look finds: the marks stand, or one is to be mended and the decision proposed again."""

_FIGURES = (
    "outcome", "written_points", "written_max", "written_cut", "practical_points", "practical_max", "practical_cut",
    "domains", "compliance", "cut_method",
)  # fmt: skip
_NAMED = 6
"""Answers that a refusal names, of many that wait."""
_INSTEAD = "let somebody else confirm, for a single seat with --seat"


def decide(academy: Academy, sitting: str, by: str, today: date | None = None) -> list[Decision]:
    """Propose the decision of every seat from its marks and the cuts; a second person has to confirm them.

    In a sitting that is decided already, only the seats whose appeal was upheld are decided again. A seat of which the
    marks would propose what is proposed already is left as it is, in the name of who proposed it.
    """
    about = academy.sitting(sitting, "marked", "decided")
    check_qualified(academy, by, "decider", about, today=today)
    reopened = reopening.reopened(academy, sitting)
    if about["state"] == "decided" and not reopened:
        academy.sitting(sitting, "marked")  # refuses, and says so
    if about["state"] == "marked":
        _check_marked(academy, sitting)
    known = {row["seat"]: row for row in academy.store.rows("decisions", sitting=sitting)}
    proposed, facts = [], []
    for seat in academy.seats(sitting):
        appeal = reopened.get(seat["seat"])
        if about["state"] == "decided" and appeal is None:
            continue
        decision = decision_of(academy, about, seat, today or _today())
        proposed.append(decision)
        row = known.get(seat["seat"])
        if row is None or not alike(decision, row) or (appeal is not None and row["proposal"] == appeal["proposal"]):
            facts.append(("decision.proposed", seat["seat"], _proposal(decision, seat, about)))
    academy.store.append_all(facts, by)
    return proposed


def _check_marked(academy: Academy, sitting: str) -> None:
    """Refuse while a mark is on its way; after the decision only an appeal changes marks, and it waits by itself."""
    if waiting := untaken(academy, sitting):
        raise RuleBroken(
            f"the registry does not know the marks that formgrader has for {', '.join(waiting)}; "
            "run `academy exam mark --manual-only` with the marker's name first"
        )
    if waiting := [*work.waiting(academy, sitting), *interview.waiting(academy, sitting)]:
        raise RuleBroken(f"sitting {sitting} cannot be decided yet: {'; '.join(waiting)}")
    if waiting := rating.waiting(academy, sitting):
        waiting = [*waiting[:_NAMED], *(["..."] if len(waiting) > _NAMED else [])]
        raise RuleBroken(f"a blind marker is wanted for {', '.join(waiting)}; see academy exam rate {sitting}")


def waiting_for_review(academy: Academy, sitting: str) -> list[dict[str, Any]]:
    """The proposed decisions in the review band that nobody has looked at again."""
    rows = academy.store.rows("decisions", sitting=sitting)
    return [row for row in rows if row["confirmed_by"] is None and row["in_band"] and row["finding"] != "stands"]


def review(academy: Academy, seat: str, by: str, finding: str, note: str = "") -> None:
    """Record a second look at the marks of a seat in the review band: its scoring, not the standard.

    ``finding`` is ``stands``, or ``mend`` with a ``note`` of what is wrong: then the mark is given again by the usual
    way, and the decision proposed again. Whoever marked the seat cannot be the second look.
    """
    row = academy.seat(seat)
    proposal = next((one for one in waiting_for_review(academy, row["sitting"]) if one["seat"] == seat), None)
    if proposal is None:
        raise RuleBroken(f"seat {seat} has no decision in the review band that waits for a second look")
    if finding not in FINDINGS:
        raise InputError(f"a second look finds that the marks {' or '.join(FINDINGS)}, got {finding!r}")
    if finding == "mend" and not note.strip():
        raise InputError("a note is wanted that says which mark is to be mended and why, got none")
    todo = "let somebody else look at it"
    check_independent(
        academy, f"the second look at seat {seat}", by, row, {"marked the seat": markers(academy, seat)}, todo
    )
    facts = {"proposal": proposal["proposal"], "finding": finding, "note": note.strip()}
    academy.store.append("seat.reviewed", seat, facts, by)


def mend(academy: Academy, seat: str, slot: str, by: str, note: str, points: float | None = None) -> str:
    """Mend a mark that a second look found wrong (``mend``), also after an appeal; returns what comes next.

    An answer that the program marked gets these ``points``; one that people marked goes to another blind marker, and
    takes none. Then the decision is proposed again, and looked at again if it is still near the cut. Whoever mends has
    marked the seat.
    """
    row = academy.seat(seat)
    waiting = {one["seat"]: one for one in waiting_for_review(academy, row["sitting"])}
    if waiting.get(seat, {}).get("finding") != "mend":
        raise RuleBroken(f"nobody found a mark of seat {seat} to mend; first comes academy exam review --finding mend")
    if not note.strip():
        raise InputError("a note is wanted that says what was wrong with the mark, got none")
    involved = {"marked the seat": markers(academy, seat), "proposed it": [waiting[seat]["proposed_by"]]}
    check_independent(academy, f"mending a mark of seat {seat}", by, row, involved, "let somebody else mend it")
    if slot in rating.remarkable(academy, seat):
        if points is not None:
            raise InputError(f"{seat}/{slot} was marked by people and takes no points from here: leave --points out")
        rating.remark(academy, seat, [slot], by, f"second look: {note.strip()}")
        return f"another marker marks {slot} again (academy exam rate {row['sitting']})"
    marks = academy.store.rows("marks", mark=f"{seat}/{slot}")
    if not marks:
        raise InputError(f"seat {seat} has no mark for {slot!r}")
    (mark,) = marks
    if points is None or not 0 <= points <= mark["max_points"]:
        raise InputError(f"{seat}/{slot} earns from 0 to {mark['max_points']:g} points, got {points}")
    if points == mark["points"]:
        raise InputError(f"{seat}/{slot} earns {points:g} already; if the marks stand, say so (--finding stands)")
    names = ("seat", "slot", "item", "item_version", "statement", "max_points")
    fact = {name: mark[name] for name in names} | {"points": points, "note": f"second look: {note.strip()}"}
    academy.store.append("mark.given", mark["mark"], fact, by)
    return f"propose its decision again (academy exam decide {row['sitting']})"


def confirm(academy: Academy, sitting: str, by: str, seats: Sequence[str] = ()) -> list[str]:
    """Confirm the proposed decisions of a sitting, or of some of its ``seats``, as the second person.

    A decision that cannot be confirmed stops all that were asked for; the others can be named by themselves. After an
    appeal, a certificate that does not fit the new decision is withdrawn; ``issue`` makes the new one.

    Returns the seats.
    """
    about = academy.sitting(sitting, "marked", "decided")
    reopened = reopening.reopened(academy, sitting)
    for seat in seats:
        academy.seat(seat, sitting)
    every = academy.store.rows("decisions", sitting=sitting)
    rows = [row for row in every if row["confirmed_by"] is None]
    asked = [row for row in rows if not seats or row["seat"] in seats]
    if not asked:
        if every and not reopened.keys() & (set(seats) or reopened.keys()):
            what = ", ".join(seats) or f"every decision of sitting {sitting}"
            raise RuleBroken(f"{what} is confirmed already; see academy exam show {sitting}")
        raise RuleBroken(
            f"sitting {sitting} has no decision that waits to be confirmed; propose first (academy exam decide)"
        )
    facts: list[tuple[str, str, dict[str, Any]]] = []
    for row in asked:
        appeal = reopened.get(row["seat"])
        _check(academy, about, row, appeal, by)
        told = {"outcome": row["outcome"], "appeal": appeal["appeal"] if appeal else None}
        facts.append(("decision.confirmed", row["seat"], told))
        if appeal:
            facts += reopening.withdrawals(academy, row, appeal)
    if about["state"] != "decided" and len(asked) == len(rows):
        for row in every:
            if row not in asked:  # confirmed by itself before
                _check_fresh(academy, about, row)
        facts.append(("sitting.decided", sitting, {}))
    academy.store.append_all(facts, by)
    return [row["seat"] for row in asked]


def _check(
    academy: Academy, sitting: Mapping[str, Any], row: Mapping[str, Any], appeal: Mapping[str, Any] | None, by: str
) -> None:
    """Refuse a decision that today's marks would not propose, that waits for a second look, or that is not ``by``'s."""
    seat = academy.seat(row["seat"])
    involved = {"proposed it": [row["proposed_by"]], "marked the seat": markers(academy, row["seat"])}
    if appeal:
        involved |= reopening.earlier_parts(academy, appeal)
    check_independent(academy, f"the decision on seat {row['seat']}", by, seat, involved, _INSTEAD)
    _check_fresh(academy, sitting, row)
    if row["in_band"] and row["finding"] != "stands":
        found = "somebody found a mark to mend" if row["finding"] else "nobody has looked at its marks again"
        raise RuleBroken(
            f"seat {row['seat']} is within one error of measurement of the cut ({row['written_points']:g} of "
            f"{row['written_max']:g}, cut {row['written_cut']:g} +- {row['error']:.1f}) and {found}; "
            "see academy exam review, or confirm the others with --seat"
        )


def _check_fresh(academy: Academy, sitting: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    if not alike(decision_of(academy, sitting, academy.seat(row["seat"]), _today()), row):
        raise RuleBroken(
            f"the marks of seat {row['seat']} changed since its decision was proposed; "
            "propose again (academy exam decide)"
        )


def _proposal(decision: Decision, seat: Mapping[str, Any], sitting: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **asdict(decision),
        "decided_on": decision.decided_on.isoformat(),
        "person": seat["person"],
        "sitting": sitting["sitting"],
        "level": sitting["level"],
    }


def alike(decision: Decision, row: Mapping[str, Any]) -> bool:
    """Whether a decision says what a row of the registry says."""
    told = json.loads(json.dumps(asdict(decision), default=str))
    kept = dict(row) | {name: json.loads(row[name] or "null") for name in ("domains", "compliance")}
    return all(told[name] == kept[name] for name in _FIGURES)


def decision_of(academy: Academy, sitting: Mapping[str, Any], seat: Mapping[str, Any], today: date) -> Decision:
    """The decision that the marks and the cuts of a seat give."""
    given = {row["slot"]: row for row in academy.store.rows("marks", seat=seat["seat"])}
    form = academy.form(seat["sitting"], seat["form"])
    written = [
        _mark(given.get(slot.name), slot.name, slot.question.item_id, slot.question.statement, slot.question.points)
        for slot in form.scored
    ]
    practical = [
        _mark(given.get(name), name, "practical", "practical", points)
        for name, points in academy.practical_points(seat["sitting"]).items()
    ]
    percent = float(sitting["cut_practical_percent"])
    return decisions.propose(
        seat["seat"],
        written,
        practical,
        json.loads(sitting["forms"])[seat["form"]]["cut"],
        round(sum(mark.max_points for mark in practical) * percent / 100, 6),
        today,
        present=seat["handed_in_how"] != "never",
        compliance=academy.scheme.compliance,
        review_sem=academy.scheme.review_sem,
        cut_method=sitting["cut_method"],
    )


def _mark(row: Mapping[str, Any] | None, slot: str, item: str, statement: str, most: float) -> Mark:
    points = row["points"] if row else None
    return Mark(slot, item, 1, statement, points, most, row["marker"] if row else "")


def _today() -> date:
    return datetime.now(UTC).date()
