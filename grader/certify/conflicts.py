"""Who may not judge whom: line managers up and down, the own team, trainers, and whoever declared an interest."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from .. import people
from ..people.tree import Superior
from ..store import now
from .desk import Academy

__all__ = ["identity", "reasons"]


def identity(academy: Academy, who: str) -> str:
    """Who acts, as one text to compare by: the staff number when ``who`` begins with one of the registry, as in
    ``S1001 Zhao Min``, or is the name of one person there; otherwise a first word with a digit, the number of somebody
    who is in no roster, or the whole text; without regard to capitals, spaces and full-width letters."""
    plain = " ".join(unicodedata.normalize("NFKC", who).split())
    first = plain.partition(" ")[0]
    number = first if any(sign.isdigit() for sign in first) else plain
    return (people.tree.staff_number(academy.store, who) or number).casefold()


def reasons(academy: Academy, who: str, person: str, since: str | None = None) -> list[str]:
    """Why ``who`` may neither mark nor decide on ``person``, one clause each; empty when nothing is known against it.

    What the rosters say of managers and teams counts as it was at any moment from ``since``, when the person sat, until
    now; without it, as it is now. Besides count the facts ``teaching.recorded`` (``trainer``) about the person, and
    ``conflict.declared`` (``with``) about either of the two.
    """
    if identity(academy, who) == identity(academy, person):
        return [f"{who} is {person}"]
    moment = now()
    start = min(since or moment, moment)
    found = [*_in_line(academy, who, person, start, moment), *_in_team(academy, who, person, start, moment)]
    return list(dict.fromkeys([*found, *_declared(academy, who, person)]))


def _in_line(academy: Academy, who: str, person: str, start: str, end: str) -> Iterator[str]:
    """The line above the person, and the one above the judge: who is managed by a candidate is not free either."""
    judge, own = identity(academy, who), people.tree.staff_number(academy.store, who)
    for above in people.tree.line(academy.store, person, start, end):
        if identity(academy, above.who) == judge:
            if len(above.chain) > 2:
                yield f"{who} is above {person} in the line ({_said(above)})"
            elif above.until >= end:
                yield f"{who} manages {person}"
            else:
                yield f"{who} managed {person} until {above.until[:10]}"
    candidate = identity(academy, person)
    for above in people.tree.line(academy.store, own, start, end) if own else ():
        if identity(academy, above.who) == candidate:
            yield f"{who} works under {person} ({_said(above)})"


def _said(above: Superior) -> str:
    return " -> ".join(above.chain)


def _in_team(academy: Academy, who: str, person: str, start: str, end: str) -> Iterator[str]:
    own = people.tree.staff_number(academy.store, who)
    if not own:
        return
    theirs = people.tree.postings(academy.store, person, start, end)
    for mine in people.tree.postings(academy.store, own, start, end):
        for other in theirs:
            together = max(mine.since, other.since) < min(mine.until, other.until)
            if together and mine.team and _same(mine.team, other.team) and _same(mine.site, other.site):
                yield f"{who} is in the team of {person} ({other.team})"


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _declared(academy: Academy, who: str, person: str) -> Iterator[str]:
    judge, candidate = identity(academy, who), identity(academy, person)
    for event in academy.store.events("teaching.recorded", person):
        if judge == identity(academy, event.data.get("trainer", "")):
            yield f"{who} taught {person} ({event.data['what']})"
    own = people.tree.staff_number(academy.store, who)
    for subject, other in ((person, judge), (own, candidate)):
        for event in academy.store.events("conflict.declared", subject) if subject else ():
            if other == identity(academy, event.data.get("with", "")):
                yield f"{who} has a conflict of interest with {person} ({event.data['reason']})"
