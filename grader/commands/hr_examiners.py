"""`academy hr examiner | conflict | taught`: who may examine, and who is near whom."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ._options import Nouns, by, centre, day, known, many, tell

if TYPE_CHECKING:
    from ..certify import Academy
    from ..people.examiners import Examiner

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the steps."""
    examiner = steps.add_parser(
        "examiner",
        help="examiners: record one, show one, list all and who lapses soon",
        description="Without a person, all examiners. With one, what is recorded of that one; with --role it is "
        "recorded anew and takes the place of what was. Whoever is recorded marks, judges and decides only within it. "
        "To end a qualification, record it with an earlier --valid-until.",
    )
    examiner.add_argument("person", nargs="?", help="staff number, e.g. S1002")
    examiner.add_argument(
        "--role", action="append", default=[], choices=("marker", "judge", "panel", "decider"),
        help="marks answers, judges for a cut, sits on the board of an interview, decides; once for each",
    )  # fmt: skip
    examiner.add_argument(
        "--level", action="append", default=[], type=_level, metavar="L1..L5", help="examines at it; once for each"
    )
    examiner.add_argument(
        "--domain", action="append", default=[], metavar="CODE", help="only this domain, e.g. FC; once for each"
    )
    examiner.add_argument("--qualified-on", type=day, metavar="DATE", help="first day of the qualification")
    examiner.add_argument("--valid-until", type=day, metavar="DATE", help="last day of the qualification")
    examiner.add_argument("--evidence", default="", help="what it rests on, e.g. the course and its certificate")
    examiner.add_argument(
        "--within", type=int, metavar="DAYS", help="list only who lapses within so many days, or has lapsed"
    )
    centre(examiner)
    by(examiner, reads=lambda given: not given.role)
    _json(examiner)
    examiner.set_defaults(run=_examiner)
    conflict = steps.add_parser(
        "conflict",
        help="record that two people are not impartial towards each other",
        description="Neither of the two marks or decides on the other. Managers, up and down the line, and people of "
        "the own team need no such entry: the roster names them.",
    )
    conflict.add_argument("person", help="staff number, e.g. A1001")
    conflict.add_argument("other", help="who is near that person, best as staff number")
    conflict.add_argument("--reason", required=True, help="why, e.g. related")
    centre(conflict)
    by(conflict)
    conflict.set_defaults(run=_conflict)
    taught = steps.add_parser(
        "taught",
        help="record that somebody taught a person",
        description="Whoever taught a person neither marks nor decides on that person's examination.",
    )
    taught.add_argument("person", help="staff number of who was taught, e.g. A1001")
    taught.add_argument("--trainer", required=True, metavar="WHO", help="who taught")
    taught.add_argument("--what", required=True, help="what, e.g. the Supervisor lessons in June")
    centre(taught)
    by(taught)
    taught.set_defaults(run=_taught)


def _json(step: argparse.ArgumentParser) -> None:
    step.add_argument("--json", action="store_true", help="print one JSON document instead of lines")


def _level(text: str) -> int:
    if text.upper().removeprefix("L") not in ("1", "2", "3", "4", "5"):
        raise argparse.ArgumentTypeError(f"a level from L1 to L5 is wanted, got {text!r}")
    return int(text[-1])


# --- examiners --------------------------------------------------------------------------------------------------------


