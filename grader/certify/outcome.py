"""The end of the story: decisions proposed, confirmed by a second person, and certificates for those who passed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .. import certificates, decisions, ladder
from ..certificates import Facts, Score
from ..errors import AcademyError, Problem, RuleBroken
from ..model import LANGUAGES, Decision, Mark, digest
from .desk import Academy
from .marks import untaken

__all__ = ["Issued", "confirm", "decide", "issue"]


def decide(academy: Academy, sitting: str, by: str, today: date | None = None) -> list[Decision]:
    """Propose the decision of every seat from its marks and the cuts; a second person has to confirm them."""
    row = academy.sitting(sitting, "marked")
    if waiting := untaken(academy, sitting):
        raise RuleBroken(
            f"{', '.join(waiting)} was marked in formgrader, and the registry does not know it; "
            "run `academy exam mark --manual-only` with the marker's name first"
        )
    forms = json.loads(row["forms"])
    proposed = []
    facts = []
    for seat in academy.seats(sitting):
        decision = _decision(academy, seat, forms, float(row["cut_practical_percent"]), today or _today())
        proposed.append(decision)
        facts.append(
            (
                "decision.proposed",
                seat["seat"],
                {
                    **asdict(decision),
                    "decided_on": decision.decided_on.isoformat(),
                    "person": seat["person"],
                    "sitting": sitting,
                    "level": row["level"],
                },
            )
        )
    academy.store.append_all(facts, by)
    return proposed


def confirm(academy: Academy, sitting: str, by: str) -> list[str]:
    """Confirm the proposed decisions of a sitting as the second person; returns the seats."""
    about = academy.sitting(sitting, "marked")
    rows = [row for row in academy.store.rows("decisions", sitting=sitting) if row["confirmed_by"] is None]
    if not rows:
        raise RuleBroken(
            f"sitting {sitting} has no decision that waits to be confirmed; propose first (academy exam decide)"
        )
    _check_fresh(academy, about, rows)
    for row in rows:
        marks = academy.store.rows("marks", seat=row["seat"])
        markers = {event.by for mark in marks for event in academy.store.events("mark.given", mark["mark"])}
        decisions.confirm(row["seat"], row["person"], row["proposed_by"], by, markers)
    facts: list[tuple[str, str, dict[str, Any]]] = [
        ("decision.confirmed", row["seat"], {"outcome": row["outcome"]}) for row in rows
    ]
    academy.store.append_all([*facts, ("sitting.decided", sitting, {})], by)
    return [row["seat"] for row in rows]


def _check_fresh(academy: Academy, sitting: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse to confirm a decision that today's marks would not propose."""
    seats = {seat["seat"]: seat for seat in academy.seats(sitting["sitting"])}
    forms, percent = json.loads(sitting["forms"]), float(sitting["cut_practical_percent"])
    for row in rows:
        told = asdict(_decision(academy, seats[row["seat"]], forms, percent, _today()))
        told["domains"] = {code: list(pair) for code, pair in told["domains"].items()}
        names = ("outcome", "written_points", "practical_points", "practical_max")
        if any(told[name] != row[name] for name in names) or told["domains"] != json.loads(row["domains"]):
            raise RuleBroken(
                f"the marks of seat {row['seat']} changed since its decision was proposed; "
                "propose again (academy exam decide)"
            )


@dataclass(frozen=True)
class Issued:
    """Numbers of the new certificates, and the seats that could not get theirs, each with the reason."""

    numbers: tuple[str, ...]
    refused: tuple[Problem, ...]


def issue(academy: Academy, sitting: str, by: str, today: date | None = None) -> Issued:
    """Issue the certificates of a decided sitting: credential and papers on disk, the fact in the registry.

    A seat that has its certificate already is left alone; one whose certificate cannot be made stops no other.
    """
    row = academy.sitting(sitting, "decided")
    if row["purpose"] == "practice":
        raise RuleBroken(f"sitting {sitting} is for practice, and no certificate comes of practice")
    has_one = {certificate["seat"] for certificate in academy.store.rows("certificates")}
    numbers: list[str] = []
    refused: list[Problem] = []
    for decision in academy.store.rows("decisions", sitting=sitting, outcome="pass"):
        if decision["seat"] in has_one or decision["confirmed_by"] is None:
            continue
        try:
            numbers.append(_issue_one(academy, _facts(academy, row, decision, today or _today()), by))
        except AcademyError as error:
            refused.append(Problem(decision["seat"], str(error)))
    return Issued(tuple(numbers), tuple(refused))


