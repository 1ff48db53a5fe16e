"""Whether a form is fit for certification, said by the form itself, each reason with its figure."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Quality
from .gate import GATES

__all__ = ["Check", "Fitness", "fitness"]

_LEAST = GATES[1].least


@dataclass(frozen=True)
class Check:
    """One thing that a form for certification needs; ``holds`` is None while it cannot be known yet."""

    name: str
    wanted: str
    has: str
    holds: bool | None


@dataclass(frozen=True)
class Fitness:
    """All checks of one form."""

    checks: tuple[Check, ...]

    @property
    def fit(self) -> bool | None:
        """True when every check holds, False when one fails, None while one is open and none fails."""
        held = [check.holds for check in self.checks]
        return False if False in held else None if None in held else True

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        wrong = "; ".join(
            f"{check.name} {check.has}, wanted {check.wanted}" for check in self.checks if not check.holds
        )
        if self.fit:
            return "fit for certification"
        return f"{'not yet known to be' if self.fit is None else 'not'} fit for certification: {wrong}"


def fitness(
    *,
    scored: int,
    scored_wanted: int,
    judges: int | None,
    answers: int,
    alpha: float | None,
    consistency: float | None,
    quality: Quality,
) -> Fitness:
    """Hold a form against the scheme: number of scored items, panel of judges, alpha and decision consistency.

    ``judges`` is None while no panel has set the cut; alpha and consistency count from 30 answers on.
    """
    return Fitness(
        (
            Check("scored items", f"{scored_wanted} or more", str(scored), scored >= scored_wanted),
            Check(
                "judges of the cut",
                f"{quality.judges_least} to {quality.judges_most}",
                "no panel" if judges is None else str(judges),
                judges is not None and quality.judges_least <= judges <= quality.judges_most,
            ),
            _figure("alpha", alpha, quality.alpha, answers),
            _figure("decision consistency", consistency, quality.consistency, answers),
        )
    )


def _figure(name: str, value: float | None, least: float, answers: int) -> Check:
    wanted = f"{least:.2f} or more"
    if answers < _LEAST:
        return Check(
            name,
            f"{wanted} from {_LEAST} candidates",
            f"of {answers} candidate{'' if answers == 1 else 's'} is not judged yet",
            None,
        )
    if value is None:
        return Check(name, wanted, "cannot be computed", False)
    return Check(name, wanted, f"{value:.3f}", value >= least)
