"""Every error that the engine raises on purpose, drawn as one tree.

::

    AcademyError            a user caused it or can mend it; the command prints its sentence, exits with 2
    |-- InputError          a file, row, cell or option is not as wanted: what was wanted, what came, where
    |   |-- ItemError       an item, case or practical in question_bank/
    |   |-- LessonError     a lesson in courses/source/
    |   |-- RulesError      framework.yml or scheme.yml
    |   `-- RosterError     a row of a people file
    |-- MissingToolError    a program of the system is missing: carries the line that installs it
    |-- RoomError           the exam room refuses: not open, closed, wrong code, no such seat
    |-- GradingError        one submission cannot be graded: marked so, never stops the others
    |-- RuleBroken          a rule of the scheme forbids the step (who may confirm, who may sit)
    `-- RegistryError       the registry cannot be read or its chain does not hold

Catch :class:`AcademyError` at the entry (command, room); catch a leaf only where the caller can go on without it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "AcademyError",
    "GradingError",
    "InputError",
    "ItemError",
    "LessonError",
    "MissingToolError",
    "Problem",
    "RegistryError",
    "RoomError",
    "RosterError",
    "RuleBroken",
    "RulesError",
]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file: where, and one sentence with what was wanted, what came and what to do."""

    where: str
    """``path:line`` relative to the folder that was read, or ``path`` when no line is known."""
    sentence: str

    @property
    def line(self) -> int:
        """The line of the file, 0 when none is known."""
        number = self.where.rpartition(":")[2]
        return int(number) if number.isdigit() else 0

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


class AcademyError(Exception):
    """Root: its text is one clear sentence for the person at the keyboard."""


class InputError(AcademyError):
    """A file, row, cell or option is not as wanted."""


class ItemError(InputError):
    """An item, case set or practical task of the question bank cannot be used."""


class LessonError(InputError):
    """A lesson source cannot be built; the other lessons are not concerned."""


class RulesError(InputError):
    """framework.yml or scheme.yml breaks its own rules."""


class RosterError(InputError):
    """A people file cannot be imported."""


class MissingToolError(AcademyError):
    """A program of the system is missing; the sentence ends with the line that installs it."""


class RoomError(AcademyError):
    """The exam room refuses a request; ``status`` is the HTTP status that says so, ``zh`` the sentence in Chinese."""

    def __init__(self, sentence: str, status: int = 403, *, zh: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.zh = zh or f"考场无法完成此操作（{status}），请联系监考人员。"


class GradingError(AcademyError):
    """A submission cannot be graded: it is marked so, with this reason, and the batch goes on."""


class RuleBroken(AcademyError):
    """A rule of the scheme forbids the step."""


class RegistryError(AcademyError):
    """The registry cannot be opened, is of a newer version, or its chain of hashes does not hold."""
