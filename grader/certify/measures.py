"""Measures about a certificate: one person proposes, another confirms, the holder is told and may appeal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .. import ladder
from ..errors import InputError, RuleBroken
from ..model import Bilingual
from ..store import Event
from . import conflicts, reopening
from .desk import Academy
from .impartial import check_independent
from .issuing import Term, again

__all__ = [
    "REQUEST",
    "Taken",
    "appeal",
    "certificate",
    "confirm",
    "open_appeals",
    "pending",
    "propose",
    "refuse",
    "settle",
]

REQUEST = "request"
"""The ground of a measure that the holder asked for: it takes effect without a second person."""
_PROPOSED, _REFUSED = "certificate.measure-proposed", "certificate.measure-refused"
_APPEALED, _DECIDED = "measure.appealed", "measure.decided"
_EFFECTS = {kind: measure for measure, kind in ladder.MEASURES.items()}
_INSTEAD = "let somebody without a part in it do it"
_REDUCED = Bilingual(
    "It takes the place of certificate {number} of level {level}; the results are those of that level's examination.",
    "本证书由第{level}级证书{number}降级换发，所列成绩为该级考试成绩。",
)
_RESTORED = Bilingual(
    "It takes the place of certificate {number}, as an appeal was upheld.", "申诉成立，本证书替代证书{number}。"
)


@dataclass(frozen=True)
class Taken:
    """What became of a step: ``state`` of the certificate now, and the number of a new one, if there is any."""

    measure: str
    waits: bool
    """It waits for the second person."""
    number: str
    new: str | None = None
    appeal_until: date | None = None
    others: tuple[str, ...] = ()
    """Other certificates of the holder for the level, which the measure does not touch."""


def certificate(academy: Academy, number: str) -> dict[str, Any]:
    """The registry's row of a certificate."""
    rows = academy.store.rows("certificates", number=number)
    if not rows:
        raise InputError(f"the registry has no certificate {number!r}; see academy hr report for those that it has")
    return rows[0]


def pending(academy: Academy, number: str) -> Event | None:
    """The measure that was proposed for a certificate and waits for the second person."""
    kinds = (_PROPOSED, _REFUSED, *_EFFECTS)
    last = max((one for one in academy.store.events(subject=number) if one.kind in kinds), key=_seq, default=None)
    return last if last is not None and last.kind == _PROPOSED else None


def _seq(event: Event) -> int:
    return event.seq


# --- the two people ---------------------------------------------------------------------------------------------------


def propose(
    academy: Academy,
    number: str,
    measure: str,
    by: str,
    note: str,
    *,
    ground: str | None = None,
    level: int | None = None,
    today: date | None = None,
) -> Taken:
    """Propose a measure on a ground of the scheme; one that the holder asked for takes effect at once.

    ``level`` is the lower one that a certificate is reduced to. A suspension is lifted on the ground on which it rests.
    Nobody proposes who is near the holder, or who marked or decided on the seat.
    """
    row, day = certificate(academy, number), today or _today()
    if measure == "reinstate" and row["state"] == "suspended":
        ground = academy.store.events("certificate.suspended", number, redacted=True)[-1].data.get("ground", ground)
    content = _checked(academy, row, measure, ground, note, level, day)
    if waits := pending(academy, number):
        raise RuleBroken(
            f"{number}: {waits.by} proposed to {waits.data['measure']} it, and that waits for a second person; confirm "
            "or refuse it first (academy cert confirm)"
        )
    if ground == REQUEST:
        return _take(academy, row, content, by, day, {})
    _check_apart(academy, row, by, {})
    academy.store.append(_PROPOSED, number, content | {"on": day.isoformat()}, by)
    return Taken(measure, True, number)


def confirm(academy: Academy, number: str, by: str, today: date | None = None) -> Taken:
    """Confirm the measure that was proposed: it takes effect, and the days for an appeal begin."""
    row, day, waits = certificate(academy, number), today or _today(), _waiting(academy, number)
    _check_apart(academy, row, by, {"proposed it": [waits.by]})
    found = waits.data
    content = _checked(academy, row, found["measure"], found["ground"], found["note"], found.get("level"), day)
    return _take(academy, row, content, by, day, {"proposed_by": waits.by})


