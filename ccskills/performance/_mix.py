"""Fair comparison: groups whose work differs are compared at the same mix, and Simpson's paradox is shown."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .._checks import choice, columns, numbers
from .._guards import column_name, labels, one_share

__all__ = ["mix_adjusted"]

HAIR = 1e-9


def mix_adjusted(
    table: pd.DataFrame,
    group: str,
    mix: str,
    numerator: str,
    denominator: str,
    standard: str | Mapping[Any, float] = "pooled",
    method: str = "direct",
) -> pd.DataFrame:
    """Rates or means of groups as they would be if all had the same mix of work.

    Direct: sum over the mix of (share of the standard x own rate). Indirect: own numerator / the numerator that the
    standard's rates would give with the own mix, x the standard's rate.

    Parameters
    ----------
    table : DataFrame
        One row per group and kind of work, or several, which are added.
    group, mix : str
        Columns with the group (team, site, agent, month) and the kind of work (contact reason, channel, tenure).
    numerator, denominator : str
        Columns with counts or sums: solved and issues, handle seconds and contacts.
    standard : str or mapping, optional
        "pooled" (the mix of all groups together), the name of one group, or a mapping kind of work -> share for the
        direct method.
    method : str, optional
        "direct", which asks for work of every kind in every group, or "indirect", for small groups that miss kinds.

    Returns
    -------
    DataFrame
        Indexed by group: numerator, denominator, crude (numerator / denominator), adjusted, ratio (adjusted / rate of
        the standard). ``attrs["standard"]`` is the rate of the standard; ``attrs["simpson"]`` lists the pairs of groups
        of which the first has the higher crude rate although it has the lower rate in every kind of work.

    Notes
    -----
    Only the named mix is made equal; groups may differ in other ways. Two indirectly adjusted groups are each compared
    with the standard, not with each other.

    Examples
    --------
    Two treatments of kidney stones: the second looks better, and is worse for small stones and for large ones.

    >>> stones = pd.DataFrame({
    ...     "treatment": ["open surgery", "open surgery", "nephrolithotomy", "nephrolithotomy"],
    ...     "stones": ["small", "large", "small", "large"],
    ...     "success": [81, 192, 234, 55], "patients": [87, 263, 270, 80],
    ... })
    >>> fair = mix_adjusted(stones, "treatment", "stones", "success", "patients")
    >>> fair[["crude", "adjusted"]].round(3)
                     crude  adjusted
    treatment
    nephrolithotomy  0.826     0.779
    open surgery     0.780     0.833
    >>> fair.attrs["simpson"]
    [('nephrolithotomy', 'open surgery')]
    >>> mix_adjusted(stones.iloc[:3], "treatment", "stones", "success", "patients")
    Traceback (most recent call last):
    ValueError: the direct method needs work of every kind in every group, got none of large in nephrolithotomy; use
    "indirect"

    References
    ----------
    C. R. Charig et al., Comparison of treatment of renal calculi, BMJ 292, 1986, 879-882.
    """
    choice("method", method, ("direct", "indirect"))
    top, bottom = _cells(table, group, mix, numerator, denominator)
    result = pd.DataFrame({numerator: top.sum(axis=1), denominator: bottom.sum(axis=1)})
    result["crude"] = result[numerator] / result[denominator]
    weights, rates, overall = _standard(standard, top, bottom, method)
    own = top / bottom.where(bottom > 0)
    if method == "direct":
        empty = (bottom == 0) & (weights > 0)
        if empty.to_numpy().any():
            row, column = np.argwhere(empty.to_numpy())[0]
            raise ValueError(
                "the direct method needs work of every kind in every group, got none of "
                f'{bottom.columns[column]} in {bottom.index[row]}; use "indirect"'
            )
        result["adjusted"] = (own.fillna(0.0) * weights).sum(axis=1)
    else:
        result["adjusted"] = result[numerator] / (bottom * rates).sum(axis=1) * overall
    result["ratio"] = result["adjusted"] / overall
    result.attrs.update({"standard": overall, "simpson": _simpson(result["crude"], own)})
    return result


def _cells(
    table: pd.DataFrame, group: str, mix: str, numerator: str, denominator: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Numerators and denominators by group and kind of work."""
    names = [group, mix, numerator, denominator]
    column_name(group=group, mix=mix, numerator=numerator, denominator=denominator)
    frame = columns("table", table, names)
    if len(set(names)) < len(names):
        raise ValueError(f"group, mix, numerator and denominator must be four columns, got {', '.join(names)}")
    labels(frame, group, mix)
    for name in (group, mix):
        if frame[name].isna().any():
            raise ValueError(f"{name} must be filled in every row, got an empty cell")
    counted = {name: numbers(name, frame[name], least=0) for name in (numerator, denominator)}
    cells = frame[[group, mix]].assign(**counted).groupby([group, mix], observed=True).sum().unstack()
    top, bottom = cells[numerator].fillna(0.0), cells[denominator].fillna(0.0)
    for axis, name in ((1, group), (0, mix)):
        total = bottom.sum(axis=axis)
        if (total == 0).any():
            raise ValueError(f"every {name} must have a {denominator} above 0, got 0 for {total.index[total == 0][0]}")
    if ((bottom == 0) & (top > 0)).to_numpy().any():
        raise ValueError(f"{numerator} must be 0 where {denominator} is 0, got more")
    return top, bottom


def _standard(
    standard: Any, top: pd.DataFrame, bottom: pd.DataFrame, method: str
) -> tuple[pd.Series, pd.Series, float]:
    """The standard's shares of the mix, its rate in each kind of work and its overall rate."""
    pooled = top.sum() / bottom.sum()
    if isinstance(standard, str) and standard == "pooled":
        return bottom.sum() / bottom.to_numpy().sum(), pooled, float(top.to_numpy().sum() / bottom.to_numpy().sum())
    if isinstance(standard, (Mapping, pd.Series)):
        if method == "indirect":
            raise ValueError('standard must be "pooled" or a group for the indirect method, got a mapping')
        if set(standard.keys()) != set(bottom.columns):
            kinds = ", ".join(map(str, bottom.columns))
            raise ValueError(
                f"standard must name every kind of work ({kinds}), got {', '.join(map(str, standard.keys()))}"
            )
        weights = pd.Series({kind: one_share("standard", standard[kind]) for kind in bottom.columns})
        if abs(weights.sum() - 1) > HAIR:
            raise ValueError(f"standard must add up to 1, got {weights.sum():g}")
        return weights, pooled, float((weights * pooled).sum())
    if not isinstance(standard, Hashable) or standard not in bottom.index:
        groups = ", ".join(map(str, bottom.index))
        raise ValueError(f'standard must be "pooled", a mapping or one of the groups {groups}, got {standard!r}')
    has = bottom.loc[standard]
    if method == "indirect" and (has == 0).any():
        raise ValueError(f"the standard {standard} must have work of every kind, got none of {has.index[has == 0][0]}")
    rates = top.loc[standard] / has.where(has > 0)
    return has / has.sum(), rates, float(top.loc[standard].sum() / has.sum())


def _simpson(crude: pd.Series, own: pd.DataFrame) -> list[tuple[Any, Any]]:
    """Pairs whose crude order is the opposite of their order in every kind of work that both have."""
    found = []
    for one in crude.index:
        for two in crude.index:
            gap = (own.loc[one] - own.loc[two]).dropna()
            if crude[one] > crude[two] + HAIR and len(gap) > 1 and (gap <= HAIR).all() and (gap < -HAIR).any():
                found.append((one, two))
    return found
