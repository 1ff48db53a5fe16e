"""Renewal of a certificate: hours of credit are recorded, some are looked at, and a new certificate follows the old."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from .. import ladder
from ..errors import InputError, RuleBroken
from ..ladder import Credit, Tally
from ..model import Bilingual, Scheme
from . import conflicts, measures
from .desk import Academy
from .issuing import Term, again

__all__ = ["FINDINGS", "Renewal", "audit", "credits_of", "record", "recount", "refuse", "renew", "standing"]

FINDINGS = ("stands", "fails")
"""What somebody can find who looks at the evidence of a credit."""
_LONGEST = 500
_ORIGIN = Bilingual(
    "It renews certificate {number}; the results are those of the examination by which the level was reached.",
    "本证书续自证书{number}，所列成绩为取得该等级时的考试成绩。",
)


@dataclass(frozen=True)
class Renewal:
    """How far a certificate is from its renewal on a day."""

    number: str
    state: str
    """One of ``ladder.STATES``."""
    tally: Tally
    drawn: bool
    """It is one of those whose evidence is looked at before it counts."""
    unseen: tuple[str, ...]
    """Credits that count and whose evidence nobody has looked at, if it was drawn."""
    begins: date
    ends: date
    """The days of the certificate that a renewal on this day would give."""
    against: tuple[str, ...]
    """Why it cannot be renewed on this day, a sentence each; empty when it can."""


# --- credits ----------------------------------------------------------------------------------------------------------


def category_of(academy: Academy, words: str) -> str:
    """The code of a category of hours, from the code or the scheme's name of it in either language."""
    known = academy.scheme.keeping.credits
    code = next((code for code, one in known.items() if words in (code, one.name.en, one.name.zh)), None)
    if code is None:
        listed = ", ".join(f"{code} ({one.name.zh})" for code, one in known.items())
        raise InputError(f"hours belong to one of the categories {listed}, got {words!r}")
    return code


def record(
    academy: Academy,
    person: str,
    by: str,
    category: str,
    hours: float,
    on: date,
    what: str,
    evidence: str,
    today: date | None = None,
) -> str:
    """Record hours that a person earned on a day, with where the proof lies; returns the credit's name.

    ``category`` is what :func:`category_of` takes.
    """
    academy.person(person)
    category = category_of(academy, category)
    if not (math.isfinite(hours) and 0 < hours <= _LONGEST):
        raise InputError(f"hours from 0 to {_LONGEST} are wanted, got {hours:g}")
    if on > (today or _today()):
        raise InputError(f"{on} lies in the future; hours are recorded when they were earned")
    for name, text in (("what was done", what), ("the evidence", evidence)):
        if not 0 < len(text.strip()) <= _LONGEST or not text.strip().isprintable():
            raise InputError(f"{name} is wanted on one line of 1 to {_LONGEST} characters, got {text.strip()[:40]!r}")
    if conflicts.identity(academy, by) == conflicts.identity(academy, person):
        raise RuleBroken(f"{by} earned these hours; somebody else records them")
    name = f"{person}/{len(academy.store.events('credit.recorded', under=person, redacted=True)) + 1}"
    fact = {
        "person": person, "category": category, "hours": hours, "on": on.isoformat(), "what": what.strip(),
        "evidence": evidence.strip(),
    }  # fmt: skip
    academy.store.append("credit.recorded", name, fact, by)
    return name


def refuse(academy: Academy, credit: str, by: str, reason: str) -> None:
    """Let a credit count for nothing, with the reason that its owner is told."""
    row = _credit(academy, credit)
    _check_judge(academy, credit, by)
    if not reason.strip():
        raise InputError("a credit is refused with its reason, got an empty text")
    _check_free(academy, row)
    academy.store.append("credit.refused", credit, {"person": _owner(credit), "reason": reason.strip()}, by)