def refuse(academy: Academy, number: str, by: str, reason: str, today: date | None = None) -> str:
    """Turn a proposed measure down, with the reason; returns the measure. Whoever proposed it may take it back so."""
    waits = _waiting(academy, number)
    if not reason.strip():
        raise InputError("a proposal is turned down with a reason, got an empty text")
    if conflicts.identity(academy, by) != conflicts.identity(academy, waits.by):
        _check_apart(academy, certificate(academy, number), by, {})
    fact = {"measure": waits.data["measure"], "reason": reason.strip(), "on": (today or _today()).isoformat()}
    academy.store.append(_REFUSED, number, fact, by)
    return str(waits.data["measure"])


def _waiting(academy: Academy, number: str) -> Event:
    certificate(academy, number)
    if waits := pending(academy, number):
        return waits
    raise RuleBroken(f"nothing is proposed for {number}; see academy cert status {number}")


def _checked(
    academy: Academy,
    row: Mapping[str, Any],
    measure: str,
    ground: str | None,
    note: str,
    level: int | None,
    day: date,
) -> dict[str, Any]:
    """The content of a proposal, refused when the rules do not allow it today."""
    number, grounds = row["number"], academy.scheme.keeping.grounds
    if reason := ladder.against_measure(measure, ladder.state_of(row, day, academy.scheme.keeping)):
        raise RuleBroken(f"{number}: {reason}")
    if ground not in grounds:
        raise InputError(f"a measure rests on one of the grounds {', '.join(grounds)}, got {ground!r}")
    if not note.strip():
        raise InputError(
            "a measure wants a note that says what happened, as the holder will read it; got an empty text"
        )
    if measure == "reduce" and not (level is not None and 1 <= level < row["level"]):
        lower = f"1 to {row['level'] - 1}" if row["level"] > 1 else "none below level 1: withdraw it instead"
        raise InputError(f"{number} is of level {row['level']} and is reduced to a lower one ({lower}), got {level}")
    return {"measure": measure, "ground": ground, "note": note.strip()} | ({"level": level} if level else {})


def _check_apart(academy: Academy, row: Mapping[str, Any], who: str, more: Mapping[str, Iterable[str]]) -> None:
    parts = reopening.parts_in(academy, row["seat"])
    involved: dict[str, Iterable[str]] = {
        "marked the seat": parts.pop("marked the seat"),
        "decided on the seat": [one for people in parts.values() for one in people],
        **more,
    }
    check_independent(academy, f"a measure about {row['number']}", who, row, involved, _INSTEAD)


# --- the effect -------------------------------------------------------------------------------------------------------


def _take(
    academy: Academy, row: Mapping[str, Any], content: Mapping[str, Any], by: str, day: date, more: Mapping[str, Any]
) -> Taken:
    number, measure, rules = row["number"], content["measure"], academy.scheme.keeping
    until = day + timedelta(days=rules.appeal_days)
    fact = {"ground": content["ground"], "note": content["note"], "on": day.isoformat(), **more}
    facts: list[tuple[str, str, dict[str, Any]]] = []
    new = None
    if measure == "reinstate":
        facts.append((ladder.MEASURES[measure], number, fact))
        academy.store.append_all(facts, by)
        return Taken(measure, False, number, others=_others(academy, row, day))
    fact["appeal_until"] = until.isoformat()
    if measure == "suspend":
        fact["until"] = (day + timedelta(days=rules.suspension_days)).isoformat()
    if measure == "reduce":
        origin = _filled(_REDUCED, number=number, level=row["level"])
        term = Term(content["level"], day, date.fromisoformat(row["valid_until"]), origin)
        facts.append(again(academy, row, term, {"reduces": number}))
        new = fact["to"] = facts[0][1]
    academy.store.append_all([*facts, (ladder.MEASURES[measure], number, fact)], by)
    return Taken(measure, False, number, new, until, _others(academy, row, day))


def _others(academy: Academy, certificate: Mapping[str, Any], day: date) -> tuple[str, ...]:
    held = academy.store.rows("certificates", person=certificate["person"], level=certificate["level"])
    standing = ("coming", "in force", "due", "grace", "suspended")
    return tuple(
        row["number"]
        for row in held
        if row["number"] != certificate["number"] and row["purpose"] == certificate["purpose"]
        if ladder.state_of(row, day, academy.scheme.keeping) in standing
    )


def _filled(text: Bilingual, **values: object) -> Bilingual:
    return Bilingual(text.en.format(**values), text.zh.format(**values))


# --- the appeal -------------------------------------------------------------------------------------------------------


