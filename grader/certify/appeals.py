"""An appeal against a published result: filed in time, marked again by another marker, decided by somebody apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ..errors import InputError, RuleBroken
from . import rating
from .desk import Academy
from .handwork import ENGINE
from .impartial import check_independent
from .reopening import earlier_parts, reopened
from .same_question import same_question

__all__ = ["OUTCOMES", "award", "file", "order_remark", "others", "settle"]

OUTCOMES = ("upheld", "dismissed")
"""What an appeal can come to: an upheld one opens the decision of its seat again."""

_INSTEAD = "let somebody without a part in it do it"


def file(academy: Academy, seat: str, by: str, ground: str, text: str, today: date | None = None) -> str:
    """File an appeal of the candidate of ``seat`` on one of the scheme's grounds; returns its name.

    Raises :class:`RuleBroken` before the result is published, after the last day, while another appeal of the seat is
    open, and when the same ground was dismissed for the same decision.
    """
    rules, row, day = academy.scheme.appeal, academy.seat(seat), today or _today()
    if ground not in rules.grounds:
        raise InputError(f"an appeal rests on one of the grounds {', '.join(rules.grounds)}, got {ground!r}")
    if not text.strip():
        raise InputError("an appeal says what happened, in the candidate's words; got an empty text")
    if row["published_on"] is None:
        raise RuleBroken(f"the result of seat {seat} is not published yet; publish it first (academy exam results)")
    earlier = academy.store.rows("appeals", seat=seat)
    pending = [one["appeal"] for one in earlier if one["outcome"] is None] + [
        one["appeal"] for one in reopened(academy, row["sitting"]).values() if one["seat"] == seat
    ]
    if pending:
        raise RuleBroken(f"the appeal {pending[0]} of seat {seat} is still open; one at a time")
    if day.isoformat() > row["appeal_until"]:
        raise RuleBroken(f"the last day for an appeal of seat {seat} was {row['appeal_until']}, and it is {day}")
    (decision,) = academy.store.rows("decisions", seat=seat)
    if any((one["proposal"], one["ground"]) == (decision["proposal"], ground) for one in earlier):
        raise RuleBroken(f"an appeal of seat {seat} on the ground {ground!r} was decided already for this decision")
    name = f"{seat}-A{len(earlier) + 1}"
    fact = {
        "seat": seat,
        "person": row["person"],
        "sitting": row["sitting"],
        "proposal": decision["proposal"],
        "ground": ground,
        "text": text.strip(),
        "filed_on": day.isoformat(),
        "decide_by": (day + timedelta(days=rules.decide_days)).isoformat(),
    }
    academy.store.append("appeal.filed", name, fact, by)
    return name


def order_remark(academy: Academy, appeal: str, by: str, slots: Sequence[str] = ()) -> list[str]:
    """Have answers of the seat marked again by another marker; without ``slots`` all those that people marked.

    Returns the slots. The new marker gives the marks as any blind marker does (``academy exam rate``).
    """
    row = _open(academy, appeal)
    check_independent(academy, f"the appeal {appeal}", by, row, earlier_parts(academy, row), _INSTEAD)
    marked = {mark["slot"]: mark["marker"] for mark in academy.store.rows("marks", seat=row["seat"])}
    if strange := sorted(set(slots) - set(marked)):
        raise InputError(f"seat {row['seat']} has no marked answer {', '.join(strange)}; it has {', '.join(marked)}")
    chosen = list(slots) or rating.remarkable(academy, row["seat"])
    if not chosen:
        raise RuleBroken(f"no person marked an answer of seat {row['seat']}, so there is nothing to mark again")
    rating.remark(academy, row["seat"], chosen, by, f"appeal {appeal}")
    academy.store.append("appeal.remarking", appeal, _with_slots(row, chosen), by)
    return chosen


def award(academy: Academy, appeal: str, by: str, slot: str, points: float, note: str) -> None:
    """Give an answer that a program marked other points than its key does, because the question or its key is at fault.

    Whoever does so has marked the seat: somebody else decides the appeal, and somebody else confirms what comes of it.
    An answer that people marked is marked again instead (:func:`order_remark`).
    """
    row = _open(academy, appeal)
    check_independent(academy, f"the appeal {appeal}", by, row, earlier_parts(academy, row), _INSTEAD)
    marks = academy.store.rows("marks", mark=f"{row['seat']}/{slot}")
    if not marks:
        raise InputError(f"seat {row['seat']} has no mark for {slot!r}")
    (mark,) = marks
    if mark["item"] in academy.form(row["sitting"], academy.seat(row["seat"])["form"]).pilot:
        raise RuleBroken(f"{row['seat']}/{slot} is only tried out and counts for nothing")
    if mark["marker"] != ENGINE:
        raise RuleBroken(
            f"{row['seat']}/{slot} was marked by a person; have it marked again (academy exam appeal remark)"
        )
    if not 0 <= points <= mark["max_points"]:
        raise InputError(f"{row['seat']}/{slot} earns from 0 to {mark['max_points']:g} points, got {points:g}")
    if points == mark["points"]:
        raise InputError(f"{row['seat']}/{slot} earns {points:g} already; decide the appeal instead")
    if not note.strip():
        raise InputError("other points than the key's want a note that says what is wrong with the question, got none")
    names = ("seat", "slot", "item", "item_version", "statement", "max_points")
    fact = {name: mark[name] for name in names} | {"points": points, "note": f"appeal {appeal}: {note.strip()}"}
    facts = [("mark.given", mark["mark"], fact), ("appeal.remarking", appeal, _with_slots(row, [slot]))]
    academy.store.append_all(facts, by)


def settle(academy: Academy, appeal: str, by: str, outcome: str, reason: str, today: date | None = None) -> None:
    """Decide an appeal with the reason that the candidate is told; ``upheld`` opens the seat's decision again.

    Nobody decides who sat, marked, looked again, proposed or confirmed, nor who manages, taught or is near the
    candidate. An appeal against a mark is upheld only after marking again, one over a question only after that or an
    award, and both are dismissed only if nothing changed.
    """
    row = _open(academy, appeal)
    if outcome not in OUTCOMES:
        raise InputError(f"an appeal is {' or '.join(OUTCOMES)}, got {outcome!r}")
    if not reason.strip():
        raise InputError("a decision on an appeal wants its reason, as the candidate will read it; got an empty text")
    check_independent(academy, f"the appeal {appeal}", by, row, earlier_parts(academy, row), _INSTEAD)
    if waiting := rating.remarking(academy, row["seat"]):
        raise RuleBroken(
            f"the appeal {appeal} waits until another marker has marked {', '.join(waiting)} (academy exam rate)"
        )
    if outcome == "upheld" and row["ground"] == "marking" and row["remarked"] is None:
        raise RuleBroken(
            f"the appeal {appeal} is against a mark; have it marked again first (academy exam appeal remark)"
        )
    if outcome == "upheld" and row["ground"] == "question" and row["remarked"] is None:
        raise RuleBroken(
            f"the appeal {appeal} is about a question; give its answer other points first (academy exam appeal award), "
            "or have it marked again (academy exam appeal remark)"
        )
    if outcome == "dismissed" and (changed := _changed(academy, row)):
        raise RuleBroken(
            f"marking again changed {', '.join(changed)} of seat {row['seat']}; an appeal that changes a mark is upheld"
        )
    facts = {"seat": row["seat"], "outcome": outcome, "reason": reason.strip(), "on": (today or _today()).isoformat()}
    academy.store.append("appeal.decided", appeal, facts, by)


def others(academy: Academy, appeal: str) -> int:
    """How many other answers an upheld appeal over a question concerns; 0 where it gave none other points."""
    try:
        return len(same_question(academy, appeal))
    except RuleBroken:
        return 0


def _open(academy: Academy, appeal: str) -> dict[str, Any]:
    rows = academy.store.rows("appeals", appeal=appeal)
    if not rows:
        known = ", ".join(row["appeal"] for row in academy.store.rows("appeals")) or "none"
        raise InputError(f"there is no appeal {appeal!r}; the registry knows {known}")
    if rows[0]["outcome"] is not None:
        raise RuleBroken(f"the appeal {appeal} was {rows[0]['outcome']} on {rows[0]['decided_on']}; it is closed")
    return rows[0]


def _with_slots(appeal: Mapping[str, Any], slots: Sequence[str]) -> dict[str, Any]:
    """The fact that these slots, besides earlier ones, are looked at for an appeal."""
    return {"seat": appeal["seat"], "slots": list(dict.fromkeys([*json.loads(appeal["remarked"] or "[]"), *slots]))}


def _changed(academy: Academy, appeal: Mapping[str, Any]) -> list[str]:
    """The slots that were marked again and have other points than the decision appealed against rests on."""
    changed = []
    for slot in json.loads(appeal["remarked"] or "[]"):
        given = academy.store.events("mark.given", f"{appeal['seat']}/{slot}")
        before = [event.data["points"] for event in given if event.seq < appeal["proposal"]]
        if given and given[-1].data["points"] != before[-1]:
            changed.append(slot)
    return changed


def _today() -> date:
    return datetime.now(UTC).date()
