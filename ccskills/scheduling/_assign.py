"""Names to tours: wishes met as far as they can be, contracts and skills always, and bad weekends in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, columns, number, numbers
from ._shifts import minutes_of
from ._tours import DAYS

__all__ = ["Assigned", "assign"]

# A start this far from the wished one is a wish missed in full.
FAR_MIN = 240


@dataclass(frozen=True)
class Assigned:
    """Who works which tour, and how fair that is."""

    people: pd.DataFrame
    """One row per person, index `agent_id`: `tour`, `position` (both empty for who is left over), `days`, `start`,
    `start_met` and `days_off_met` (shares of these wishes, empty without a wish), `met` (their mean, 1 without any
    wish), `weekend_days` worked."""
    met: float
    """Mean share of wishes met."""
    worst: Any
    """The person with the smallest share met, the first of equals."""
    worst_met: float
    """The share met of this person."""
    gini: float
    """Gini coefficient of the shares met: 0 when all are treated alike."""
    weekend_range: int
    """Most less fewest weekend days, past ones in `weekend_days` included."""


def assign(
    tours: pd.DataFrame,
    people: pd.DataFrame,
    *,
    start_weight: float = 1.0,
    days_off_weight: float = 1.0,
    weekend_weight: float = 0.1,
    seniority_weight: float = 0.0,
) -> Assigned:
    """The cheapest matching of people and tours, where missed wishes cost and unfair weekends cost.

    Cost of a person on a tour = (1 + 1 - met before) (1 + seniority weight x years / most years) x
    (start weight x missed start^2 + days-off weight x missed days off^2) + weekend weight x weekend days of the tour x
    (past weekend days - fewest of all). Squares make two half-missed wishes cheaper than one missed in full.

    Parameters
    ----------
    tours : DataFrame
        As `design_week(...).tours`: index `tour`; `contract`, `days`, `start`, `heads`, `weekend_days`, and if it
        matters `skills` (needed, such as "chat voice").
    people : DataFrame
        Index `agent_id`. All columns are optional: `contract` (only tours of it), `skills` ("chat voice"; a tour's
        are all needed), `start` (wished "HH:MM"), `days_off` (wished "Sat Sun"), `seniority` [years], and from
        earlier plans `met` (share of wishes met) and `weekend_days` (worked so far). Empty: no wish.
    start_weight, days_off_weight, weekend_weight, seniority_weight : float, optional
        What matters how much.

    Returns
    -------
    Assigned

    Notes
    -----
    A start 4 hours from the wished one counts as missed in full, nearer ones in proportion. The same input gives the
    same answer.

    Examples
    --------
    All want the tour with a free weekend; Zhao has worked more weekends than the others and gets it:

    >>> tours = pd.DataFrame(
    ...     {"contract": "full-time", "days": ["Mon Tue Wed Thu Fri", "Wed Thu Fri Sat Sun"],
    ...      "start": ["08:00", "12:00"], "heads": [1, 2], "weekend_days": [0, 2]},
    ...     index=pd.Index(["T001", "T002"], name="tour"))
    >>> people = pd.DataFrame(
    ...     {"start": ["08:00", "12:00", "08:00"], "days_off": "Sat Sun", "weekend_days": [0, 0, 6]},
    ...     index=pd.Index(["Li", "Wang", "Zhao"], name="agent_id"))
    >>> result = assign(tours, people)
    >>> result.people["tour"].to_dict(), result.met, result.worst
    ({'Li': 'T002', 'Wang': 'T002', 'Zhao': 'T001'}, 0.5, 'Li')
    >>> assign(tours, people.iloc[:2])
    Traceback (most recent call last):
    ValueError: people must be at least as many as the heads of the tours, got 2 people for 3 heads
    """
    table = columns("tours", tours, ["contract", "days", "start", "heads", "weekend_days"])
    if not isinstance(people, pd.DataFrame):
        raise TypeError(f"people must be a pandas DataFrame indexed by agent_id, got {type(people).__name__}")
    if not len(people):
        raise ValueError("people must hold at least one person, got none")
    if twice := people.index[people.index.duplicated()].tolist():
        raise ValueError(f"people must hold everybody once, got {twice[0]!r} twice")
    heads = numbers("heads of tours", table["heads"], least=0)
    if (heads != np.rint(heads)).any():
        raise ValueError("heads of tours must be whole numbers, got fractions")
    places = np.repeat(np.arange(len(table)), heads.astype(np.int64))
    if not places.size:
        raise ValueError("heads of tours must hold at least one person, got none")
    if places.size > len(people):
        raise ValueError(
            f"people must be at least as many as the heads of the tours, got {len(people)} people for "
            f"{places.size} heads"
        )
    weights = {"start": start_weight, "days_off": days_off_weight}
    weights = {name: number(f"{name}_weight", weight, least=0) for name, weight in weights.items()}
    missed = {"start": _far(table, people), "days_off": _worked(table, people)}
    before = _past(people, "met", 1.0)
    if (before > 1).any():
        raise ValueError(f"met of people must be shares between 0 and 1, got {before.max():g}")
    years = _past(people, "seniority", 0.0)
    weight = (2 - before) * (1 + number("seniority_weight", seniority_weight, least=0) * years / max(years.max(), 1e-9))
    cost = weight[:, None] * sum(weights[name] * np.nan_to_num(missed[name]) ** 2 for name in weights)
    past = _past(people, "weekend_days", 0.0)
    weekend = numbers("weekend_days of tours", table["weekend_days"], least=0)
    cost += number("weekend_weight", weekend_weight, least=0) * np.outer(past - past.min(), weekend)
    given = _matched(table, people, cost, places)
    return _summed(table, people, given, places, missed, past)


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    """A column of words, empty where nothing is written."""
    if name not in frame.columns:
        return [""] * len(frame)
    return ["" if pd.isna(value) else str(value).strip() for value in frame[name]]


def _past(people: pd.DataFrame, name: str, usual: float) -> Floats:
    """A column of numbers from earlier, `usual` where nothing is written."""
    if name not in people.columns:
        return np.full(len(people), usual)
    return numbers(f"{name} of people", people[name].astype(float).fillna(usual), least=0)


def _days(name: str, texts: list[str]) -> Any:
    """Words such as "Sat Sun" as rows of seven."""
    for text in texts:
        for day in text.split():
            if day not in DAYS:
                raise ValueError(f"{name} must be days such as {' '.join(DAYS)}, got {day!r}")
    return np.array([[day in text.split() for day in DAYS] for text in texts], dtype=np.float64).reshape(-1, 7)


def _far(tours: pd.DataFrame, people: pd.DataFrame) -> Floats:
    """How far each tour's start is from each wish, 1 for four hours and more; nan without a wish."""
    wish = [minutes_of("start of people", text) if text else np.nan for text in _texts(people, "start")]
    starts = [[minutes_of("start of tours", text) for text in words.split()] for words in _texts(tours, "start")]
    far = np.empty((len(people), len(tours)))
    for at, minutes in enumerate(starts):
        apart = np.abs(np.subtract.outer(np.array(wish), np.array(minutes)))
        # 23:30 is an hour from 00:30.
        far[:, at] = np.minimum(np.minimum(apart, 1440 - apart) / FAR_MIN, 1).mean(axis=1)
    return far