def appeal(academy: Academy, number: str, by: str, text: str, today: date | None = None) -> date:
    """File the holder's appeal against the measure in effect; returns the day by which it is to be decided.

    The measure stays in effect meanwhile. Raises :class:`RuleBroken` where there is none, after the last day, and when
    it was appealed before.
    """
    certificate(academy, number)
    day, measure = today or _today(), _in_effect(academy, number)
    if not text.strip():
        raise InputError("an appeal says why, in the holder's words; got an empty text")
    if measure is None:
        raise RuleBroken(f"no measure is in effect about {number} that could be appealed")
    if any(one.data["measure"] == measure.seq for one in academy.store.events(_APPEALED, number)):
        raise RuleBroken(f"the measure of {measure.data['on']} about {number} was appealed already; one appeal each")
    if day.isoformat() > measure.data["appeal_until"]:
        raise RuleBroken(f"the last day for an appeal was {measure.data['appeal_until']}, and it is {day}")
    decide_by = day + timedelta(days=academy.scheme.appeal.decide_days)
    fact = {
        "text": text.strip(), "on": day.isoformat(), "decide_by": decide_by.isoformat(), "measure": measure.seq,
    }  # fmt: skip
    academy.store.append(_APPEALED, number, fact, by)
    return decide_by


def _in_effect(academy: Academy, number: str) -> Event | None:
    """The measure against a certificate that is in effect and can be appealed."""
    facts = [one for one in academy.store.events(subject=number) if one.kind in _EFFECTS]
    return facts[-1] if facts and "appeal_until" in facts[-1].data else None


def open_appeals(academy: Academy) -> list[Event]:
    """The appeals against measures that are not decided yet."""
    decided = {one.data["appeal"] for one in academy.store.events(_DECIDED)}
    return [one for one in academy.store.events(_APPEALED) if one.seq not in decided]


def settle(academy: Academy, number: str, by: str, outcome: str, reason: str, today: date | None = None) -> Taken:
    """Decide the appeal against a measure: ``dismissed``, or ``upheld``, which undoes the measure.

    A suspension is lifted. What was withdrawn or reduced stays so, as lists that were published say of it for good: a
    new certificate of the old level and days takes its place. Nobody decides who had a part in the measure or in the
    decision on the seat, or is near the holder.
    """
    row, day = certificate(academy, number), today or _today()
    filed = next((one for one in open_appeals(academy) if one.subject == number), None)
    if filed is None:
        raise RuleBroken(f"no appeal about {number} is open; see academy cert status {number}")
    if outcome not in ("upheld", "dismissed"):
        raise InputError(f"an appeal is upheld or dismissed, got {outcome!r}")
    if not reason.strip():
        raise InputError("a decision on an appeal wants its reason, as the holder will read it; got an empty text")
    (measure,) = (one for one in academy.store.events(subject=number) if one.seq == filed.data["measure"])
    proposed = [one for one in (measure.data.get("proposed_by"),) if one]
    _check_apart(academy, row, by, {"proposed the measure": proposed, "confirmed the measure": [measure.by]})
    facts: list[tuple[str, str, dict[str, Any]]] = []
    if outcome == "upheld" and measure == _in_effect(academy, number):
        facts = _undone(academy, row, measure, day)
    new = next((one[1] for one in facts if one[0] == "certificate.issued"), None)
    decided = {"outcome": outcome, "reason": reason.strip(), "on": day.isoformat(), "appeal": filed.seq}
    academy.store.append_all([(_DECIDED, number, decided | ({"to": new} if new else {})), *facts], by)
    return Taken(outcome, False, number, new)


def _undone(
    academy: Academy, row: Mapping[str, Any], measure: Event, day: date
) -> list[tuple[str, str, dict[str, Any]]]:
    """The facts that undo a measure."""
    number = row["number"]
    told = {"note": "an appeal was upheld", "on": day.isoformat(), "appeal": number}
    if measure.kind == "certificate.suspended":
        return [("certificate.reinstated", number, told)]
    begins, ends = (date.fromisoformat(row[name]) for name in ("issued_on", "valid_until"))
    term = Term(row["level"], begins, ends, _filled(_RESTORED, number=number))
    facts = [again(academy, row, term, {"restores": number})]
    if measure.kind == "certificate.reduced":
        lower = certificate(academy, measure.data["to"])
        if lower["state"] != "withdrawn":
            facts.append(("certificate.withdrawn", lower["number"], {**told, "ground": "error"}))
    return facts


def _today() -> date:
    return datetime.now(UTC).date()
