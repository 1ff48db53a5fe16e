"""How mature a centre is: a self-assessment by points with evidence, the gaps that it shows, and the way to close them.

Levels go from 1 to 5. What nobody can show does not count as more than a habit: a point rated 3 or more without
evidence is counted as 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import choice, columns, number, numbers, whole
from .._guards import instance, listing, mapping
from ._schemes import LEVELS, SCHEMES, Clause, Point, Scheme, points, scheme

__all__ = [
    "LEVELS",
    "SCHEMES",
    "Assessment",
    "Clause",
    "Point",
    "Scheme",
    "assess",
    "combine",
    "gaps",
    "points",
    "progress",
    "roadmap",
    "scheme",
]

UNPROVED = 2
REACHED = 0.75


@dataclass(frozen=True)
class Assessment:
    """Where a centre stands."""

    scheme: str
    """Key of the scheme."""
    points: pd.DataFrame
    """Per point: `clause`, `dimension`, `rated`, `evidence`, `counted` (2 for want of proof; <NA>: does not apply)."""
    clauses: pd.DataFrame
    """Per clause: `dimension`, `points` that apply, `mean`, `level`, `unproved` (lowered for want of evidence)."""
    dimensions: pd.DataFrame
    """Per dimension: `points`, `mean`, `level`, `unproved`."""
    level: int
    """The whole: by the same rule over all points, and never above the lowest dimension by more than one."""


def assess(ratings: pd.DataFrame, key: str = "operation") -> Assessment:
    """Level of every clause, every dimension and the whole from rated points.

    A group of points stands at the highest level that at least three quarters of its points have reached and that no
    point misses by more than one. Points rated 3 or more without evidence are counted as 2.

    Parameters
    ----------
    ratings : DataFrame
        Indexed by point (see `points`), columns `level` (1 to 5; 0: does not apply, then `evidence` says why) and
        `evidence` (text, empty when nothing was seen). Every point of the scheme must be there once.
    key : str, optional
        One of `SCHEMES`.

    Returns
    -------
    Assessment

    Examples
    --------
    >>> sheet = points("park").assign(level=3, evidence="seen on 12 May")
    >>> sheet.loc["2.1-2", "evidence"] = ""
    >>> found = assess(sheet, "park")
    >>> found.level, found.clauses.loc["2.1", ["mean", "level", "unproved"]].to_dict()
    (3, {'mean': 2.75, 'level': 3.0, 'unproved': 1.0})
    >>> assess(sheet.drop("2.1-2"), "park")
    Traceback (most recent call last):
    ValueError: ratings must hold every point of the scheme park once, got no 2.1-2
    """
    table = _rated(ratings, key)
    applies = table["counted"].notna()
    clauses = _levels(table[applies], "clause")
    clauses.insert(0, "dimension", [name.split(".")[0] for name in clauses.index])
    dimensions = _levels(table[applies], "dimension")
    level = min(_reached(table.loc[applies, "counted"].to_numpy(dtype=np.int64)), int(dimensions["level"].min()) + 1)
    return Assessment(key, table, clauses, dimensions, level)


def _rated(ratings: Any, key: str) -> pd.DataFrame:
    """The ratings in the order of the scheme, checked, with the level that counts."""
    sheet = points(key)
    given = columns("ratings", ratings, ["level", "evidence"])
    doubled = given.index[given.index.duplicated()]
    missing = [point for point in sheet.index if point not in given.index]
    foreign = [point for point in given.index if point not in sheet.index]
    for found, what in ((missing, "no "), (list(doubled), "twice "), (foreign, "besides ")):
        if found:
            raise ValueError(f"ratings must hold every point of the scheme {key} once, got {what}{found[0]}")
    given = given.loc[sheet.index]
    blank = given.index[given["level"].isna()]
    if len(blank):
        raise ValueError(f"level must be from 1 to 5, or 0 where a point does not apply, got none for {blank[0]}")
    level = numbers("level", given["level"].to_numpy(dtype=object))
    odd = ~np.isin(level, range(6))
    if odd.any():
        at = int(np.argmax(odd))
        raise ValueError(f"level must be a whole number from 0 to 5, got {level[at]:g} for {sheet.index[at]}")
    shown = given["evidence"].astype(object)
    seen = shown.where(shown.notna(), "").astype(str).str.strip()
    unexplained = (level == 0) & (seen == "").to_numpy()
    if unexplained.any():
        raise ValueError(
            f"evidence must say why {sheet.index[int(np.argmax(unexplained))]} does not apply, got nothing"
        )
    if not level.any():
        raise ValueError("level must be above 0 for at least one point, got 0 for all")
    counted = np.where((level > UNPROVED) & (seen == "").to_numpy(), UNPROVED, level)
    table = sheet[["clause", "dimension"]].assign(rated=level.astype(np.int64), evidence=seen)
    return table.assign(counted=pd.array(counted.astype(np.int64), dtype="Int64")).assign(
        counted=lambda rows: rows["counted"].mask(rows["rated"] == 0)
    )


def _reached(levels: np.ndarray[Any, np.dtype[np.int64]]) -> int:
    """The highest level that three quarters of the points have and none misses by more than one."""
    held = [level for level in LEVELS if (levels >= level).mean() >= REACHED and levels.min() >= level - 1]
    return max(held)


def _levels(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Points, mean, level and unproved points of each group."""
    rows = {
        name: (
            len(group),
            float(group["counted"].mean()),
            _reached(group["counted"].to_numpy(dtype=np.int64)),
            int((group["counted"] < group["rated"]).sum()),
        )
        for name, group in table.groupby(by, sort=False)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["points", "mean", "level", "unproved"]).rename_axis(by)