def audit(academy: Academy, credit: str, by: str, finding: str, note: str = "") -> None:
    """Say what was found by looking at the evidence of a credit; one that ``fails`` is refused, with the note."""
    row = _credit(academy, credit)
    _check_judge(academy, credit, by)
    if finding not in FINDINGS:
        raise InputError(f"evidence {' or '.join(FINDINGS)}, got {finding!r}")
    if finding == "fails" and not note.strip():
        raise InputError("evidence that fails wants a note that says why, as its owner will read it; got none")
    (recorded,) = academy.store.events("credit.recorded", credit)
    if conflicts.identity(academy, by) == conflicts.identity(academy, recorded.by):
        raise RuleBroken(f"{by} recorded the credit {credit}; somebody else looks at its evidence")
    _check_free(academy, row)
    person = _owner(credit)
    fact = {"person": person, "by": by.strip(), "finding": finding, "note": note.strip()}
    facts: list[tuple[str, str, dict[str, Any]]] = [("credit.audited", credit, fact)]
    if finding == "fails":
        facts.append(("credit.refused", credit, {"person": person, "reason": note.strip()}))
    academy.store.append_all(facts, by)


def credits_of(academy: Academy, person: str, before: float = math.inf) -> list[Credit]:
    """Every credit of a person in the order in which they were recorded; only facts ``before`` a number, if given."""
    recorded, refused, audited = (
        [one for one in academy.store.events(f"credit.{kind}", under=person) if one.seq < before]
        for kind in ("recorded", "refused", "audited")
    )
    reasons = {one.subject: one.data["reason"] for one in refused}
    findings = {one.subject: one.data["finding"] for one in audited}
    return [
        Credit(
            one.subject, one.data["category"], float(one.data["hours"]), date.fromisoformat(one.data["on"]),
            one.data["what"], one.data["evidence"], reasons.get(one.subject, ""), findings.get(one.subject, ""),
        )
        for one in recorded
    ]  # fmt: skip


def _owner(credit: str) -> str:
    return credit.rpartition("/")[0]


def _credit(academy: Academy, name: str) -> Credit:
    found = [one for one in credits_of(academy, _owner(name)) if one.name == name] if "/" in name else []
    if not found:
        raise InputError(f"there is no credit {name!r}; see academy hr credit list PERSON")
    if found[0].refused:
        raise RuleBroken(f"the credit {name} was refused already: {found[0].refused}")
    return found[0]


def _check_judge(academy: Academy, credit: str, by: str) -> None:
    if reasons := conflicts.reasons(academy, by, _owner(credit)):
        raise RuleBroken(f"the credit {credit} wants somebody impartial, and {reasons[0]}; let somebody else do it")


def _check_free(academy: Academy, credit: Credit) -> None:
    """Refuse to touch a credit that a renewal has counted."""
    for row in academy.store.rows("certificates", person=_owner(credit.name)):
        (issued,) = academy.store.events("certificate.issued", row["number"])
        if credit.name in issued.data.get("credits", ()):
            raise RuleBroken(
                f"the credit {credit.name} was counted for the renewal {row['number']}; where its evidence does not "
                f"stand, take a measure: academy cert withdraw {row['number']} --ground evidence"
            )


# --- renewal ----------------------------------------------------------------------------------------------------------


def standing(academy: Academy, number: str, today: date | None = None) -> Renewal:
    """How far a certificate is from its renewal; nothing is written."""
    row, day = measures.certificate(academy, number), today or _today()
    scheme, level = academy.scheme, academy.scheme.level(row["level"])
    tally = _tally(academy, row, scheme, day)
    (issued,) = academy.store.events("certificate.issued", number)
    drawn = ladder.drawn(number, issued.hash, scheme.keeping.audit_percent)
    counted = [line.credit for line in tally.lines if line.hours]
    unseen = tuple(one.name for one in counted if not one.finding) if drawn else ()
    begins, ends = ladder.renewed_term(date.fromisoformat(row["valid_until"]), day, level.validity_months)
    state = ladder.state_of(row, day, scheme.keeping)
    against = _against(row, state, tally, unseen, ladder.dates_of(row, scheme.keeping))
    return Renewal(number, state, tally, drawn, unseen, begins, ends, against)


