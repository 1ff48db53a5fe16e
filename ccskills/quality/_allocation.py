"""Which contacts to monitor: a sample shared out over strata and drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, broadcast, choice, columns, numbers, share, whole
from .._counts import COUNTABLE
from .._guards import column_name, labels

__all__ = ["allocate", "column_names", "sampling_plan"]

# Rounding guard: a share of 7.9999999999 contacts is 8.
HAIR = 1e-9


def allocate(sizes: ArrayLike, total: int, method: str = "proportional", error_shares: ArrayLike | None = None) -> Any:
    """A sample shared out over strata (channels, teams, kinds of contact).

    Parameters
    ----------
    sizes : array
        Contacts in each stratum.
    total : int
        Contacts to monitor in all.
    method : str, optional
        "proportional": in proportion to size (largest remainder). "neyman": at least one each, and more where results
        vary more, N_h sqrt(p_h (1 - p_h)), so that the figure for the whole is as exact as `total` contacts allow.
    error_shares : array, optional
        Error share that is expected in each stratum, for "neyman".

    Returns
    -------
    array of int
        Contacts to monitor in each stratum, never more than there are.

    Notes
    -----
    A Neyman sample is not a picture of all contacts: weight each stratum's result with its size.

    Examples
    --------
    >>> allocate([6000, 3000, 1000], 25)
    array([15,  8,  2])
    >>> allocate([6000, 3000, 1000], 25, "neyman", error_shares=[0.02, 0.02, 0.30])
    array([12,  6,  7])

    References
    ----------
    J. Neyman, On the two different aspects of the representative method, JRSS 97, 1934, 558-625. T. Wright, The
    equivalence of Neyman optimum allocation for sampling and equal proportions for apportioning the U.S. House of
    Representatives, The American Statistician 66, 2012, 217-224.
    """
    there = numbers("sizes", sizes, least=0).ravel()
    if (there > COUNTABLE).any():
        raise ValueError(f"sizes must be contacts that can be counted, got {float(there.max()):g}")
    if (there != np.floor(there)).any():
        raise ValueError("sizes must be whole numbers of contacts, got a fraction")
    choice("method", method, ("proportional", "neyman"))
    if not there.sum():
        raise ValueError("sizes must hold at least one contact, got none")
    whole("total", total, most=int(there.sum()))
    if method == "proportional":
        if error_shares is not None:
            raise ValueError("error_shares are for method 'neyman', got them with 'proportional'")
        return _largest_remainder(there, total)
    if error_shares is None:
        raise ValueError("method 'neyman' needs error_shares, the error share expected in each stratum, got None")
    size, expected = broadcast(sizes=there, error_shares=share("error_shares", error_shares))
    return _neyman(size, expected, total)


def _largest_remainder(there: Floats, total: int) -> Any:
    """Whole parts first, then one more for the largest remainders; of equal ones, the first."""
    exact = total * there / there.sum()
    parts = np.floor(exact + HAIR)
    left = total - int(parts.sum())
    parts[np.argsort(-(exact - parts), kind="stable")[:left]] += 1
    return parts.astype(np.int64)


def _neyman(there: Floats, expected: Floats, total: int) -> Any:
    """The whole numbers of least variance: each next contact goes where it lowers the variance most (Wright)."""
    used = there > 0
    if total < used.sum():
        raise ValueError(f"total must be at least one contact for each of the {used.sum()} strata, got {total}")
    parts = used.astype(np.float64)
    spread = there * np.sqrt(expected * (1 - expected))
    for _ in range(total - int(used.sum())):
        room = parts < there
        gain = np.where(room, spread**2 / np.where(used, parts * (parts + 1), 1.0), -1.0)
        # Without any spread left, the rest goes where the largest share of contacts is unheard.
        best = np.argmax(gain) if gain.max() > 0 else np.argmax(np.where(room, (there - parts) / there.max(), -1.0))
        parts[best] += 1
    return parts.astype(np.int64)


def sampling_plan(
    contacts: pd.DataFrame,
    total: int | None = None,
    per_agent: int | None = None,
    strata: str | Sequence[str] | None = None,
    method: str = "proportional",
    error_shares: pd.Series | None = None,
    agent: str = "agent_id",
    seed: int = 0,
) -> pd.DataFrame:
    """Contacts to monitor, drawn at random from a list of contacts.

    Parameters
    ----------
    contacts : DataFrame
        One row per contact, with the columns that `strata` and `agent` name.
    total : int, optional
        Contacts to monitor in all; or
    per_agent : int, optional
        Contacts to monitor of every agent (all of them where an agent has fewer).
    strata : str or list of str, optional
        Columns by which `total` is shared out, such as "channel"; None draws from all alike.
    method : str, optional
        "proportional" or "neyman", as in `allocate`.
    error_shares : Series, optional
        For "neyman", the error share expected in each stratum, indexed as `contacts.groupby(strata)` is: the
        risk-based plan listens where errors are likely.
    agent : str, optional
        Column with the agent.
    seed : int, optional
        Start of the random numbers: who knows it can draw the same sample again.

    Returns
    -------
    DataFrame
        The drawn rows, in the order of `contacts`, with a new last column `weight`: contacts that each one stands for.
        A stratum too small for its first contact in proportion is not heard at all: then take more, or "neyman".

    Examples
    --------
    >>> calls = pd.DataFrame({"agent_id": ["A"] * 6 + ["B"] * 3, "channel": ["voice", "chat", "voice"] * 3})
    >>> plan = sampling_plan(calls, total=3, strata="channel", seed=1)
    >>> plan["channel"].value_counts().to_dict()
    {'voice': 2, 'chat': 1}
    >>> sampling_plan(calls, per_agent=2, seed=1)["weight"].tolist()
    [3.0, 3.0, 1.5, 1.5]
    >>> sampling_plan(calls)
    Traceback (most recent call last):
    ValueError: give either total or per_agent, got neither
    """
    if (total is None) == (per_agent is None):
        raise ValueError(f"give either total or per_agent, got {'neither' if total is None else 'both'}")
    if per_agent is not None:
        if strata is not None:
            raise ValueError("strata share out a total, got strata with per_agent")
        column_name(agent=agent)
        columns("contacts", contacts, [agent])
        groups = _groups(contacts, [agent])
        sizes = np.array([len(rows) for rows in groups.values()])
        parts = np.minimum(sizes, whole("per_agent", per_agent))
    else:
        by = [] if strata is None else column_names("strata", strata)
        columns("contacts", contacts, by)
        groups = _groups(contacts, by)
        sizes = np.array([len(rows) for rows in groups.values()])
        expected = None if error_shares is None else _expected(error_shares, list(groups))
        parts = allocate(sizes, whole("total", total, most=len(contacts)), method, expected)
    if "weight" in contacts.columns:
        raise ValueError("contacts must not have a column weight, which the plan adds, got one")
    generator = np.random.default_rng(whole("seed", seed, least=0))
    drawn = [generator.choice(rows, part, replace=False) for rows, part in zip(groups.values(), parts, strict=True)]
    weights = np.repeat(sizes / np.maximum(parts, 1), parts)
    places = np.concatenate(drawn)
    order = np.argsort(places)
    return contacts.iloc[places[order]].assign(weight=weights[order])


def column_names(name: str, value: Any) -> list[str]:
    """One column name or several as a list."""
    names = [value] if isinstance(value, str) else list(value) if isinstance(value, (list, tuple)) else []
    if not names or not all(isinstance(one, str) for one in names):
        raise TypeError(f"{name} must be the name of a column or a list of names, got {str(value)[:40]!r}")
    return names


def _groups(contacts: pd.DataFrame, by: list[str]) -> dict[Any, Any]:
    """Positions of the rows of each stratum; one stratum without columns."""
    if not by:
        return {"all": np.arange(len(contacts))}
    labels(contacts, *by)
    for column in by:
        if contacts[column].isna().any():
            raise ValueError(f"contacts must have a {column} in every row, got none in {contacts[column].isna().sum()}")
    return dict(contacts.groupby(by[0] if len(by) == 1 else by).indices)


def _expected(error_shares: Any, strata: list[Any]) -> Floats:
    if not isinstance(error_shares, pd.Series):
        raise TypeError(f"error_shares must be a pandas Series indexed by stratum, got {type(error_shares).__name__}")
    missing = [str(stratum) for stratum in strata if stratum not in error_shares.index]
    if missing:
        raise ValueError(f"error_shares must hold every stratum, got none for {', '.join(missing)}")
    return share("error_shares", error_shares.loc[strata].to_numpy())