def combine(ratings: Sequence[pd.DataFrame], key: str = "operation") -> pd.DataFrame:
    """One sheet from several assessors: the lower median of their levels, with what they differ about.

    Parameters
    ----------
    ratings : sequence of DataFrame
        Two or more sheets as for `assess`, one per assessor (leader, peer, agent, client ...).
    key : str, optional
        One of `SCHEMES`.

    Returns
    -------
    DataFrame
        A sheet for `assess`, with `spread` (highest - lowest level) and `settle` (True where the spread is 2 or more:
        talk before you count).

    Examples
    --------
    >>> one = points("park").assign(level=4, evidence="seen")
    >>> two = one.assign(level=2)
    >>> both = combine([one, two], "park")
    >>> both["level"].unique().tolist(), int(both["settle"].sum())
    ([2], 40)
    """
    if isinstance(ratings, pd.DataFrame) or len(listing("ratings", ratings)) < 2:
        raise ValueError("ratings must hold the sheets of at least two assessors, got one")
    sheets = [_rated(sheet, key) for sheet in ratings]
    levels = np.array([sheet["rated"].to_numpy() for sheet in sheets])
    mixed = (levels == 0).any(axis=0) & (levels > 0).any(axis=0)
    if mixed.any():
        point = sheets[0].index[int(np.argmax(mixed))]
        raise ValueError(f"the assessors must agree whether a point applies, got both for {point}")
    median = np.sort(levels, axis=0)[(len(sheets) - 1) // 2]
    seen = [
        "; ".join(dict.fromkeys(text for text in texts if text))
        for texts in zip(*(s["evidence"] for s in sheets), strict=True)
    ]
    spread = levels.max(axis=0) - levels.min(axis=0)
    table = {"level": median, "evidence": seen, "spread": spread, "settle": spread >= 2}
    return pd.DataFrame(table, index=sheets[0].index)


def gaps(assessment: Assessment, target: int | Mapping[str, int] = 3) -> pd.DataFrame:
    """What is missing to the target, clause by clause, the widest gap first.

    Parameters
    ----------
    assessment : Assessment
        From `assess`.
    target : int or mapping, optional
        Level from 1 to 5 for all clauses, or a mapping of dimension or clause to level; the clause goes before its
        dimension, and what is not named has no target.

    Returns
    -------
    DataFrame
        Indexed by `clause`: `name_en`, `name_zh`, `level`, `target`, `gap`, `points_below`, `steps` (levels to climb,
        summed over the points), `to_prove` (points that only want evidence).

    Examples
    --------
    >>> sheet = points("park").assign(level=3, evidence="seen")
    >>> sheet.loc["5.1-1", "level"] = 1
    >>> gaps(assess(sheet, "park")).loc["5.1", ["level", "target", "gap", "steps"]].to_dict()
    {'level': 2, 'target': 3, 'gap': 1, 'steps': 2}
    """
    instance("assessment", assessment, Assessment, "one from assess(ratings)")
    wanted = _targets(assessment, target)
    rows = {}
    for clause in scheme(assessment.scheme).clauses:
        if clause.id not in wanted or clause.id not in assessment.clauses.index:
            continue
        goal, level = wanted[clause.id], int(assessment.clauses.loc[clause.id, "level"])
        mine = assessment.points[assessment.points["clause"] == clause.id]
        short = (goal - mine["counted"].dropna().astype(np.int64)).clip(lower=0)
        to_prove = int(((mine["rated"] >= goal) & (mine["counted"] < goal)).sum())
        steps = (int((short > 0).sum()), int(short.sum()), to_prove)
        rows[clause.id] = (clause.name.en, clause.name.zh, level, goal, max(goal - level, 0), *steps)
    names = ["name_en", "name_zh", "level", "target", "gap", "points_below", "steps", "to_prove"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("clause")
    return table.sort_values(["gap", "steps"], ascending=False, kind="stable")


def _targets(assessment: Assessment, target: Any) -> dict[str, int]:
    """The target of each clause that has one."""
    clauses = scheme(assessment.scheme).clauses
    if not isinstance(target, Mapping):
        level = whole("target", target, most=5)
        return {clause.id: level for clause in clauses}
    known = {clause.id for clause in clauses} | {clause.dimension for clause in clauses}
    for name, level in target.items():
        choice("target", name, sorted(known))
        whole(f"target of {name}", level, most=5)
    found = {clause.id: target.get(clause.id, target.get(clause.dimension)) for clause in clauses}
    return {clause: int(level) for clause, level in found.items() if level is not None}


def roadmap(
    assessment: Assessment,
    target: int | Mapping[str, int] = 3,
    steps_per_quarter: int = 20,
    value: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """An order of work: which point is raised to which level in which quarter.

    One step raises one point by one level. What only wants evidence comes first, then the lowest levels, so that no
    level is built on a hole; among equals the clause of higher value goes first. No point climbs twice in a quarter.

    Parameters
    ----------
    assessment : Assessment
        From `assess`.
    target : int or mapping, optional
        As in `gaps`.
    steps_per_quarter : int, optional
        Steps that the centre can take in one quarter.
    value : mapping, optional
        Worth of a clause or a dimension, 1 where it is not named; 0 or more.

    Returns
    -------
    DataFrame
        `quarter`, `point`, `clause`, `before`, `after`, `prove` (True: show evidence for what is already done).

    Examples
    --------
    >>> sheet = points("park").assign(level=2, evidence="seen")
    >>> plan = roadmap(assess(sheet, "park"), target=3, steps_per_quarter=15, value={"4": 2})
    >>> plan.groupby("quarter")["point"].count().tolist(), plan["clause"].iloc[0]
    ([15, 15, 10], '4.1')
    """
    instance("assessment", assessment, Assessment, "one from assess(ratings)")
    most = whole("steps_per_quarter", steps_per_quarter)
    wanted = _targets(assessment, target)
    clauses = sorted(set(wanted) | set(scheme(assessment.scheme).dimensions))
    worth = {
        choice("value", name, clauses): number(f"value of {name}", of, least=0)
        for name, of in ({} if value is None else mapping("value", value)).items()
    }
    open_ = assessment.points.dropna(subset="counted")
    open_ = open_[open_["clause"].isin(wanted)]
    open_ = open_.assign(goal=open_["clause"].map(wanted), worth=[_worth(worth, name) for name in open_["clause"]])
    quarters: list[pd.DataFrame] = []
    while (open_ := open_[open_["counted"] < open_["goal"]]).size:
        order = open_.assign(prove=open_["rated"] > open_["counted"]).sort_values(
            ["prove", "counted", "worth"], ascending=[False, True, False], kind="stable"
        )
        step = order.head(most)
        after = np.where(step["prove"], np.minimum(step["rated"], step["goal"]), step["counted"] + 1).astype(np.int64)
        quarters.append(step.assign(quarter=len(quarters) + 1, before=step["counted"].astype(np.int64), after=after))
        open_ = open_.assign(counted=pd.Series(after, step.index).reindex(open_.index).fillna(open_["counted"]))
    names = ["quarter", "point", "clause", "before", "after", "prove"]
    return pd.concat(quarters).reset_index()[names] if quarters else pd.DataFrame(columns=names)


def _worth(worth: Mapping[str, float], clause: str) -> float:
    """The value of a clause: its own, its dimension's, or 1."""
    return worth.get(clause, worth.get(clause.split(".")[0], 1.0))


def progress(before: Assessment, after: Assessment) -> pd.DataFrame:
    """How far each dimension moved between two assessments by the same scheme.

    Parameters
    ----------
    before, after : Assessment
        Two results of `assess`.

    Returns
    -------
    DataFrame
        Indexed by `dimension`: `level_before`, `level_after`, `mean_before`, `mean_after`, `raised` and `lowered`
        (points that went up and down).

    Examples
    --------
    >>> first = points("park").assign(level=2, evidence="seen")
    >>> second = first.copy()
    >>> second.loc["1.1-1":"1.1-4", "level"] = 3
    >>> progress(assess(first, "park"), assess(second, "park")).loc["1", ["raised", "lowered"]].tolist()
    [4, 0]
    """
    for name, one in (("before", before), ("after", after)):
        instance(name, one, Assessment, "one from assess(ratings)")
    if before.scheme != after.scheme:
        raise ValueError(f"both assessments must follow one scheme, got {before.scheme} and {after.scheme}")
    moved = after.points["counted"] - before.points["counted"]
    by = after.points["dimension"]
    one, two = (found.dimensions[["level", "mean"]] for found in (before, after))
    table = one.add_suffix("_before").join(two.add_suffix("_after"), how="inner")
    return table.assign(
        raised=(moved > 0).fillna(False).groupby(by).sum().astype(int),
        lowered=(moved < 0).fillna(False).groupby(by).sum().astype(int),
    )[["level_before", "level_after", "mean_before", "mean_after", "raised", "lowered"]]
