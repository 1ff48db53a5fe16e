"""nbgrader's exchange: an assignment goes out to trainees, their work comes in, their feedback goes back."""

from __future__ import annotations

import datetime
import logging
import os
import shutil
import stat
from pathlib import Path
from typing import Any

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment, ExchangeReleaseFeedback
from nbgrader.utils import ignore_patterns

from grader.errors import InputError
from grader.nbcourse._convert import config_of, quiet

__all__ = ["collect", "exchange_of", "offer", "return_feedback"]


def exchange_of(course: Path) -> Path:
    """The folder through which trainer and trainees pass things on, as the course's configuration names it."""
    return Path(config_of(course).Exchange.root)


def offer(course: Path, assignment: str) -> None:
    """Put the release of ``assignment`` into the exchange, where trainees fetch it; an older one is replaced."""
    _run(ExchangeReleaseAssignment, course, assignment)


def collect(course: Path, assignment: str) -> list[str]:
    """Take in the newest submission of every trainee; returns who submitted.

    The exchange is a folder that trainees write: links and pipes in it are left where they are. Raises
    :class:`InputError` after the last one, with the folders that could not be taken in.
    """
    refused = _run(_Collect, course, assignment).refused
    if refused:
        raise InputError(f"the others are collected, but not {'; '.join(refused)}")
    return sorted(path.parent.name for path in course.glob(f"submitted/*/{assignment}") if path.is_dir())


def return_feedback(course: Path, assignment: str) -> None:
    """Give the generated feedback pages back through the exchange."""
    _run(ExchangeReleaseFeedback, course, assignment)


class _Collect(ExchangeCollect):  # type: ignore[misc]
    """nbgrader's own, but one bad folder stops nobody, and nothing of this machine comes along by a link."""

    src_records: list[dict[str, Any]]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.refused: list[str] = []

    def _path_to_record(self, path: str) -> dict[str, Any]:
        try:
            record: dict[str, Any] = super()._path_to_record(path)
            if Path(path).is_symlink() or not Path(path).is_dir():
                raise InputError("it is no folder")
        except (ValueError, OverflowError, ExchangeError, InputError) as error:
            self.refused.append(f"{Path(path).name}: {error}")
            return {"username": None, "filename": "", "timestamp": datetime.datetime.min}
        return record

    def init_src(self) -> None:
        """Find the newest folder of everybody."""
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"] is not None]

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy plain files and folders."""
        where = self.coursedir
        patterns = ignore_patterns(where.ignore, where.include, where.max_file_size, self.log)

        def ignored(folder: str, names: list[str]) -> set[str]:
            odd = {name for name in names if not _is_plain(os.lstat(f"{folder}/{name}").st_mode)}
            return odd | set(patterns(folder, [name for name in names if name not in odd]))

        try:
            if self.get_size(src) > 1000 * where.max_dir_size:
                raise OSError(f"it is larger than {where.max_dir_size} kB")
            shutil.copytree(src, dest, symlinks=True, ignore=ignored, copy_function=_copy)
        except (OSError, RecursionError) as error:
            shutil.rmtree(dest, ignore_errors=True)
            self.refused.append(f"{Path(src).name}: {error}")


def _is_plain(mode: int) -> bool:
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _copy(source: str, target: str) -> None:
    """Copy one file, which may have become something else meanwhile."""
    number = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as file:
        if stat.S_ISREG(os.fstat(number).st_mode):
            with Path(target).open("wb") as copied:
                shutil.copyfileobj(file, copied)


def _run(verb: type, course: Path, assignment: str) -> Any:
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
    return step
