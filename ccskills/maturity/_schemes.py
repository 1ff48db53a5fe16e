"""The schemes of self-assessment that come with the library, and the five levels by which their points are rated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from .._checks import choice
from .._text import Text

__all__ = ["LEVELS", "SCHEMES", "Clause", "Point", "Scheme", "points", "scheme"]

SCHEMES = ("operation", "service_desk", "park")
"""The schemes that come with the library: a contact centre's operation, an IT service desk, a contact-centre park."""

LEVELS: dict[int, Text] = {
    1: Text("Initial: done by chance, by whoever happens to care", "初始级：靠偶然，靠个人自觉"),
    2: Text("Repeatable: done again and again, resting on individuals", "可重复级：反复做到，但仍依赖个人"),
    3: Text("Defined: written down, known and followed everywhere", "已定义级：有文件、人人知晓、普遍执行"),
    4: Text("Managed: measured, and kept within limits by data", "量化管理级：有测量，以数据控制在限值之内"),
    5: Text("Optimizing: improved again and again, ahead of need", "优化级：持续改进，走在需求前面"),
}
"""The five levels by which each point is rated, in the order of the operation standard."""


@dataclass(frozen=True)
class Point:
    """One statement to rate."""

    id: str
    """Clause and running number, such as 1.5-3."""
    statement: Text
    """What is so in a mature centre."""
    evidence: Text
    """What an assessor asks to see."""


@dataclass(frozen=True)
class Clause:
    """A subject of the scheme with its points."""

    id: str
    dimension: str
    name: Text
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Scheme:
    """A set of dimensions, clauses and points to assess by."""

    key: str
    name: Text
    dimensions: Mapping[str, Text]
    clauses: tuple[Clause, ...]


def scheme(key: str = "operation") -> Scheme:
    """A scheme with its clauses and points in both languages.

    "operation" has the five groups and 30 clauses of the operation standard; its 170 points, like those of the other
    two, are written for this library.

    Parameters
    ----------
    key : str, optional
        One of `SCHEMES`.

    Returns
    -------
    Scheme

    Examples
    --------
    >>> ours = scheme()
    >>> len(ours.clauses), sum(len(clause.points) for clause in ours.clauses)
    (30, 170)
    >>> ours.dimensions["4"].say("zh")
    '客户体验'
    >>> scheme("bank")
    Traceback (most recent call last):
    ValueError: scheme must be one of operation, service_desk, park, got 'bank'
    """
    return _read(choice("scheme", key, SCHEMES))


@cache
def _read(key: str) -> Scheme:
    """The scheme from its file."""
    data = tomllib.loads(files(__package__).joinpath("schemes", f"{key}.toml").read_text("utf-8"))
    clauses = tuple(
        Clause(
            clause["id"],
            clause["id"].split(".")[0],
            Text(clause["en"], clause["zh"]),
            tuple(
                Point(f"{clause['id']}-{at}", Text(en, zh), Text(show, show_zh))
                for at, (en, zh, show, show_zh) in enumerate(clause["points"], 1)
            ),
        )
        for clause in data["clause"]
    )
    names = {dimension["id"]: Text(dimension["en"], dimension["zh"]) for dimension in data["dimension"]}
    return Scheme(key, Text(**data["name"]), names, clauses)


def points(key: str = "operation", language: str = "en") -> pd.DataFrame:
    """The points of a scheme as a sheet to fill in: save it, rate it, read it back and hand it to `assess`.

    Parameters
    ----------
    key : str, optional
        One of `SCHEMES`.
    language : str, optional
        "en" or "zh".

    Returns
    -------
    DataFrame
        Indexed by `point`: `dimension`, `clause`, `statement`, `asked` (evidence to look for), and the empty columns
        `level` (1 to 5, or 0 where the point does not apply) and `evidence` (what was seen).

    Examples
    --------
    >>> sheet = points("park")
    >>> len(sheet), sheet.loc["2.1-2", "asked"]
    (40, 'line map')
    """
    rows = [
        (point.id, clause.dimension, clause.id, point.statement.say(language), point.evidence.say(language), pd.NA, "")
        for clause in scheme(key).clauses
        for point in clause.points
    ]
    names = ["point", "dimension", "clause", "statement", "asked", "level", "evidence"]
    return pd.DataFrame(rows, columns=names).astype({"level": "Int64"}).set_index("point")
