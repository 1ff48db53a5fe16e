"""nbgrader's exchange: an assignment goes out to trainees, their work comes in, their feedback goes back."""

from __future__ import annotations

import logging
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment, ExchangeReleaseFeedback

from grader.errors import InputError
from grader.nbcourse._convert import config_of, quiet

__all__ = ["collect", "offer", "return_feedback"]


def offer(course: Path, assignment: str) -> None:
    """Put the release of ``assignment`` into the exchange, where trainees fetch it; an older one is replaced."""
    _run(ExchangeReleaseAssignment, course, assignment)


def collect(course: Path, assignment: str) -> list[str]:
    """Take in the newest submission of every trainee; returns who submitted."""
    _run(ExchangeCollect, course, assignment)
    return sorted(path.parent.name for path in course.glob(f"submitted/*/{assignment}") if path.is_dir())


def return_feedback(course: Path, assignment: str) -> None:
    """Give the generated feedback pages back through the exchange."""
    _run(ExchangeReleaseFeedback, course, assignment)


def _run(verb: type, course: Path, assignment: str) -> None:
    config = config_of(course)
    log = logging.getLogger("academy.exchange")
    log.setLevel(logging.CRITICAL)  # nbgrader logs what the error says again
    where = CourseDirectory(config=config, log=log)
    where.assignment_id = assignment
    step = verb(coursedir=where, authenticator=Authenticator(config=config), config=config, log=log)
    for option in ("force", "update"):
        if option in step.trait_names():
            setattr(step, option, True)
    with quiet():
        try:
            step.start()
        except ExchangeError as error:
            raise InputError(f"the exchange refuses {assignment!r}: {error}") from error
