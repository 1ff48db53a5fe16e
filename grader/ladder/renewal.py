"""What renews a certificate: hours of credit by category, the share whose evidence is looked at, the new term."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..model import KeepingRules, digest
from ._dates import add_months

__all__ = ["Counted", "Credit", "Tally", "drawn", "renewed_term", "tally"]


@dataclass(frozen=True)
class Credit:
    """Hours that somebody earned towards a renewal."""

    name: str
    """The person's number and a running one, e.g. ``A1001/3``."""
    category: str
    hours: float
    on: date
    what: str = ""
    evidence: str = ""
    """Where the proof of it lies."""
    refused: str = ""
    """Why it does not count; empty for one that was not refused."""
    finding: str = ""
    """What somebody found who looked at its evidence: ``stands`` or ``fails``; empty before that."""


@dataclass(frozen=True)
class Counted:
    """A credit, the hours of it that count, and why not all of them do."""

    credit: Credit
    hours: float
    why: str = ""


@dataclass(frozen=True)
class Tally:
    """The credits of a renewal against what it asks for."""

    wanted: int
    hours: float
    """What counts, over all categories."""
    lines: tuple[Counted, ...]
    missing: tuple[str, ...]
    """What the renewal still lacks, a clause each; empty when it has all."""


def tally(
    credits: Iterable[Credit],
    rules: KeepingRules,
    level: int,
    wanted: int,
    earned: tuple[date, date],
    used: Collection[str] = (),
) -> Tally:
    """Count credits for a renewal at a level that asks for ``wanted`` hours.

    Only what was ``earned`` between two days (both included) counts, and of each category no more than its share of
    ``wanted``; what comes first is counted first. ``used`` names credits that an earlier renewal counted.
    """
    room = {code: wanted * rule.most_percent / 100 for code, rule in rules.credits.items()}
    lines = []
    for one in sorted(credits, key=lambda one: (one.on, len(one.name), one.name)):
        why = _against(one, rules, earned, used)
        hours = 0.0 if why else min(one.hours, room[one.category])
        if not why:
            room[one.category] -= hours
            if hours < one.hours:
                most = wanted * rules.credits[one.category].most_percent / 100
                why = f"{one.category} counts for at most {most:g} of the {wanted} hours"
        lines.append(Counted(one, hours, why))
    hours = sum(line.hours for line in lines)
    missing = [f"{wanted - hours:g} hours are missing, {hours:g} of {wanted} count"] if hours < wanted else []
    for code, rule in rules.credits.items():
        has = sum(line.hours for line in lines if line.credit.category == code)
        if rule.from_level is not None and level >= rule.from_level and not has:
            missing.append(f"{code}: from level {rule.from_level} on some of the hours come from it")
    return Tally(wanted, hours, tuple(lines), tuple(missing))


def _against(one: Credit, rules: KeepingRules, earned: tuple[date, date], used: Collection[str]) -> str:
    """Why a credit counts for nothing; empty when nothing is against it."""
    first, last = earned
    if one.refused:
        return f"refused: {one.refused}"
    if one.category not in rules.credits:
        return f"the scheme has no category {one.category}; it has {', '.join(rules.credits)}"
    if one.name in used:
        return "counted for an earlier renewal"
    if one.on < first:
        return f"earned on {one.on}, and this renewal counts from {first} on"
    return f"earned on {one.on}, after {last}" if one.on > last else ""


def drawn(number: str, seed: str, percent: int) -> bool:
    """Whether the renewal of a certificate is one of those whose evidence is looked at.

    The same number and seed always give the same answer. The seed is the hash of the fact that issued the certificate:
    nobody can steer it, and everybody who has the registry can draw again.

    >>> [drawn("L2-202611-0A1B2C3D", "seed", percent) for percent in (0, 100)]
    [False, True]
    """
    return int(digest({"number": number, "seed": seed})[:12], 16) * 100 < percent * 16**12


def renewed_term(ends: date, on: date, months: int) -> tuple[date, date]:
    """First and last day of the certificate that renews one which ends on ``ends``, when it is renewed on ``on``.

    Its months are counted from the end of the old one, also when it is renewed late: nobody gains or loses days by the
    day on which the papers came. Late, it begins on the day of the renewal, and the days between are not certified.

    >>> renewed_term(date(2027, 2, 28), date(2026, 12, 1), 36), renewed_term(date(2027, 2, 28), date(2027, 4, 1), 36)
    ((datetime.date(2027, 3, 1), datetime.date(2030, 2, 28)), (datetime.date(2027, 4, 1), datetime.date(2030, 2, 28)))
    """
    return (ends + timedelta(days=1) if on <= ends else on), add_months(ends, months)
