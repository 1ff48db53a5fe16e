"""The audit of a certificate: from its file back to the items that were asked, each link computed again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .. import certificates, decisions, seats
from ..certificates import Facts, Issuer
from ..errors import AcademyError, InputError
from ..model import Bilingual, Item, Question, digest
from . import renewing
from .cuts import cut_of
from .desk import Academy
from .examined import Part, part
from .issuing import Forgotten, facts_as_issued
from .outcome import alike, decision_of
from .roomlog import check_seal
from .signed_file import REISSUED, signed_file
from .trace_marks import handed_in, prove_marks, prove_practical
from .trace_step import Step

__all__ = ["Step", "trace"]

REMOVALS = ("files.removed", "record.redacted")
"""Facts that say that somebody's files were let go."""


def trace(academy: Academy, number: str) -> Iterator[Step]:
    """The links of a certificate in the order of an audit, each as soon as it is proved; nothing is written.

    registry, certificate, decision, cut, marks, answers, form, items, practical.  The credential is made and signed
    again and compared byte by byte, the decision is proposed again from marks and cut, every mark of the program is
    given again: by the keys, and by sandbox and judge on a copy of the course.  Marks of people are named with who
    gave them, and settled again.  The rules are those that the certificate names; of everybody who had a part the
    qualification is told that was recorded by then.  Of a renewed certificate its hours are counted again, too.

    Raises :class:`InputError` when the registry has no certificate of this number.
    """
    rows = academy.store.rows("certificates", number=number)
    if not rows:
        raise InputError(f"the registry has no certificate {number!r}; see academy hr report for those that it has")
    yield _guarded("registry", lambda step: _registry(academy, step))
    row = rows[0]
    seat = academy.seat(row["seat"])
    sitting = academy.sitting(seat["sitting"])
    (decision,) = academy.store.rows("decisions", seat=seat["seat"])
    file = academy.centre.certificates / f"{number}.json"
    forgotten = "" if file.exists() else _forgotten(academy, number)
    yield _guarded("certificate", lambda step: _certificate(academy, step, row), forgotten)
    if row["renews"]:
        yield _guarded("renewal", lambda step: _renewal(academy, step, row))
    yield _guarded("decision", lambda step: _decision(_then(academy, number), step, sitting, seat, decision))
    yield _guarded("cut", lambda step: _cut(academy, step, sitting, seat))
    room = academy.centre.room / seat["sitting"] / seat["seat"]
    forgotten = "" if room.exists() else _forgotten(academy, seat["seat"], seat["person"])
    yield _guarded("marks", lambda step: prove_marks(_then(academy, number), step, seat), forgotten)
    yield _guarded("answers", lambda step: _answers(academy, step, seat), forgotten)
    yield _guarded("form", lambda step: _form(academy, step, seat))
    yield _guarded("items", lambda step: _items(academy, step, seat))
    yield _guarded("practical", lambda step: prove_practical(_then(academy, number), step, seat), forgotten)


def _then(academy: Academy, number: str) -> Academy:
    """The desk by the rules that a certificate names; by those of today when it is from before they were kept."""
    (issued,) = academy.store.events("certificate.issued", number)
    return academy.under(issued.data["rules"]) if "rules" in issued.data else academy


def _guarded(name: str, prove: Any, forgotten: str = "") -> Step:
    """The step, in which a paper that is missing or damaged is a fault and not the end of the audit.

    ``forgotten`` says why nothing is there to be computed again; that is no fault.
    """
    step = Step(name)
    if forgotten:
        step.said.append(forgotten)
        return step
    try:
        prove(step)
    except (AcademyError, OSError, ValueError) as error:
        step.wrong.append(str(error))
    return step


def _forgotten(academy: Academy, *subjects: str) -> str:
    """Who removed the files of these subjects and why, when a fact says so."""
    facts = [one for kind in REMOVALS for subject in subjects for one in academy.store.events(kind, subject)]
    if not facts:
        return ""
    last = max(facts, key=lambda one: one.seq)
    return f"its files were removed by {last.by} at {last.at} ({last.data['reason']}); the registry alone speaks"


