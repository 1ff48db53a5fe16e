"""A batch on the screen: one line that moves on a terminal, plain lines elsewhere, and the table at the end."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TextIO

from grader.autograde._batch import Report, Row, Watch
from grader.errors import InputError

__all__ = ["Screen", "check_writable", "table", "write_json"]

_EVERY_S = 10.0
"""How often a log gets a line; a terminal's line moves with every submission."""


class Screen(Watch):
    """Progress on standard error, with the time that is left by the pace so far."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._total = self._done = self._fresh = 0
        self._began = self._said = time.monotonic()

    def say(self, sentence: str) -> None:
        """A line of its own."""
        print(f"\r\x1b[K{sentence}" if self._terminal else sentence, file=self._stream, flush=True)

    def begin(self, total: int) -> None:
        """Count from here."""
        self._total, self._began = total, time.monotonic()

    def done(self, student: str, outcome: str, fresh: bool) -> None:
        """Move on by one."""
        self._done += 1
        self._fresh += fresh
        now, last = time.monotonic(), self._done == self._total
        if self._terminal:
            print(f"\r\x1b[K{self._line(now)}", end="\n" if last else "", file=self._stream, flush=True)
        elif last or outcome == "failed" or now - self._said >= _EVERY_S:
            said = self._line(now)
            print(f"{said}, {student} failed" if outcome == "failed" else said, file=self._stream, flush=True)
            self._said = now

    def _line(self, now: float) -> str:
        left = self._total - self._done
        if not left:
            return f"{self._done}/{self._total} done in {_clock(now - self._began)}"
        pace = (now - self._began) / self._fresh if self._fresh else 0.0
        return (
            f"{self._done}/{self._total} done, about {_clock(pace * left)} left"
            if pace
            else f"{self._done}/{self._total} done"
        )


def table(report: Report) -> str:
    """Every submission with its score and what became of it, and a line that counts."""
    rows = [("student", "score", "outcome", ""), *(_words(row) for row in report.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) for row in rows
    ]
    count = {
        state: sum(row.outcome == state for row in report.rows) for state in ("graded", "needs a person", "failed")
    }
    done = len(report.rows) - report.fresh
    one = {"needs a person": "need a person"}
    said = ", ".join(f"{number} {state if number == 1 else one.get(state, state)}" for state, number in count.items())
    total = f"{len(report.rows)} submission{'' if len(report.rows) == 1 else 's'}: {said}"
    before = f"; {done} {'was' if done == 1 else 'were'} done before" if done else ""
    return "\n".join([*(line.rstrip() for line in lines), "", total + before])


def _words(row: Row) -> tuple[str, str, str, str]:
    single = len({cell.split("/", 1)[0] for cell in row.cells}) <= 1
    cells = [f"{cell.split('/', 1)[1] if single else cell}: {why}" for cell, why in row.cells.items()]
    score = "-" if row.score is None else f"{row.score:g} of {row.max_score:g}"
    return row.student, score, row.outcome, "; ".join([row.reason, *cells] if row.reason else cells)


def check_writable(path: Path) -> None:
    """Say before the work, not after it, that the report cannot be written."""
    if path.is_dir() or not path.parent.is_dir():
        raise InputError(f"{path} is no place for a file: give a name in a folder that is there")


def write_json(report: Report, path: Path) -> None:
    """The report as a file: whole, or as it was before."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")
        fresh.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
