"""A passed seat becomes a signed credential and a paper; each is issued once for a decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .. import certificates, ladder, people
from ..certificates import Facts, Pressed, Score, StatusEntry
from ..errors import AcademyError, Problem, RuleBroken
from ..model import Bilingual, Framework, Scheme, digest
from .desk import Academy
from .signed_file import SignedFile
from .statuslist import new_place

__all__ = ["Forgotten", "Issued", "Term", "again", "facts_as_issued", "facts_of", "issue", "write_files"]


class Forgotten(RuleBroken):
    """What a certificate said is not known any more: its holder's data was redacted."""


@dataclass(frozen=True)
class Term:
    """The level of a certificate with its first and its last day; ``origin`` says what it continues, if anything."""

    level: int
    begins: date
    ends: date
    origin: Bilingual | None = None


@dataclass(frozen=True)
class Issued:
    """Numbers of the new certificates, and the seats that could not get theirs, each with the reason."""

    numbers: tuple[str, ...]
    refused: tuple[Problem, ...]


def issue(
    academy: Academy,
    sitting: str,
    by: str,
    today: date | None = None,
    progress: Callable[[str], None] = lambda seat: None,
) -> Issued:
    """Issue the certificates of a decided sitting: credential and papers on disk, the fact in the registry.

    A seat that has its certificate already is left alone, also when that one was withdrawn; only one that an appeal
    replaced is made anew. A certificate that cannot be made stops no other. ``progress`` is told each seat in turn.
    """
    row = academy.sitting(sitting, "decided")
    if row["purpose"] == "practice":
        raise RuleBroken(f"sitting {sitting} is for practice, and no certificate comes of practice")
    has_one = {held["seat"] for held in academy.store.rows("certificates") if not _replaced(academy, held)}
    day = today or _today()
    term = Term(row["level"], day, ladder.add_months(day, academy.scheme.level(row["level"]).validity_months))
    rules = academy.keep_rules()
    drafts: list[tuple[str, Facts]] = []
    refused: list[Problem] = []
    for decision in academy.store.rows("decisions", sitting=sitting, outcome="pass"):
        if decision["seat"] in has_one or decision["confirmed_by"] is None:
            continue
        try:
            drafts.append((decision["seat"], _draft(academy, row, decision, term, rules)))
        except AcademyError as error:
            refused.append(Problem(decision["seat"], str(error)))
    academy.signing_key()  # there is one from here on
    pressed = certificates.press_all([facts for _, facts in drafts], academy.issuer, academy.centre.key)
    numbers: list[str] = []
    for (seat, facts), found in zip(drafts, pressed, strict=True):
        progress(seat)
        if isinstance(found, str):
            refused.append(Problem(seat, found))
            continue
        academy.store.append_all([_kept(academy, facts, found, rules, {})], by)
        numbers.append(facts.number)
    return Issued(tuple(numbers), tuple(refused))


def _replaced(academy: Academy, certificate: Mapping[str, Any]) -> bool:
    """Whether a certificate was withdrawn by an appeal, and not for anything that its holder did."""
    withdrawn = academy.store.events("certificate.withdrawn", certificate["number"])
    return certificate["state"] == "withdrawn" and "appeal" in withdrawn[-1].data


def make(
    academy: Academy,
    sitting: Mapping[str, Any],
    decision: Mapping[str, Any],
    term: Term,
    rules: str | None,
    more: Mapping[str, Any] | None = None,
) -> tuple[str, str, dict[str, Any]]:
    """Write the credential and the papers of a certificate; returns the fact that issues it, with ``more`` in it.

    ``rules`` names the framework and the scheme that it goes by, as the office keeps them; None for those of today.
    """
    facts = _draft(academy, sitting, decision, term, rules)
    academy.signing_key()
    return _kept(academy, facts, certificates.press(facts, academy.issuer, academy.centre.key), rules, more or {})


def _draft(
    academy: Academy, sitting: Mapping[str, Any], decision: Mapping[str, Any], term: Term, rules: str | None
) -> Facts:
    """All that a new certificate says, with its number and its place in a status list."""
    number = _number(academy, sitting, decision["seat"], term)
    name = academy.person(decision["person"])["name"]
    versions = academy.rules_of(rules) if rules else (academy.framework, academy.scheme)
    return facts_of(academy, sitting, decision, number, term, name, versions, new_place(academy))


def _kept(
    academy: Academy, facts: Facts, made: Pressed, rules: str | None, more: Mapping[str, Any]
) -> tuple[str, str, dict[str, Any]]:
    """Write the files of a certificate; returns the fact that issues it."""
    write_files(academy.centre.certificates, facts.number, made)
    assert facts.status is not None
    fact = {
        "person": facts.person,
        "level": facts.level,
        "seat": facts.seat,
        "purpose": facts.purpose,
        "issued_on": facts.issued_on.isoformat(),
        "valid_until": facts.valid_until.isoformat(),
        "digest": digest(made.document),
        "status_list": facts.status.number,
        "status_index": facts.status.index,
        # What the document was made of beside the decision, so that it can be made again.
        **({"rules": rules} if rules else {}),
        "issuer": {"did": academy.issuer_did, "name": asdict(academy.issuer.name), "url": academy.issuer.url},
        **({"origin": asdict(facts.origin)} if facts.origin else {}),
        **more,
    }
    return "certificate.issued", facts.number, fact


