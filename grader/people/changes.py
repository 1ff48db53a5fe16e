"""A roster held against the registry: who is new, changed, back or missing, and what cannot be taken as it stands."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..errors import InputError, RosterError
from .roster import COLUMNS, Fault, Roster, Row, alike
from .tree import is_login, loops

__all__ = ["ALL", "Change", "Plan", "check_rename", "plan"]

ALL = "all"
"""In place of staff numbers: every rename is meant."""
_FEW = 10
_PART = 3
"""When more than one in so many is missing, a file is taken for one of a part of the people."""

Fact = tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True)
class Change:
    """Somebody whom the registry knows otherwise: by column what it says and what the file says."""

    person: str
    name: str
    fields: Mapping[str, tuple[str, str]]
    back: str = ""
    """The day on which somebody left who is here again."""


@dataclass(frozen=True)
class Plan:
    """What an import would do; nothing is done by it."""

    roster: Roster
    faults: tuple[Fault, ...]
    rows: tuple[Row, ...]
    """The rows without a fault, managers spelt as they are known."""
    new: tuple[Mapping[str, str], ...]
    changed: tuple[Change, ...]
    same: int
    gone: tuple[Mapping[str, Any], ...]
    """The registry's rows of people who work here and stand in no row of the file."""
    notes: tuple[str, ...]
    known: Mapping[str, Mapping[str, str]]
    """What the registry says of the people, by number."""

    def facts(self) -> list[Fact]:
        """What the import writes."""
        changed = {one.person: one for one in self.changed}
        found: list[Fact] = []
        for row in self.rows:
            who = row.person["person"]
            change = changed.get(who)
            if change and change.back:
                found.append(("person.returned", who, {"left_on": change.back}))
            if who not in self.known or (change and change.fields):
                found.append(("person.recorded", who, {**self.known.get(who, {}), **row.person}))
        return found

    def leavers(self, on: date) -> list[Fact]:
        """What says that everybody who is missing has left; refused where the file may be one of a part only."""
        if self.faults:
            raise RosterError("who is missing can only be told from a file without a fault; mend its rows first")
        here = len(self.gone) + len(self.rows)
        if len(self.gone) > _FEW and len(self.gone) * _PART > here:
            raise RosterError(
                f"{len(self.gone)} of {here} people are missing from {self.roster.file}, which looks like a file of a "
                "part of them; nobody was recorded as having left (academy hr left does so one by one)"
            )
        return [("person.left", str(row["person"]), {"on": on.isoformat()}) for row in self.gone]


def plan(
    roster: Roster,
    registry: Iterable[Mapping[str, Any]],
    today: date,
    *,
    rename: Collection[str] = (),
    elsewhere: bool = False,
    part: bool = False,
) -> Plan:
    """Hold a roster against the rows of the registry's people.

    ``rename`` names people whose name may change (or ``all``); ``elsewhere`` lets managers be unknown. With ``part``
    rows with a fault are left out, and only they: who stands under somebody left out keeps the number as manager, and a
    note says so. Otherwise faults are told and the plan is not to be carried out.
    """
    before = {str(row["person"]): row for row in registry}
    known = {who: {name: row[name] for name in row if name in COLUMNS and row[name]} for who, row in before.items()}
    faults = list(roster.problems)
    spelt = {alike(who): who for who in (*roster.seen, *before)}
    rows, found = _sound(roster, roster.rows, known, spelt, rename)
    faults += found
    everybody = known.keys() | roster.seen
    while True:
        rows, found = _under_somebody(roster, rows, everybody, spelt, elsewhere)
        found += _in_no_loop(roster, rows, known)
        faults += found
        if not part:
            break
        bad = {fault.row for fault in faults}
        kept = [row for row in rows if row.number not in bad]
        if len(kept) == len(rows):
            break
        rows = kept  # the registry's manager counts for whom is left out, and may close a ring
    faults.sort(key=lambda fault: fault.row)
    return _held_against(roster, faults, rows, before, known, today)


def _held_against(
    roster: Roster,
    faults: list[Fault],
    rows: list[Row],
    before: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, Mapping[str, str]],
    today: date,
) -> Plan:
    changed = []
    for row in rows:
        if row.person["person"] in known and (change := _change(row.person, before, known, today)):
            changed.append(change)
    new = tuple(row.person for row in rows if row.person["person"] not in known)
    met = {alike(who) for who in roster.seen}
    here = {who: row for who, row in before.items() if not row["left_on"] and not is_login(row)}
    gone = tuple(row for who, row in here.items() if alike(who) not in met)
    return Plan(
        roster, tuple(dict.fromkeys(faults)), tuple(rows), new, tuple(changed), len(rows) - len(new) - len(changed),
        gone, (*roster.notes, *_waiting(roster, rows, known), *_notes(rows, before, known, today)), known,
    )  # fmt: skip


