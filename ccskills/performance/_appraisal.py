"""Appraisals: grades by quota or by standard, mild and strict appraisers, and whether a team's grades are chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, choice, columns, number, numbers, whole
from .._guards import column_name, limited, listing, mapping, one_share, same_rows
from .._guards import labels as check_labels

__all__ = ["absolute_grades", "distribution_check", "forced_grades", "rater_adjustment"]

HAIR = 1e-9
MOST_DRAWS = 1_000_000


def _scores(scores: Any) -> pd.Series:
    """Scores as a Series with one finite value per person."""
    values = np.atleast_1d(numbers("scores", scores))
    if values.ndim != 1:
        raise ValueError(f"scores must have one value per person, got shape {values.shape}")
    return pd.Series(values, index=scores.index if isinstance(scores, pd.Series) else None)


def forced_grades(scores: Any, shares: Mapping[str, float], within: Any = None) -> pd.Series:
    """Grades by quota: the best share gets the first grade, and so on (forced distribution).

    Parameters
    ----------
    scores : array or Series
        One score per person, higher is better.
    shares : mapping
        Grade -> share of the people, best grade first; they add up to 1.
    within : array or Series, optional
        Team of each person: the quota is then filled inside each team.

    Returns
    -------
    Series
        The grade of each person. Equal scores get the same, better grade.

    Notes
    -----
    A quota says who is ahead of whom, not who does the work well: in a good team somebody must fail, in a weak one
    somebody must shine. Dismissal for "the last ten percent" alone is unlawful in China (Supreme People's Court,
    guiding case 18): being last is not being incompetent.

    Examples
    --------
    The last of a good team is better than the first of a weak one, and is graded below her:

    >>> scores = pd.Series([96, 94, 92, 91, 80, 78, 76, 74], index=list("ABCDEFGH"))
    >>> quota = {"excellent": 0.25, "good": 0.5, "poor": 0.25}
    >>> grades = forced_grades(scores, quota, within=list("11112222"))
    >>> grades["D"], grades["E"]
    ('poor', 'excellent')
    >>> forced_grades(scores, quota)["D"]
    'good'
    """
    same_rows(scores=scores, within=within)
    points, names = _scores(scores), mapping("shares", shares)
    limits = np.cumsum([one_share(f"the share of {g}", s) for g, s in names.items()])
    if not len(limits) or abs(limits[-1] - 1) > HAIR:
        raise ValueError(f"shares must add up to 1, got {limits[-1] if len(limits) else 0:g}")
    teams = np.zeros(len(points)) if within is None else _labels("within", within, len(points))
    ahead = points.groupby(teams).rank(method="min", ascending=False) - 1
    size = points.groupby(teams).transform("size")
    # Somebody with exactly the quota of people ahead of her belongs to the next grade.
    place = np.searchsorted(limits, ((ahead + HAIR) / size).to_numpy(), side="left")
    grades = list(names)
    return pd.Series([grades[at] for at in np.minimum(place, len(grades) - 1)], index=points.index, name="grade")


def absolute_grades(scores: Any, cuts: Mapping[str, float]) -> pd.Series:
    """Grades by standard: who reaches the cut gets the grade, however many they are.

    Parameters
    ----------
    scores : array or Series
        One score per person, higher is better.
    cuts : mapping
        Grade -> lowest score, best grade first, falling; the last grade takes all the rest, whatever its cut.

    Returns
    -------
    Series
        The grade of each person.

    Examples
    --------
    >>> absolute_grades([96, 94, 91, 80], {"excellent": 95, "good": 85, "poor": 0}).tolist()
    ['excellent', 'good', 'good', 'poor']
    """
    points, lowest = _scores(scores), mapping("cuts", cuts)
    names, levels = list(lowest), numbers("cuts", [number(f"the cut of {g}", cut) for g, cut in lowest.items()])
    if (np.diff(levels) >= 0).any():
        raise ValueError(f"cuts must fall from the best grade on, got {', '.join(f'{level:g}' for level in levels)}")
    place = (points.to_numpy()[:, None] < levels[None, :]).sum(axis=1)
    return pd.Series([names[at] for at in np.minimum(place, len(names) - 1)], index=points.index, name="grade")


def _labels(name: str, labels: Any, wanted: int) -> Any:
    """Labels, one per person."""
    values = pd.Series(listing(name, labels), dtype=object)
    if values.shape != (wanted,):
        raise ValueError(f"{name} must have one label per person ({wanted}), got shape {values.shape}")
    if pd.isna(values).any():
        raise ValueError(f"{name} must be filled for every person, got an empty label")
    check_labels(pd.DataFrame({name: values}), name)
    return np.asarray(values, dtype=object)


def rater_adjustment(
    table: pd.DataFrame, person: str = "person", rater: str = "rater", score: str = "score", method: str = "linked"
) -> pd.DataFrame:
    """Scores without the mildness or strictness of who gave them.

    "linked": score = person + rater, by least squares, the raters' effects adding up to 0; it needs people who were
    appraised by several raters and so link them. "centred": score - mean of the rater + mean of all; it assumes that
    every rater had people of the same worth.

    Parameters
    ----------
    table : DataFrame
        One row per appraisal.
    person, rater, score : str, optional
        Columns with who was appraised, by whom, and the score.
    method : str, optional
        "linked" or "centred".

    Returns
    -------
    DataFrame
        Indexed by person: appraisals, raw (mean score), adjusted. ``attrs["leniency"]`` is a Series by rater: above 0
        is mild [points of the score].

    Examples
    --------
    Wang looks better than Liu, but had the two mild raters:

    >>> table = pd.DataFrame({
    ...     "person": ["Liu", "Liu", "Wang", "Wang"], "rater": ["strict", "usual", "usual", "mild"],
    ...     "score": [78, 84, 82, 88],
    ... })
    >>> fair = rater_adjustment(table)
    >>> fair
            appraisals   raw  adjusted
    person
    Liu              2  81.0      84.0
    Wang             2  85.0      82.0
    >>> fair.attrs["leniency"].round(1).to_dict()
    {'mild': 6.0, 'strict': -6.0, 'usual': 0.0}
    >>> rater_adjustment(table.iloc[[0, 3]])
    Traceback (most recent call last):
    ValueError: raters must be linked by people whom several of them appraised, got 2 groups without a link;
    use "centred" and say what it assumes
    """
    column_name(person=person, rater=rater, score=score)
    frame = columns("table", table, [person, rater, score])
    choice("method", method, ("linked", "centred"))
    points = numbers(score, frame[score])
    people, who = pd.factorize(_labels(person, frame[person], len(frame)), sort=True)
    judges, names = pd.factorize(_labels(rater, frame[rater], len(frame)), sort=True)
    if method == "centred":
        lenient = pd.Series(points).groupby(judges).mean().to_numpy() - points.mean()
    else:
        lenient = _leniency(points, people, judges)
    result = pd.DataFrame(
        {
            "appraisals": np.bincount(people),
            "raw": pd.Series(points).groupby(people).mean().to_numpy(),
            "adjusted": pd.Series(points - lenient[judges]).groupby(people).mean().to_numpy(),
        },
        index=pd.Index(who, name=person),
    )
    result.attrs["leniency"] = pd.Series(lenient, index=pd.Index(names, name=rater), name="leniency")
    return result


def _leniency(points: Floats, people: Any, judges: Any) -> Floats:
    """Raters' effects of the additive model, adding up to 0."""
    from scipy.sparse import coo_array, diags_array
    from scipy.sparse.csgraph import connected_components

    persons, raters = int(people.max()) + 1, int(judges.max()) + 1
    links = coo_array((np.ones(len(points)), (people, persons + judges)), shape=(persons + raters, persons + raters))
    groups, _ = connected_components(links, directed=False)
    if groups > 1:
        raise ValueError(
            f"raters must be linked by people whom several of them appraised, got {groups} groups without a link; "
            'use "centred" and say what it assumes'
        )
    # The normal equations with the people taken out: only the raters are left, however many appraisals there are.
    met = coo_array((np.ones(len(points)), (people, judges)), shape=(persons, raters)).tocsr()
    times = np.bincount(people)
    own = np.bincount(people, weights=points) / times
    left = np.diag(np.bincount(judges).astype(np.float64)) - (met.T @ (diags_array(1 / times) @ met)).toarray()
    right = np.bincount(judges, weights=points) - met.T @ own
    solved = np.linalg.solve(left + 1 / raters, right)
    return np.asarray(solved - solved.mean())