def again(
    academy: Academy, certificate: Mapping[str, Any], term: Term, more: Mapping[str, Any]
) -> tuple[str, str, dict[str, Any]]:
    """Make another certificate of the seat of one that there is, by the rules that this one named (:func:`make`)."""
    (issued,) = academy.store.events("certificate.issued", certificate["number"])
    decision = next(iter(academy.store.rows("decisions", seat=certificate["seat"])), None)
    if decision is None:
        raise RuleBroken(f"{certificate['number']} rests on no decision in the registry, so no other can follow it")
    sitting = academy.sitting(academy.seat(certificate["seat"])["sitting"])
    return make(academy, sitting, decision, term, issued.data.get("rules"), more)


def _number(academy: Academy, sitting: Mapping[str, Any], seat: str, term: Term) -> str:
    source: dict[str, Any] = {"seat": seat, "form": academy.seat(seat)["form_digest"]}
    if earlier := len(academy.store.rows("certificates", seat=seat)):
        source["earlier"] = earlier
    return f"L{term.level}-{term.begins:%Y%m}-{digest(source)[:8].upper()}"


def facts_of(
    academy: Academy,
    sitting: Mapping[str, Any],
    decision: Mapping[str, Any],
    number: str,
    term: Term,
    name: str,
    rules: tuple[Framework, Scheme],
    status: StatusEntry | None,
    before: int | None = None,
) -> Facts:
    """What the certificate of a decision says when it is issued to ``name`` under ``number`` for ``term``.

    ``before`` is the fact that issued it, when it is made again: what the roster said later is not in it.
    """
    framework, scheme = rules
    seat = academy.seat(decision["seat"])
    form = academy.form(sitting["sitting"], seat["form"])
    return Facts(
        number=number,
        person=decision["person"],
        name=name,
        level=term.level,
        purpose=sitting["purpose"],
        framework=framework,
        scheme=scheme,
        sitting=sitting["sitting"],
        seat=seat["seat"],
        form=form.id,
        form_digest=form.digest,
        cut_method=decision["cut_method"] or sitting["cut_method"],
        written=Score(decision["written_points"], decision["written_max"], decision["written_cut"]),
        practical=Score(decision["practical_points"], decision["practical_max"], decision["practical_cut"]),
        domains={code: (points, most) for code, (points, most) in json.loads(decision["domains"]).items()},
        statements=tuple(sorted({slot.question.statement for slot in form.scored})),
        proposed_by=_in_full(academy, decision["proposed_by"], before),
        confirmed_by=_in_full(academy, decision["confirmed_by"], before),
        decided_on=date.fromisoformat(decision["confirmed_at"][:10]),
        issued_on=term.begins,
        valid_until=term.ends,
        exam_level=sitting["level"] if sitting["level"] != term.level else None,
        origin=term.origin,
        status=status,
    )


def _in_full(academy: Academy, who: str, before: int | None) -> str:
    """Somebody who gave a number of the roster alone, with the name beside it, if it is known and can be printed."""
    number = people.tree.staff_number(academy.store, who)
    if not number or who.strip().casefold() != number.casefold():
        return who
    told = academy.store.events("person.recorded", number)
    names = [event.data["name"] for event in told if before is None or event.seq < before]
    name = names[-1] if names else ""
    return f"{number} {name}" if name not in ("", number) and certificates.printable(name) else who


def facts_as_issued(academy: Academy, row: Mapping[str, Any], file: SignedFile) -> Facts:
    """What a certificate of the registry said when its file was signed; refused when that is not known any more.

    ``row`` is that of the view ``certificates``; name, decision and rules are those that it was issued by.
    """
    (issued,) = academy.store.events("certificate.issued", row["number"])
    seat = academy.seat(row["seat"])
    decision = next(iter(academy.store.rows("decisions", seat=seat["seat"])), None)
    if decision is None or decision["proposal"] > issued.seq:
        raise RuleBroken("the decision that it rests on was replaced by a later one")
    told = academy.store.events("person.recorded", row["person"], redacted=True)
    known = [event for event in told if event.seq < issued.seq]
    if not known or known[-1].redacted:
        raise Forgotten("the holder's name was redacted, so that the credential cannot be made again")
    then = academy.under(issued.data["rules"]) if "rules" in issued.data else academy
    begins, ends = (date.fromisoformat(row[name]) for name in ("issued_on", "valid_until"))
    origin = Bilingual(**issued.data["origin"]) if "origin" in issued.data else None
    facts = facts_of(
        academy,
        academy.sitting(seat["sitting"]),
        decision,
        row["number"],
        Term(row["level"], begins, ends, origin),
        str(known[-1].data["name"]),
        (then.framework, then.scheme),
        file.place,
        issued.seq,
    )
    return replace(facts, signed_on=file.signed_on)


def write_files(folder: Path, number: str, made: Pressed) -> None:
    """Put the credential and the papers of a certificate down, each whole."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {f"{number}.json": certificates.credential_bytes(made.document)}
    content |= {f"{number}-{language}.pdf": data for language, data in made.papers.items()}
    for name, data in content.items():
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)


def _today() -> date:
    return datetime.now(UTC).date()