def _registry(academy: Academy, step: Step) -> None:
    count, head = academy.store.head()
    step.wrong += academy.store.verify()
    step.said.append(f"{count} facts, head {head}")


def _certificate(academy: Academy, step: Step, row: Mapping[str, Any]) -> None:
    number = row["number"]
    (issued,) = academy.store.events("certificate.issued", number)
    step.said.append(
        f"{number}: level {row['level']}, {row['purpose']}, {row['state']}, person {row['person']}, issued on "
        f"{row['issued_on']} by {issued.by}, valid until {row['valid_until']}"
    )
    data, file = (academy.centre.certificates / f"{number}.json").read_bytes(), signed_file(academy, number)
    whole = digest(data) == file.digest
    step.check(whole, f"its file is the one that was issued: {file.digest}", "its file was altered")
    for again in academy.store.events(REISSUED, number):
        step.said.append(
            f"signed again on {again.data['on']} by {again.by} and {again.data['with']}: {again.data['note']}"
        )
    found = certificates.verify(data, seats.moment(f"{row['issued_on']}T00:00:00Z"), file.source["did"])
    step.check(found.ok, f"its signature is that of {file.source['did']}", found.sentences[0])
    then = _then(academy, number)
    step.said.append(f"by scheme {then.scheme.version} and framework {then.framework.version}, as they were kept")
    try:
        facts = facts_as_issued(academy, row, file)
    except Forgotten as forgotten:
        step.said.append(str(forgotten))
        return
    _make_again(academy, step, data, facts, file.source)


def _renewal(academy: Academy, step: Step, row: Mapping[str, Any]) -> None:
    (issued,) = academy.store.events("certificate.issued", row["number"])
    found = renewing.recount(academy, row["number"])
    if found is None:
        step.said.append("credits of the holder were redacted, so that they cannot be counted again")
        return
    tally, (begins, ends) = found
    step.check(
        tally.hours == issued.data["hours"] and not tally.missing,
        f"it renews {row['renews']}; {tally.hours:g} of {tally.wanted} hours count again",
        f"{issued.data['hours']:g} hours were counted, today {tally.hours:g} of {tally.wanted} do",
    )
    step.check(
        (row["issued_on"], row["valid_until"]) == (begins.isoformat(), ends.isoformat()),
        f"its days follow from the end of {row['renews']}",
        f"by the end of {row['renews']} it would hold from {begins} to {ends}",
    )


def _make_again(academy: Academy, step: Step, data: bytes, facts: Facts, source: Mapping[str, Any]) -> None:
    """The credential once more, with the key that signed it: that of today, or one from the archive."""
    issuer = Issuer(Bilingual(source["name"]["en"], source["name"]["zh"]), source["url"])
    key = academy.key_of(source["did"])
    if key is None:
        step.said.append("its key is not here any more, so that the credential cannot be made again")
        return
    again = certificates.credential_bytes(certificates.credential(facts, issuer, key))
    if again == data:
        step.said.append(f"made and signed again it has the same {len(data)} bytes")
        return
    places = ", ".join(_differences(json.loads(data), json.loads(again)))
    step.wrong.append(f"made again it differs in {places}")


