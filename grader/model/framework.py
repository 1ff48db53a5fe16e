"""What people of each level can do: domains, cells and statements."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model.words import Bilingual

__all__ = [
    "Cell",
    "Domain",
    "Framework",
    "Level",
    "Statement",
]


@dataclass(frozen=True)
class Level:
    """A rung of the ladder, 1 senior agent to 5 general manager."""

    number: int
    code: str
    name: Bilingual


@dataclass(frozen=True)
class Statement:
    """One thing that a person of a level can do in a domain; ``code`` is never reused."""

    code: str
    text: Bilingual


@dataclass(frozen=True)
class Cell:
    """One domain at one level: its statements and where they come from."""

    code: str
    level: int
    statements: tuple[Statement, ...]
    seeds: tuple[str, ...]
    demoi: tuple[str, ...]


@dataclass(frozen=True)
class Domain:
    """A field of competence with its weight (percent of the scored exam) at each of the five levels."""

    code: str
    name: Bilingual
    core: bool
    weights: tuple[int, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Framework:
    """Levels, domains and statements, as read from ``question_bank/framework.yml``."""

    version: str
    levels: tuple[Level, ...]
    domains: tuple[Domain, ...]

    def statement(self, code: str) -> Statement:
        """The statement with this code; ``KeyError`` when there is none."""
        for domain in self.domains:
            for cell in domain.cells:
                for statement in cell.statements:
                    if statement.code == code:
                        return statement
        raise KeyError(code)

    def level(self, number: int) -> Level:
        """The level with this number, 1 to 5."""
        return self.levels[number - 1]
