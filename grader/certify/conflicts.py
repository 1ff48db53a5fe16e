"""Who may not judge whom: the candidate, the candidate's manager or trainer, and whoever declared a conflict."""

from __future__ import annotations

import unicodedata

from .desk import Academy

__all__ = ["identity", "reasons"]


def identity(academy: Academy, who: str) -> str:
    """Who acts, as one text to compare by: the staff number when ``who`` begins with one of the registry, as in
    ``S1001 Zhao Min``, or is the name of one person there; otherwise the whole text without regard to capitals, spaces
    and full-width letters."""
    plain = " ".join(unicodedata.normalize("NFKC", who).split())
    first = plain.split(" ", 1)[0]
    if first and academy.store.rows("people", person=first):
        return first.casefold()
    named = academy.store.rows("people", name=plain)
    return str(named[0]["person"]).casefold() if len(named) == 1 else plain.casefold()


def reasons(academy: Academy, who: str, person: str) -> list[str]:
    """Why ``who`` may neither mark nor decide on ``person``, one clause each; empty when nothing is known against it.

    It rests on the roster's manager and on the facts ``teaching.recorded`` (``trainer``) and ``conflict.declared``
    (``with``) about the person.
    """
    judge, found = identity(academy, who), []
    if judge == identity(academy, person):
        found.append(f"{who} is {person}")
    managers = {row["manager"] for row in academy.store.rows("people", person=person) if row["manager"]}
    if judge in {identity(academy, manager) for manager in managers}:
        found.append(f"{who} manages {person}")
    for event in academy.store.events("teaching.recorded", person):
        if judge == identity(academy, event.data["trainer"]):
            found.append(f"{who} taught {person} ({event.data['what']})")
    for event in academy.store.events("conflict.declared", person):
        if judge == identity(academy, event.data["with"]):
            found.append(f"{who} has a conflict of interest with {person} ({event.data['reason']})")
    return list(dict.fromkeys(found))
