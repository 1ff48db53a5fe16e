"""Who worked where and under whom, and when: postings of a person, the line above, and the tree of the centre."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..centre import own_number
from ..store import Store

__all__ = [
    "Node",
    "Posting",
    "Superior",
    "by_manager",
    "by_place",
    "is_login",
    "line",
    "loops",
    "postings",
    "staff",
    "staff_number",
]

EVER = "9999"
"""After every moment that the registry can name."""


@dataclass(frozen=True)
class Posting:
    """Where a person worked and under whom, from one moment to another (as the registry writes moments)."""

    since: str
    until: str
    site: str
    team: str
    manager: str


@dataclass(frozen=True)
class Superior:
    """Somebody above a person in the line."""

    who: str
    """As the roster names the manager."""
    chain: tuple[str, ...]
    """The people between, from the person up to this one, both included."""
    until: str
    """The moment from which it was no longer so; the end of the time that was asked for when it still was."""


def staff_number(store: Store, who: str) -> str:
    """The staff number of ``who``, which begins with one (``S1001 Zhao Min``) or is one person's name; or empty."""
    plain = " ".join(unicodedata.normalize("NFKC", who).split())
    first = plain.split(" ", 1)[0]
    for spelt in dict.fromkeys((first, first.upper(), first.lower())):  # s1001 is nobody else than S1001
        if spelt and store.rows("people", person=spelt):
            return spelt
    named = store.rows("people", name=plain) if plain else []
    return str(named[0]["person"]) if len(named) == 1 else ""


def postings(store: Store, person: str, since: str = "", until: str = EVER) -> list[Posting]:
    """Where a person worked between two moments; what was first recorded counts for the time before it, too."""
    events = store.events("person.recorded", person)
    starts = ["", *(event.at for event in events[1:])]
    ends = [*(event.at for event in events[1:]), EVER]
    return [
        Posting(start, end, *(str(event.data.get(name) or "") for name in ("site", "team", "manager")))
        for event, start, end in zip(events, starts, ends, strict=False)
        if end > since and start <= until and start < end
    ]


def line(store: Store, person: str, since: str, until: str) -> list[Superior]:
    """Everybody who stood above a person at any moment between two: the manager, that one's manager, and so on up."""
    found: dict[str, Superior] = {}
    waiting: list[tuple[tuple[str, ...], str, str]] = [((person,), since, until)]
    while waiting:
        chain, start, end = waiting.pop(0)
        for posting in postings(store, chain[-1], start, end):
            if not posting.manager:
                continue
            low, high = max(start, posting.since), min(end, posting.until)
            above = staff_number(store, posting.manager) or posting.manager
            if above in chain:
                continue
            if above not in found or found[above].until < high:
                found[above] = Superior(posting.manager, (*chain, above), high)
            waiting.append(((*chain, above), low, high))
    return list(found.values())


# --- the tree of the centre -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """One line of a tree: a site, a team or a person, and how many people stand below."""

    depth: int
    kind: str
    """``site``, ``team``, ``person``, or ``outside`` for a manager who is not among the people."""
    name: str
    below: int
    person: Mapping[str, Any] | None = None
    """The row of the registry, for a person."""


def loops(above: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The rings in a mapping of each person to the manager, each once, from its first person on."""
    done: set[str] = set()
    rings = []
    for start in above:
        path: dict[str, int] = {}
        who = start
        while who in above and who not in done and who not in path:
            path[who] = len(path)
            who = above[who]
        if who in path:
            rings.append(tuple(path)[path[who] :])
        done.update(path)
    return rings


def is_login(row: Mapping[str, Any]) -> bool:
    """Whether somebody called `academy start` under this login and no roster has said anything of the person."""
    told = ("email", "site", "team", "role", "job_level", "manager", "hired_on")
    name = str(row.get("name") or "")
    return bool(name) and row["person"] == own_number(name) and not any(row.get(one) for one in told)


def staff(store: Store, day: date) -> list[Mapping[str, Any]]:
    """Who worked at the centre on a day, as the rosters imported until its end say."""
    last, found = day.isoformat(), dict[str, Mapping[str, Any]]()
    for event in store.events("person.recorded"):
        if event.at[:10] <= last:
            found[event.subject] = {**event.data, "person": event.subject}
    gone = {event.subject: str(event.data["on"]) for event in store.events("person.left")}
    for event in store.events("person.returned"):
        if event.at[:10] <= last:
            gone.pop(event.subject, None)
    return [row for who, row in found.items() if gone.get(who, EVER) >= last and not is_login(row)]


def by_manager(rows: Sequence[Mapping[str, Any]], top: str = "", depth: int = 0) -> Iterator[Node]:
    """People under their managers, from the top or from one of them on; ``depth`` counts the levels, 0 for all.

    A manager who is not among the people stands as one from outside. People in a ring stand under its first one.
    """
    known = {str(row["person"]): row for row in rows}
    under: dict[str, list[str]] = {}
    rings = {ring[0] for ring in loops({who: str(row.get("manager") or "") for who, row in known.items()})}
    for who, row in known.items():
        under.setdefault("" if who in rings else str(row.get("manager") or ""), []).append(who)
    outside = sorted(who for who in under if who and who not in known)
    tops = [top] if top else [*sorted(under.get("", ())), *outside]
    count = _below(tops, under)
    waiting = [(who, 0) for who in reversed(tops)]
    while waiting:
        who, at = waiting.pop()
        found = known.get(who)
        name = f"{who} {found.get('name') or ''}".strip() if found else who
        yield Node(at, "person" if found else "outside", name, count[who], found)
        if not depth or at + 1 < depth:
            waiting += [(one, at + 1) for one in sorted(under.get(who, ()), reverse=True)]


def _below(tops: Sequence[str], under: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many people stand below each, counted from the leaves up."""
    order = list(tops)
    for who in order:
        order += under.get(who, ())
    count: dict[str, int] = {}
    for who in reversed(order):
        count[who] = sum(1 + count[one] for one in under.get(who, ()))
    return count


def by_place(rows: Sequence[Mapping[str, Any]], sites: bool, depth: int = 0) -> Iterator[Node]:
    """People in their teams, and those in their sites if asked."""
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in rows:
        site, team = str(row.get("site") or "-"), str(row.get("team") or "-")
        found.setdefault(site if sites else "", {}).setdefault(team if sites else f"{team}, {site}", []).append(row)
    for site, teams in sorted(found.items()):
        at = 0
        if sites:
            yield Node(0, "site", site, sum(map(len, teams.values())))
            at = 1
        for team, members in sorted(teams.items()):
            if depth and at >= depth:
                break
            yield Node(at, "team", team, len(members))
            if not depth or at + 1 < depth:
                for row in sorted(members, key=lambda row: str(row["person"])):
                    yield Node(at + 1, "person", f"{row['person']} {row.get('name') or ''}".strip(), 0, row)