def distribution_check(
    grades: Any, teams: Any, *, confidence: float = 0.95, draws: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Which teams have grades that dealing them out at random would hardly give.

    For each team the distance of its grades from those of all people (chi-square) is compared with that of teams to
    which the same grades were dealt at random.

    Parameters
    ----------
    grades : array or Series
        Grade of each person.
    teams : array or Series
        Team of the same people, at least two teams.
    confidence : float, optional
        1 - risk of one or more false alarms over all teams (Bonferroni).
    draws : int, optional
        Deals, at least 200.
    seed : int, optional
        The same seed gives the same table.

    Returns
    -------
    DataFrame
        Indexed by team: people, a column per grade with its share, chance (probability of such a distance when grades
        have nothing to do with teams), unusual. A team that is unusual may be good, or mildly appraised: look at its
        metrics before its leader.

    Examples
    --------
    >>> grades = ["A"] * 9 + ["B"] * 3 + ["A"] * 3 + ["B"] * 9 + ["A"] * 3 + ["B"] * 9
    >>> table = distribution_check(grades, ["north"] * 12 + ["south"] * 12 + ["west"] * 12)
    >>> table[["people", "A", "B", "unusual"]]
           people     A     B  unusual
    team
    north      12  0.75  0.25     True
    south      12  0.25  0.75    False
    west       12  0.25  0.75    False
    """
    same_rows(grades=grades, teams=teams)
    people = len(listing("grades", grades))
    if not people:
        raise ValueError("grades must hold one grade per person, got none")
    code, names = pd.factorize(_labels("grades", grades, people), sort=True)
    team, units = pd.factorize(_labels("teams", teams, people), sort=True)
    if len(units) < 2 or len(names) < 2:
        raise ValueError(f"there must be two or more teams and grades, got {len(units)} teams and {len(names)} grades")
    risk = 1 - one_share("confidence", confidence, zero=False, one=False)
    rng, times = np.random.default_rng(whole("seed", seed, least=0)), limited("draws", draws, 200, MOST_DRAWS)
    size, expected = np.bincount(team), np.bincount(code) / people

    def distance(dealt: Any) -> tuple[Floats, Floats]:
        found = np.zeros((len(units), len(names)))
        np.add.at(found, (team, dealt), 1)
        wanted = size[:, None] * expected[None, :]
        return found, np.asarray(((found - wanted) ** 2 / wanted).sum(axis=1))

    found, seen = distance(code)
    reached = np.zeros(len(units))
    for _ in range(times):
        reached += distance(rng.permutation(code))[1] >= seen - HAIR
    table = pd.DataFrame(found / size[:, None], index=pd.Index(units, name="team"), columns=names)
    table.insert(0, "people", size)
    table["chance"] = (1 + reached) / (1 + times)
    table["unusual"] = table["chance"] < risk / len(units)
    return table