def _worked(tours: pd.DataFrame, people: pd.DataFrame) -> Floats:
    """The share of each person's wished days off that each tour works; nan without a wish."""
    wish = _days("days_off of people", _texts(people, "days_off"))
    asked = wish.sum(axis=1)
    clash = wish @ _days("days of tours", _texts(tours, "days")).T
    return np.where(asked[:, None] > 0, clash / np.maximum(asked, 1)[:, None], np.nan)


def _allowed(tours: pd.DataFrame, people: pd.DataFrame) -> Any:
    """Who may work which tour: the right contract and every skill it needs."""
    has = [set(text.split()) for text in _texts(people, "skills")]
    needs = [set(text.split()) for text in _texts(tours, "skills")]
    allowed = np.array([[need <= mine for need in needs] for mine in has])
    if "contract" in people.columns:
        allowed &= np.array(_texts(people, "contract"))[:, None] == np.array(_texts(tours, "contract"))
    return allowed


def _matched(tours: pd.DataFrame, people: pd.DataFrame, cost: Floats, places: Any) -> Any:
    """The person of each place."""
    from scipy.optimize import linear_sum_assignment

    allowed = _allowed(tours, people)
    dear = (float(cost.max(initial=0.0)) + 1) * (len(people) + 1)
    person, place = linear_sum_assignment(np.where(allowed, cost, dear)[:, places])
    bad = ~allowed[person, places[place]]
    if bad.any():
        tour = places[place[bad]][0]
        row = tours.iloc[tour]
        able = int(allowed[:, tour].sum())
        skills = f" and the skills {row['skills']}" if "skills" in tours.columns and str(row["skills"]).strip() else ""
        raise ValueError(
            f"people must fill every tour, got {int(bad.sum())} heads without anybody left, the first on tour "
            f"{tours.index[tour]} of {int(row['heads'])} heads, for which {able} people have the contract "
            f"{row['contract']}{skills}"
        )
    given = np.empty(places.size, dtype=np.int64)
    given[place] = person
    return given


def _summed(
    tours: pd.DataFrame, people: pd.DataFrame, given: Any, places: Any, missed: Mapping[str, Floats], past: Floats
) -> Assigned:
    """The table of people and its figures."""
    table = pd.DataFrame(index=people.index.rename("agent_id"))
    tour = pd.Series(pd.NA, index=range(len(people)), dtype="object")
    tour.iloc[given] = tours.index[places].to_numpy()
    position = pd.array([pd.NA] * len(people), dtype="Int64")
    position[given] = np.arange(1, places.size + 1)
    table["tour"], table["position"] = tour.to_numpy(), position
    for name in ("days", "start"):
        table[name] = [tours.at[label, name] if not pd.isna(label) else "" for label in tour]
    for name, share in missed.items():
        met = np.full(len(people), np.nan)
        met[given] = 1 - share[given, places]
        table[f"{name}_met"] = met
    wishes = table[["start_met", "days_off_met"]].to_numpy()
    asked = ~np.isnan(wishes)
    table["met"] = np.where(asked.any(axis=1), np.nansum(wishes, axis=1) / np.maximum(asked.sum(axis=1), 1), 1.0)
    weekend = np.zeros(len(people), dtype=np.int64)
    weekend[given] = tours["weekend_days"].to_numpy()[places]
    table["weekend_days"] = weekend
    on = np.sort(given)
    met = table["met"].to_numpy()[on]
    total = (past + weekend)[on]
    worst = int(np.argmin(met))
    return Assigned(
        people=table,
        met=float(met.mean()),
        worst=table.index[on[worst]],
        worst_met=float(met[worst]),
        gini=_gini(met),
        weekend_range=int(total.max() - total.min()),
    )


def _gini(values: Floats) -> float:
    """Half the mean difference of all pairs, as a share of the mean."""
    ordered = np.sort(values)
    rank = np.arange(1, ordered.size + 1)
    total = float(ordered.sum())
    return float(((2 * rank - ordered.size - 1) * ordered).sum() / (ordered.size * total)) if total else 0.0