def _waiting(roster: Roster, rows: Iterable[Row], known: Mapping[str, Mapping[str, str]]) -> list[str]:
    """A note for each manager whose own row is left out and whom the registry does not know yet."""
    here = known.keys() | {row.person["person"] for row in rows}
    under = Counter(row.person.get("manager", "") for row in rows)
    return [
        f"people under {who} come in ({many}), and the row of {who} was left out: mend it and import again; until then "
        "the number alone stands as their manager"
        for who, many in under.items()
        if who in roster.seen and who not in here
    ]


def _change(
    person: Mapping[str, str], before: Mapping[str, Mapping[str, Any]], known: Mapping[str, Mapping[str, str]], on: date
) -> Change | None:
    who = person["person"]
    old = known[who]
    fields = {name: (old.get(name, ""), text) for name, text in person.items() if old.get(name, "") != text}
    left = str(before[who]["left_on"] or "")
    back = left if left and left < on.isoformat() else ""
    return Change(who, person["name"], fields, back) if fields or back else None


def _sound(
    roster: Roster,
    rows: Iterable[Row],
    known: Mapping[str, Mapping[str, str]],
    spelt: Mapping[str, str],
    rename: Collection[str],
) -> tuple[list[Row], list[Fault]]:
    """Rows whose number belongs to the person whom the registry knows by it."""
    kept, faults = [], []
    renamed = {alike(who) for who in rename}
    for row in rows:
        who, name = row.person["person"], row.person["name"]
        other = spelt[alike(who)]
        old = known.get(who, {}).get("name", "")
        if other != who and other in known:
            faults.append(roster.fault(row.number, "person", (
                f"a number of its own is wanted, got {who}, and the registry knows {other}: capital letters or zeros "
                f"before make no other person; write {other}, or give somebody else another number"
            )))  # fmt: skip
        elif old and _same_name(old) != _same_name(name) and not renamed & {ALL, alike(who)}:
            faults.append(roster.fault(row.number, "name", (
                f"{old} is wanted, as the registry knows {who}, got {name}; if it is the same person under a new name, "
                f"add --rename {who}; another person needs another number, for results stay with it for ever"
            )))  # fmt: skip
        else:
            kept.append(row)
    return kept, faults


def _same_name(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _under_somebody(
    roster: Roster, rows: Iterable[Row], everybody: Collection[str], spelt: Mapping[str, str], elsewhere: bool
) -> tuple[list[Row], list[Fault]]:
    """The rows with their managers spelt as they are known, and a fault for each manager whom nobody knows."""
    kept, faults = [], []
    for row in rows:
        manager = row.person.get("manager", "")
        if not manager or manager in everybody:
            kept.append(row)
            continue
        other = spelt.get(alike(manager), manager)
        if other in everybody and other.casefold() == manager.casefold():
            kept.append(Row(row.number, {**row.person, "manager": other}))
            continue
        kept.append(row)
        if not elsewhere:
            hint = f"did Excel cut {other}? " if other in everybody else ""
            faults.append(roster.fault(row.number, "manager", (
                f"a staff number of this file or of the registry is wanted, got {manager}; {hint}mend it, leave it "
                "empty, or say with --managers-elsewhere that managers of other houses are meant"
            )))  # fmt: skip
    return kept, faults


def _in_no_loop(roster: Roster, rows: Iterable[Row], known: Mapping[str, Mapping[str, str]]) -> list[Fault]:
    """A fault for each row by which people would manage each other in a ring."""
    above = {who: person["manager"] for who, person in known.items() if person.get("manager")}
    numbers = {}
    for row in rows:
        if "manager" in row.person:
            above[row.person["person"]] = row.person["manager"]
            numbers[row.person["person"]] = row.number
    faults = []
    for ring in loops(above):
        said = " -> ".join((*ring, ring[0]))
        faults += [
            roster.fault(numbers[who], "manager", f"a manager further up is wanted, got a ring: {said}; mend one")
            for who in ring
            if who in numbers
        ]
    return faults


def _notes(
    rows: Iterable[Row], before: Mapping[str, Mapping[str, Any]], known: Mapping[str, Mapping[str, str]], today: date
) -> list[str]:
    """What is worth a look and stops nothing."""
    now = {who: dict(person) for who, person in known.items()}
    now |= {row.person["person"]: {**now.get(row.person["person"], {}), **row.person} for row in rows}
    here = {row.person["person"] for row in rows}
    under: dict[str, int] = {}
    for who, person in now.items():
        if who in here or not before[who]["left_on"]:
            under[person.get("manager", "")] = under.get(person.get("manager", ""), 0) + 1
    left = {who: str(row["left_on"]) for who, row in before.items() if row["left_on"] and who not in here}
    return [
        f"{under[who]} {'person is' if under[who] == 1 else 'people are'} still under {who}, who left on {day}"
        for who, day in left.items()
        if who in under and day < today.isoformat()
    ]


def check_rename(rename: Collection[str], roster: Roster) -> None:
    """Refuse a person whom the file does not hold: the number was mistyped."""
    if strange := sorted(set(rename) - {ALL} - roster.seen):
        raise InputError(f"--rename names {', '.join(strange)}, and {roster.file} has no such person")
