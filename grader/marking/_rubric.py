"""Rubrics: the lines that earn points, and what a marker gave for each of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from ..errors import InputError
from ..model import Bilingual, Criterion

__all__ = ["read_rubric", "rubric_points", "whole_rubric"]

ROW = re.compile(r"^\|\s*(\d+(?:\.\d+)?)\s*\|\s*(.+?)\s*\|\s*$", re.M)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def read_rubric(en: str, zh: str) -> tuple[Criterion, ...]:
    """The rubric of a written task: the rows ``| points | what earns them |`` of its text, in both languages.

    Empty when there are none; :class:`InputError` when the languages do not give the same points.

    >>> read_rubric("| Points | For |\\n|---|---|\\n| 2 | the cause |", "| 分值 | 得分点 |\\n|---|---|\\n| 2 | 原因 |")
    (Criterion(id='a', text=Bilingual(en='the cause', zh='原因'), points=2.0),)
    """
    rows_en, rows_zh = ROW.findall(en), ROW.findall(zh)
    given = [[float(points) for points, _ in rows] for rows in (rows_en, rows_zh)]
    if given[0] != given[1] or len(rows_en) > len(LETTERS):
        raise InputError(
            f"a rubric gives the same points, at most {len(LETTERS)} rows of them, in both languages, "
            f"got {given[0]} in English and {given[1]} in Chinese"
        )
    return tuple(
        Criterion(letter, Bilingual(one[1], two[1]), float(one[0]))
        for letter, one, two in zip(LETTERS, rows_en, rows_zh, strict=False)
    )


def whole_rubric(points: float) -> tuple[Criterion, ...]:
    """The rubric of an answer that has none: one line for all its points."""
    return (Criterion("a", Bilingual("The whole answer", "整个答案"), points),)


def rubric_points(rubric: Sequence[Criterion], given: Mapping[str, object], step: float) -> float:
    """The points of an answer from those of each criterion, each from 0 to its points in steps of ``step``.

    >>> lines = (Criterion("a", Bilingual("cause", "原因"), 2.0), Criterion("b", Bilingual("date", "日期"), 1.0))
    >>> rubric_points(lines, {"a": 1.5, "b": 1}, 0.5)
    2.5
    >>> rubric_points(lines, {"a": 3, "b": 1}, 0.5)
    Traceback (most recent call last):
    grader.errors.InputError: criterion a takes 0 to 2 points in steps of 0.5, got 3
    """
    ids = [line.id for line in rubric]
    if set(given) != set(ids):
        raise InputError(f"each of the criteria {', '.join(ids)} wants points, got them for {_said(given)}")
    total = 0.0
    for line in rubric:
        points = given[line.id]
        number = float(points) if isinstance(points, int | float) and not isinstance(points, bool) else math.nan
        if not (0 <= number <= line.points and (number / step).is_integer() | (number == line.points)):
            raise InputError(
                f"criterion {line.id} takes 0 to {line.points:g} points in steps of {step:g}, got {points}"
            )
        total += number
    return total


def _said(given: Mapping[str, object]) -> str:
    return ", ".join(map(str, given)) or "none"
