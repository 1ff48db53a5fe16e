"""What the answers of a learner say: all of them in a folder, and how ready they are by domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._file import read_progress

__all__ = ["LAST", "Readiness", "attempts", "readiness"]

LAST = 20
"""How many of the last answers in a domain say how ready a learner is."""


@dataclass(frozen=True)
class Readiness:
    """How many of the last answers in a domain were fully right, with the limits that so few answers support."""

    domain: str
    """Its code, e.g. FC."""
    right: int
    """Answers that were fully right."""
    answered: int
    """Answers looked at, at most 20."""
    share: float
    """``right`` ÷ ``answered``."""
    lower: float
    """Lower limit of the share, by Wilson at 95 %."""
    upper: float
    """Upper limit of the share."""


def attempts(folder: Path) -> list[dict[str, Any]]:
    """Every answer that a learner has given in the quizzes of ``folder`` and below, oldest first.

    Parameters
    ----------
    folder : Path
        Where the notebooks with the quizzes are.

    Examples
    --------
    >>> attempts(Path("nobody-practised"))
    []
    """
    found = [entry for path in sorted(folder.rglob("*.progress.jsonl")) for entry in read_progress(path)]
    return sorted((entry for entry in found if entry["event"] == "answer"), key=lambda entry: str(entry["at"]))


def readiness(progress: Iterable[Mapping[str, Any]]) -> list[Readiness]:
    """How ready a learner is, domain by domain: the share of fully right ones among the last answers (at most 20).

    The limits are Wilson's at 95 %: five right answers of five say "somewhere between 57 % and 100 %".

    Parameters
    ----------
    progress : iterable of dict
        Answers, oldest first, each with ``statement`` and ``points`` (0 to 1).

    Examples
    --------
    >>> readiness([{"statement": "FC-2.1", "points": 1.0}] * 5)
    [Readiness(domain='FC', right=5, answered=5, share=1.0, lower=0.566, upper=1.0)]
    """
    from ..quality import wilson_interval

    by_domain: dict[str, list[bool]] = {}
    for entry in progress:
        by_domain.setdefault(str(entry["statement"]).split("-")[0], []).append(entry["points"] >= 1)
    found = []
    for domain, all_answers in sorted(by_domain.items()):
        last = all_answers[-LAST:]
        interval = wilson_interval(sum(last), len(last))
        found.append(Readiness(domain, sum(last), len(last), interval.share, interval.lower, interval.upper))
    return found