def _differences(old: Any, new: Any, path: str = "") -> list[str]:
    """The places at which two documents differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = sorted({*old, *new})
        return [one for key in keys for one in _differences(old.get(key), new.get(key), f"{path}/{key}")]
    return [] if old == new else [path]


def _decision(
    academy: Academy, step: Step, sitting: Mapping[str, Any], seat: Mapping[str, Any], row: Mapping[str, Any]
) -> None:
    looked = f", looked at again by {row['reviewed_by']}: {row['finding']}" if row["reviewed_by"] else ""
    step.said.append(
        f"{row['outcome']}: written {row['written_points']:g} of {row['written_max']:g} (cut {row['written_cut']:g}), "
        f"practical {row['practical_points']:g} of {row['practical_max']:g} (cut {row['practical_cut']:g}); "
        f"proposed by {row['proposed_by']}{looked}, confirmed by {row['confirmed_by']} at {row['confirmed_at']}"
    )
    step.tell_parts(academy, _deciders(academy, seat["seat"], row["proposal"]), sitting["level"])
    again = decision_of(academy, sitting, seat, seats.moment(row["confirmed_at"]).date())
    step.check(
        alike(again, row),
        "proposed again from the marks and the cut it is the same",
        f"today's marks and cut give: {again.outcome}, written {again.written_points:g}",
    )


def _deciders(academy: Academy, seat: str, proposal: int) -> Iterator[Part]:
    for kind in ("decision.proposed", "seat.reviewed", "decision.confirmed"):
        facts = [fact for fact in academy.store.events(kind, seat) if fact.seq >= proposal]
        yield from (part(fact, "decider") for fact in facts)


def _cut(academy: Academy, step: Step, sitting: Mapping[str, Any], seat: Mapping[str, Any]) -> None:
    used = json.loads(sitting["forms"])[seat["form"]]["cut"]
    cut = cut_of(academy, seat["form_digest"])
    if cut is None:
        estimate = decisions.angoff_cut(academy.form(seat["sitting"], seat["form"]))
        step.check(
            used == estimate,
            f"{used:g} points, {sitting['cut_method']}: the sum of the authors' estimates gives it again",
            f"the sitting used {used:g} points, the authors' estimates give {estimate:g}",
        )
        return
    judged = [fact for fact in academy.store.events("panel.rated", cut.panel) if fact.data["judge"] in cut.judges]
    step.tell_parts(academy, [part(fact, "judge", fact.data["judge"]) for fact in judged], sitting["level"])
    step.check(
        used == cut.points,
        f"{cut.points:g} points +- {cut.se:.2f}, {cut.method}, panel {cut.panel} of {len(cut.judges)} "
        f"({', '.join(cut.judges)}), set by {cut.set_by} at {cut.at}",
        f"the sitting used {used:g} points, panel {cut.panel} had set {cut.points:g}",
    )


def _answers(academy: Academy, step: Step, seat: Mapping[str, Any]) -> None:
    folder, handed = seats.find(academy.centre.room, seat["seat"]), handed_in(academy, seat)
    step.wrong += folder.verify()
    check_seal(academy, seat["seat"], folder)
    step.said.append("the journal's chain holds, and the seat is the one that the office made")
    receipt = handed.receipt
    step.check(
        receipt["digest"] == seat["receipt"],
        f"seat {seat['seat']}, handed in at {seat['handed_in_at']} ({seat['handed_in_how']}), {seat['receipt']}",
        f"the receipt in the room is {receipt['digest']}, the registry has {seat['receipt']}",
    )


def _form(academy: Academy, step: Step, seat: Mapping[str, Any]) -> None:
    form = academy.form(seat["sitting"], seat["form"])  # refused when it was altered
    missed = [line.constraint for line in form.proof if not line.holds]
    step.check(
        form.digest == seat["form_digest"],
        f"{form.id}: {len(form.scored)} scored items and {len(form.pilot)} tried out, {form.digest}",
        f"the office's form is {form.digest}, the seat was given {seat['form_digest']}",
    )
    step.said.append(f"{len(form.proof) - len(missed)} of {len(form.proof)} constraints of its blueprint hold")


def _items(academy: Academy, step: Step, seat: Mapping[str, Any]) -> None:
    form = academy.form(seat["sitting"], seat["form"])
    known = academy.items
    for slot in form.slots:
        question = slot.question
        item = known.get(question.item_id)
        now = "no longer in the bank" if item is None else f"{item.status}, version {item.version} today"
        step.said.append(f"{slot.name}: {question.item_id}@{question.item_version} ({question.statement}); {now}")
        if item is not None and item.version == question.item_version and not _same(item, question):
            step.said.append(f"{slot.name}: the bank has it otherwise today, under the same version")


def _same(item: Item, question: Question) -> bool:
    """Whether the bank would ask today what was asked."""
    from .. import bank

    try:
        return bank.draw(item, question.variant) == question
    except AcademyError:
        return False
