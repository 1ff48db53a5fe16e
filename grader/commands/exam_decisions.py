"""`academy exam decide`, `confirm`, `issue`, `show`: from marks to certificates."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ._options import Nouns, known, say_problems, step, tell

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the steps."""
    step(steps, "decide", "propose the decisions from marks and cuts", _decide)
    step(steps, "confirm", "confirm the decisions as the second person", _confirm)
    step(steps, "issue", "issue the certificates of those who passed", _issue)
    step(steps, "show", "the table of a sitting: people, marks, decisions, certificates", _show, acts=False)


def _decide(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        decisions = certify.decide(academy, given.sitting, given.by)
    lines = [f"{decision.seat:20} {decision.outcome:7} {'; '.join(decision.reasons)}" for decision in decisions]
    lines.append("Proposed. A second person confirms: academy exam confirm")
    tell(given, {"sitting": given.sitting, "decisions": [asdict(one) for one in decisions]}, lines)
    return 0


def _confirm(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        confirmed = list(certify.confirm(academy, given.sitting, given.by))
    line = f"{len(confirmed)} decisions confirmed by {given.by}"
    tell(given, {"sitting": given.sitting, "confirmed": confirmed}, [line])
    return 0


def _issue(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        issued = certify.issue(academy, given.sitting, given.by)
        paths = [academy.centre.certificates / f"{number}.json" for number in issued.numbers]
    say_problems(issued.refused)
    line = f"{len(issued.numbers)} certificates issued, {len(issued.refused)} could not be"
    document = {"sitting": given.sitting, "issued": paths, "refused": [str(one) for one in issued.refused]}
    tell(given, document, [*map(str, paths), line])
    return 1 if issued.refused else 0


def _show(given: argparse.Namespace) -> int:
    from .. import certify, reports

    with certify.Academy(known(given.centre)) as academy:
        sitting = academy.sitting(given.sitting)
        text = reports.decision_text(academy.store, given.sitting)
        seats = academy.seats(given.sitting)
        decisions = academy.store.rows("decisions", sitting=given.sitting)
    tell(given, {"sitting": sitting, "seats": seats, "decisions": decisions}, [text])
    return 0
