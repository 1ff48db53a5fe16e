"""What a centre forgets: a person who asks for it, and whatever has been kept for as long as the scheme says."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from .. import ladder, nbcourse
from ..centre import Centre
from ..errors import InputError, RuleBroken
from ..model import KeepingRules
from ..store import Event, Store
from .traces import certificate_files, handed_over, mentions, needles, seat_files

__all__ = ["Due", "Redaction", "due", "keep_no_longer", "redact"]

_PERSONAL = (
    "person.recorded", "consent.recorded", "credit.recorded", "credit.refused", "credit.audited", "examiner.recorded",
    "conflict.declared", "appraisal.recorded", "appeal.filed", "measure.appealed", "certificate.measure-proposed",
    "seat.extra-time", "seat.incident", "seat.paused",
)  # fmt: skip
"""Facts whose content is about the person and not about the result; of all others the content leaves if it holds the
name or the address."""
_OPEN = ("scheduled", "opened", "closed", "marked")
_REMOVED = "files.removed"
_CLEARED = ("course/gradebook.db", "office/*/cards.json")
"""Files out of which a name is taken, and which stay."""


@dataclass(frozen=True)
class Redaction:
    """What left, and what is left to a person to look at."""

    facts: tuple[int, ...]
    files: tuple[str, ...]
    left: tuple[str, ...]
    """Facts and files in which the name still stands: of somebody of the same name, perhaps."""
    reports: tuple[str, ...] = ()
    """Those of the files that are reports, each with why it leaves: they are to be made anew."""
    running: tuple[str, ...] = ()
    """What of the person's still runs, a sentence each: without an order nothing leaves."""


@dataclass(frozen=True)
class Due:
    """Something that has been kept for as long as the scheme says."""

    kind: str
    """``identity`` of a person, ``answers`` of a seat, ``certificates``: the files of one."""
    subject: str
    person: str
    since: date


# --- one person -------------------------------------------------------------------------------------------------------


def redact(
    centre: Centre, store: Store, person: str, reason: str, by: str, day: date, *, order: str = "", dry: bool = False
) -> Redaction:
    """Remove name, address and files of a person for good; numbers, marks and decisions stay, and the chain holds.

    Files go first and facts last: who is interrupted does it once more. ``order`` is the decision of whoever may order
    it although a certificate is in force, a sitting is not decided or an appeal runs. ``dry`` only looks.

    Raises :class:`InputError` when the registry does not know the person, :class:`RuleBroken` when something of theirs
    still runs and nobody has ordered it.
    """
    told = store.events("person.recorded", person, redacted=True)
    if not told:
        raise InputError(f"the registry has no person {person!r}; see academy hr report for those that it has")
    if not reason.strip():
        raise InputError("a redaction needs a reason, e.g. --reason 'asked for it on 3 May, letter 17'")
    running = tuple(_running(store, person, day))
    if running and not (dry or order.strip()):
        raise RuleBroken(f"{running[0]}; wait for its end, or give the order of whoever may decide so with --order")
    names = sorted({str(one.data.get(key) or "") for one in told for key in ("name", "email")} - {"", person})
    facts = [one.seq for one in _facts_of(store, person) if _leaves(one, names)]
    files = [path.relative_to(centre.root).as_posix() for path in _files_of(centre, store, person)]
    reports, older = _stale(centre, names)
    files += [*reports, *older]
    if not dry:
        _remove(centre, files)
        _blank_cards(centre, person)
        nbcourse.forget(centre.course, person)
        why = f"{reason}; ordered: {order}" if order.strip() else reason
        if facts:
            store.redact(facts, person, why, by)
        elif files:
            store.append(_REMOVED, person, {"reason": why, "files": len(files)}, by)
    cleared = [*files, *_CLEARED] if dry else files
    left = _left(centre, store, names, facts, cleared)
    return Redaction(tuple(facts), tuple(files), tuple(left), tuple(reports.values()), running)


def _running(store: Store, person: str, day: date) -> Iterator[str]:
    """Whatever of the person's still runs, a sentence each."""
    for row in store.rows("certificates", person=person):
        if row["state"] == "active" and row["valid_until"] >= day.isoformat():
            yield f"certificate {row['number']} of {person} is in force until {row['valid_until']}"
    states = {row["sitting"]: row["state"] for row in store.rows("sittings")}
    for row in store.rows("seats", person=person):
        if states[row["sitting"]] in _OPEN:
            yield f"seat {row['seat']} of {person} is in sitting {row['sitting']}, which is not decided"
        if (row["appeal_until"] or "") >= day.isoformat():
            yield f"{person} may appeal against the result of seat {row['seat']} until {row['appeal_until']}"
    for row in store.rows("appeals", person=person):
        if row["outcome"] is None:
            yield f"appeal {row['appeal']} of {person} is not decided"


def _facts_of(store: Store, person: str) -> Iterator[Event]:
    """Every fact about the person: under the number, and under the seats, certificates and appeals that are theirs."""
    subjects = [person]
    for view, key in (("seats", "seat"), ("certificates", "number"), ("appeals", "appeal")):
        subjects += [str(row[key]) for row in store.rows(view, person=person)]
    seen: set[int] = set()
    for subject in subjects:
        for fact in (*store.events(subject=subject), *store.events(under=subject)):
            if fact.seq not in seen:
                seen.add(fact.seq)
                yield fact


def _leaves(fact: Event, names: list[str]) -> bool:
    return fact.kind in _PERSONAL or _names(fact.data, names)