def renew(academy: Academy, number: str, by: str, today: date | None = None) -> str:
    """Issue the certificate that follows another; returns its number. Nobody renews for somebody near to them."""
    row, found = measures.certificate(academy, number), standing(academy, number, today)
    if reasons := conflicts.reasons(academy, by, row["person"]):
        raise RuleBroken(f"a renewal wants somebody impartial, and {reasons[0]}; let somebody else do it")
    if waits := measures.pending(academy, number):
        raise RuleBroken(
            f"{number}: {waits.by} proposed to {waits.data['measure']} it, and that waits for a second person; confirm "
            "or refuse it first (academy cert confirm)"
        )
    if found.against:
        raise RuleBroken(f"{number} cannot be renewed: {'; '.join(found.against)}")
    origin = Bilingual(_ORIGIN.en.format(number=number), _ORIGIN.zh.format(number=number))
    more = {
        "renews": number,
        "renewed_on": (today or _today()).isoformat(),
        "credits": [line.credit.name for line in found.tally.lines if line.hours],
        "hours": found.tally.hours,
        "renewal_rules": academy.keep_rules(),
    }
    fact = again(academy, row, Term(row["level"], found.begins, found.ends, origin), more)
    academy.store.append_all([fact], by)
    return fact[1]


def recount(academy: Academy, number: str) -> tuple[Tally, tuple[date, date]] | None:
    """The credits and the days of a renewed certificate, worked out again from what was known when it was issued.

    None where credits of the person were redacted since.
    """
    (issued,) = academy.store.events("certificate.issued", number)
    old = measures.certificate(academy, issued.data["renews"])
    recorded = academy.store.events("credit.recorded", under=old["person"], redacted=True)
    if any(one.redacted for one in recorded):
        return None
    _, scheme = academy.rules_of(issued.data["renewal_rules"])
    day, months = date.fromisoformat(issued.data["renewed_on"]), scheme.level(old["level"]).validity_months
    term = ladder.renewed_term(date.fromisoformat(old["valid_until"]), day, months)
    return _tally(academy, old, scheme, day, issued.seq), term


def _tally(academy: Academy, row: Mapping[str, Any], scheme: Scheme, day: date, before: float = math.inf) -> Tally:
    chain = _chain(academy, row["number"])
    used = {name for one in chain for name in one.get("credits", ())}
    hours, credits = scheme.level(row["level"]).renewal_hours, credits_of(academy, row["person"], before)
    return ladder.tally(credits, scheme.keeping, row["level"], hours, (_earned_from(chain), day), used)


def _against(
    row: Mapping[str, Any], state: str, tally: Tally, unseen: tuple[str, ...], dates: ladder.Dates
) -> tuple[str, ...]:
    if row["renewed_by"]:
        return (f"it is renewed already, by {row['renewed_by']}",)
    when = {
        "coming": f"it begins on {dates.begins} and may be renewed from {dates.due} on",
        "in force": f"it may be renewed from {dates.due} on",
        "lapsed": f"the last day for it was {dates.grace_ends}; only the examination is left",
        "suspended": "it is suspended; reinstate it first",
        "withdrawn": "it is withdrawn",
        "reduced": "it was reduced to a lower level",
    }
    if state in when:
        return (when[state],)
    seen = f"its evidence was drawn to be looked at: {', '.join(unseen)} (academy hr credit audit)" if unseen else ""
    return (*tally.missing, *([seen] if seen else []))


def _chain(academy: Academy, number: str) -> list[Mapping[str, Any]]:
    """What was issued under a number and the numbers before it that it renews, reduces or restores; newest first."""
    found = []
    at: str | None = number
    while at is not None:
        (issued,) = academy.store.events("certificate.issued", at)
        found.append(issued.data)
        at = next((issued.data[name] for name in ("renews", "reduces", "restores") if name in issued.data), None)
    return found


def _earned_from(chain: list[Mapping[str, Any]]) -> date:
    """The day from which hours count: that of the last renewal, or the first day of the first certificate."""
    told = next((one["renewed_on"] for one in chain if "renewed_on" in one), chain[-1]["issued_on"])
    return date.fromisoformat(told)


def _today() -> date:
    return datetime.now(UTC).date()