def _examiner(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        if given.person is None:
            _refuse_strange(given)
            return _all(given, academy)
        academy.person(given.person)
        if given.role:
            return _record(given, academy)
        _refuse_strange(given)
        return _one(given, academy)


def _refuse_strange(given: argparse.Namespace) -> None:
    named = (*given.role, *given.level, *given.domain, given.qualified_on, given.valid_until, given.evidence)
    if any(named):
        wanted = "the staff number of the examiner" if given.person is None else "a --role"
        raise InputError(f"to record an examiner {wanted} is wanted, too")


def _record(given: argparse.Namespace, academy: Academy) -> int:
    from ..people import examiners

    if given.qualified_on is None or given.valid_until is None:
        raise InputError("to record an examiner --qualified-on and --valid-until are wanted, each a day")
    domains = {domain.code for domain in academy.framework.domains}
    if strange := sorted(set(given.domain) - domains):
        raise InputError(f"the framework has the domains {', '.join(sorted(domains))}, got {', '.join(strange)}")
    said = examiners.fact(
        given.role, given.level, given.domain, given.qualified_on, given.valid_until, given.evidence
    )  # fmt: skip
    before = academy.store.events("examiner.recorded", given.person)
    if before and dict(before[-1].data) == said:
        head = "nothing changed: "
    else:
        academy.store.append("examiner.recorded", given.person, said, given.by)
        head = ""
    found = examiners.examiner(academy.store, given.person)
    assert found is not None  # it was written before
    tell(given, _document(found), [f"{head}{_said(found)}"])
    return 0


def _said(one: Examiner) -> str:
    levels = ", ".join(f"L{level}" for level in one.levels)
    domains = ", ".join(one.domains) or "all domains"
    return (
        f"{one.person} {one.name} is an examiner ({', '.join(one.roles)}) for {levels}, {domains}, "
        f"from {one.qualified_on} until {one.valid_until}"
    )


def _one(given: argparse.Namespace, academy: Academy) -> int:
    events = academy.store.events("examiner.recorded", given.person)
    lines = [
        f"{event.at[:10]} by {event.by}: {', '.join(event.data['roles'])}; "
        f"{', '.join(f'L{level}' for level in event.data['levels'])}; "
        f"{', '.join(event.data['domains']) or 'all domains'}; {event.data['qualified_on']} to "
        f"{event.data['valid_until']}; {event.data['evidence']}"
        for event in events
    ]
    document = [{"at": event.at, "by": event.by, **event.data} for event in events]
    tell(given, document, lines or [f"{given.person} is not recorded as an examiner"])
    return 0


def _all(given: argparse.Namespace, academy: Academy) -> int:
    from .. import reports
    from ..people import examiners

    today, rules = datetime.now(UTC).date(), academy.scheme.examiners
    every = examiners.examiners(academy.store)
    found = [one for one in every if given.within is None or one.days(today) <= given.within]
    heads = ["person", "name", "roles", "levels", "domains", "valid until", "state"]
    rows: list[Sequence[object]] = [
        [
            one.person, one.name, ", ".join(one.roles), ", ".join(f"L{level}" for level in one.levels),
            ", ".join(one.domains) or "all", one.valid_until, _state(one, today, rules.remind_days),
        ]
        for one in sorted(found, key=lambda one: (one.days(today), one.person))
    ]  # fmt: skip
    lines = reports.in_columns([heads, *rows]) if rows else ["No examiner is recorded." if not every else "Nobody."]
    soon = sum(0 <= one.days(today) <= rules.remind_days for one in every)
    if soon:
        lines += ["", f"{many(soon, 'examiner')} within {rules.remind_days} days of the end"]
    wanted = (
        "Only these examine in sittings for certification (scheme.yml, examiners: required: true)."
        if rules.required
        else "Whoever is not recorded may examine, too (scheme.yml, examiners: required: false)."
    )
    document = {
        "required": rules.required,
        "remind_days": rules.remind_days,
        "examiners": [_document(one) | {"state": one.state(today), "days": one.days(today)} for one in found],
    }
    tell(given, document, [*lines, "", wanted])
    return 0


def _state(one: Examiner, today: date, soon: int) -> str:
    state, days = one.state(today), one.days(today)
    if state == "valid" and days <= soon:
        return f"ends in {many(days, 'day')}" if days else "ends today"
    return {"early": f"from {one.qualified_on} on", "lapsed": "LAPSED", "left": f"left on {one.left_on}"}.get(state, "")


def _document(one: Examiner) -> dict[str, Any]:
    return {
        "person": one.person, "name": one.name, "roles": one.roles, "levels": [f"L{level}" for level in one.levels],
        "domains": one.domains, "qualified_on": one.qualified_on, "valid_until": one.valid_until,
        "evidence": one.evidence,
    }  # fmt: skip


# --- who is near whom -------------------------------------------------------------------------------------------------


def _conflict(given: argparse.Namespace) -> int:
    _near(given, "conflict.declared", {"with": given.other, "reason": given.reason})
    print(f"{given.person} and {given.other} will neither mark nor decide on each other: {given.reason}")
    return 0


def _taught(given: argparse.Namespace) -> int:
    _near(given, "teaching.recorded", {"trainer": given.trainer, "what": given.what})
    print(f"{given.trainer} taught {given.person} ({given.what}) and will neither mark nor decide on them")
    return 0


def _near(given: argparse.Namespace, kind: str, fact: dict[str, str]) -> None:
    from .. import certify
    from ..certify.conflicts import identity

    if empty := [name for name, text in fact.items() if not text.strip()]:
        raise InputError(f"{empty[0]} is wanted in words, got an empty text")
    with certify.Academy(known(given.centre)) as academy:
        academy.person(given.person)
        other = fact.get("with") or fact["trainer"]
        if identity(academy, other) == identity(academy, given.person):
            raise InputError(f"two people are wanted, got {given.person} and {other}, who are one")
        academy.store.append(kind, given.person, {name: text.strip() for name, text in fact.items()}, given.by)