def _names(data: Mapping[str, Any], names: list[str]) -> bool:
    text = json.dumps(data, ensure_ascii=False)
    return any(name in text for name in names)


def _files_of(centre: Centre, store: Store, person: str) -> Iterator[Path]:
    for row in store.rows("seats", person=person):
        yield from seat_files(centre, row["seat"])
        slips = centre.office / row["sitting"] / "slips.html"  # names and codes of everybody; it served on the day only
        if slips.exists():
            yield slips
    for row in store.rows("certificates", person=person):
        yield from certificate_files(centre, row["number"], bearing_the_name=True)
    yield from handed_over(centre, person)
    if centre.course.is_dir():
        yield from nbcourse.folders_of(centre.course, person)


def _stale(centre: Centre, names: list[str]) -> tuple[dict[str, str], list[str]]:
    """Reports that hold the name or cannot be searched for it, each told; and older registries that hold it."""
    reports, older = {}, []
    for path, why in mentions(centre, needles(names)):
        name = path.relative_to(centre.root).as_posix()
        if path.is_relative_to(centre.reports):
            reports[name] = f"{name}: {why}"
        elif path.parent == centre.root and path.name.startswith(f"{centre.registry.stem}.layout-"):
            older.append(name)
    return reports, older


def _remove(centre: Centre, files: list[str]) -> None:
    for name in files:
        path = centre.root / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _blank_cards(centre: Centre, person: str) -> None:
    """Take the name off the seat cards, which go on serving for everybody else."""
    for path in centre.office.glob("*/cards.json"):
        cards = json.loads(path.read_text("utf-8"))
        if any(card["person"] == person and card["name"] for card in cards):
            kept = [card | {"name": ""} if card["person"] == person else card for card in cards]
            part = path.with_name(f".{path.name}.part")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(json.dumps(kept, ensure_ascii=False).encode())
            part.replace(path)


def _left(centre: Centre, store: Store, names: list[str], facts: list[int], gone: list[str]) -> Iterator[str]:
    """Where the name stands beside what leaves, so that a person looks at it; ``gone`` may be patterns."""
    for fact in store.events():
        if fact.seq not in facts and (_names(fact.data, names) or fact.by.endswith(tuple(names))):
            yield f"fact {fact.seq} ({fact.kind} {fact.subject}, by {fact.by}) holds the name"
    for path, why in mentions(centre, needles(names)):
        name = path.relative_to(centre.root).as_posix()
        registry = name.startswith(centre.registry.name)  # its facts are named one by one
        if not registry and not any(fnmatch(name, one) or name.startswith(f"{one}/") for one in gone):
            yield f"{name}: {why}"


# --- what is due ------------------------------------------------------------------------------------------------------


def due(centre: Centre, store: Store, rules: KeepingRules, day: date) -> list[Due]:
    """Everything that on ``day`` has been kept for as long as the scheme says, oldest first."""
    found = [*_answers_due(centre, store), *_certificates_due(centre, store), *_identities_due(store)]
    months = rules.retention_months
    return sorted(
        (one for one in found if ladder.add_months(one.since, months[one.kind]) < day),
        key=lambda one: (one.since, one.kind, one.subject),
    )


def _answers_due(centre: Centre, store: Store) -> Iterator[Due]:
    """Of every seat with a folder: since its result was published, or else since its sitting ended."""
    ends = {row["sitting"]: row["closes_at"] for row in store.rows("sittings") if row["state"] not in _OPEN}
    for row in store.rows("seats"):
        end = row["published_on"] or ends.get(row["sitting"])
        if end and (
            seat_files(centre, row["seat"]) or nbcourse.folders_of(centre.course, row["person"], row["sitting"])
        ):
            yield Due("answers", row["seat"], row["person"], date.fromisoformat(end[:10]))


def _certificates_due(centre: Centre, store: Store) -> Iterator[Due]:
    for row in store.rows("certificates"):
        if certificate_files(centre, row["number"]):
            yield Due("certificates", row["number"], row["person"], date.fromisoformat(row["valid_until"]))


def _identities_due(store: Store) -> Iterator[Due]:
    """People who have left, since then or since the last day of their last certificate."""
    ends: dict[str, str] = {}
    for row in store.rows("certificates"):
        ends[row["person"]] = max(ends.get(row["person"], ""), row["valid_until"])
    for row in store.rows("people"):
        if row["left_on"]:  # and is not back
            since = max(row["left_on"], ends.get(row["person"], ""))
            yield Due("identity", row["person"], row["person"], date.fromisoformat(since))


def keep_no_longer(centre: Centre, store: Store, one: Due, by: str, day: date) -> Redaction:
    """Let go what is due: a person's identity as :func:`redact` does it, or the files of a seat or a certificate."""
    reason = f"kept as long as the scheme says ({one.kind}, since {one.since})"
    if one.kind == "identity":
        return redact(centre, store, one.person, reason, by, day)
    found = certificate_files(centre, one.subject)
    if one.kind == "answers":
        (seat,) = store.rows("seats", seat=one.subject)
        found = seat_files(centre, one.subject) + nbcourse.folders_of(centre.course, one.person, seat["sitting"])
    files = [path.relative_to(centre.root).as_posix() for path in found]
    _remove(centre, files)
    store.append(_REMOVED, one.subject, {"reason": reason, "files": len(files)}, by)
    return Redaction((), tuple(files), ())