def _issue_one(academy: Academy, facts: Facts, by: str) -> str:
    document = certificates.credential(facts, academy.issuer, academy.signing_key())
    papers = {language: certificates.pdf(facts, academy.issuer, document, language) for language in LANGUAGES}
    _write(academy.centre.certificates, facts.number, document, papers)
    fact = {
        "person": facts.person,
        "level": facts.level,
        "seat": facts.seat,
        "purpose": facts.purpose,
        "issued_on": facts.issued_on.isoformat(),
        "valid_until": facts.valid_until.isoformat(),
        "digest": digest(document),
    }
    academy.store.append("certificate.issued", facts.number, fact, by)
    return facts.number


def _decision(
    academy: Academy, seat: Mapping[str, Any], forms: Mapping[str, Any], practical_percent: float, today: date
) -> Decision:
    present = seat["handed_in_how"] != "never"
    given = {row["slot"]: row for row in academy.store.rows("marks", seat=seat["seat"])}
    form = academy.form(seat["sitting"], seat["form"])
    written = [
        _mark(given.get(slot.name), slot.name, slot.question.item_id, slot.question.statement, slot.question.points)
        for slot in form.slots
    ]
    practical = [
        _mark(given.get(name), name, "practical", "practical", points)
        for name, points in academy.practical_points(seat["sitting"]).items()
    ]
    practical_cut = round(sum(mark.max_points for mark in practical) * practical_percent / 100, 6)
    return decisions.propose(
        seat["seat"], written, practical, forms[seat["form"]]["cut"], practical_cut, today, present=present
    )


def _mark(row: Mapping[str, Any] | None, slot: str, item: str, statement: str, most: float) -> Mark:
    points = row["points"] if row else None
    return Mark(slot, item, 1, statement, points, most, row["marker"] if row else "")


def _facts(academy: Academy, sitting: Mapping[str, Any], decision: Mapping[str, Any], day: date) -> Facts:
    seat = next(row for row in academy.seats(sitting["sitting"]) if row["seat"] == decision["seat"])
    form = academy.form(sitting["sitting"], seat["form"])
    rules = academy.scheme.level(sitting["level"])
    number = f"L{sitting['level']}-{day:%Y%m}-{digest({'seat': seat['seat'], 'form': form.digest})[:8].upper()}"
    return Facts(
        number=number,
        person=decision["person"],
        name=academy.person(decision["person"])["name"],
        level=sitting["level"],
        purpose=sitting["purpose"],
        framework=academy.framework,
        scheme=academy.scheme,
        sitting=sitting["sitting"],
        seat=seat["seat"],
        form=form.id,
        form_digest=form.digest,
        cut_method=sitting["cut_method"],
        written=Score(decision["written_points"], decision["written_max"], decision["written_cut"]),
        practical=Score(decision["practical_points"], decision["practical_max"], decision["practical_cut"]),
        domains={code: (points, most) for code, (points, most) in json.loads(decision["domains"]).items()},
        statements=tuple(sorted({slot.question.statement for slot in form.slots})),
        proposed_by=decision["proposed_by"],
        confirmed_by=decision["confirmed_by"],
        decided_on=date.fromisoformat(decision["confirmed_at"][:10]),
        issued_on=day,
        valid_until=ladder.add_months(day, rules.validity_months),
    )


def _write(folder: Path, number: str, document: Mapping[str, Any], papers: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = {f"{number}.json": certificates.credential_bytes(document)}
    content |= {f"{number}-{language}.pdf": data for language, data in papers.items()}
    for name, data in content.items():
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)


def _today() -> date:
    return datetime.now(UTC).date()
