"""Figures and dates as people write them: even decimals, thousands separators, months that do not look like days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["decimals", "monthly", "short_names", "stamped", "written"]


def decimals(*values: Any) -> int:
    """Decimals with which all the values of a chart are written: no more than they have, and none from 1000 on.

    Values with many have two up to 100, one up to 1000, and three digits when all lie below 1.

    >>> decimals([12, 110_000]), decimals([84.25, 79.1]), decimals([300.126, 41.2]), decimals([0.03876])
    (0, 2, 1, 4)
    """
    found = np.concatenate([np.ravel(np.asarray(part, dtype=np.float64)) for part in values])
    most = float(np.abs(found).max(initial=0.0))
    if most == 0:
        return 0
    size = int(np.floor(np.log10(most) + 1e-12))
    limit = min(2 - size, 9) if size < 0 else (2, 2, 1)[size] if size < 3 else 0
    even = (digits for digits in range(limit) if np.abs(found - found.round(digits)).max() <= 1e-9 * most)
    return next(even, limit)


def written(value: float, digits: int | None = None) -> str:
    """A figure with thousands separators and its decimals, never a power of ten and never -0.

    >>> written(88_000), written(1140.25), written(-0.04, 1), written(7, 2)
    ('88,000', '1,140', '0.0', '7.00')
    """
    return f"{float(value):z,.{decimals(value) if digits is None else digits}f}"


def stamped(values: Any) -> Any:
    """A Series or DataFrame on periods, such as months, on their first days; anything else as it is."""
    if isinstance(values, (pd.Series, pd.DataFrame)) and isinstance(values.index, pd.PeriodIndex):
        return values.set_axis(values.index.to_timestamp(), axis=0)
    return values


def monthly(when: pd.DatetimeIndex) -> bool:
    """Whether moments stand for months: each the first, or each the last, day of another month.

    >>> monthly(pd.date_range("2026-01-01", periods=3, freq="MS")), monthly(pd.date_range("2026-01-01", periods=3))
    (True, False)
    """
    if len(when) < 2 or (when != when.normalize()).any() or when.strftime("%Y-%m").has_duplicates:
        return False
    return bool(when.is_month_start.all() or when.is_month_end.all())


def short_names(labels: Iterable[object]) -> list[str]:
    """Labels of an axis: months with their year, days without, times of one day without the day, the rest as it is.

    >>> short_names(pd.to_datetime(["2026-03-01", "2026-04-01"])), short_names(pd.to_datetime(["2026-03-01"]))
    (['2026-03', '2026-04'], ['03-01'])
    """
    given: Sequence[object] = list(labels)
    if not given or not all(isinstance(label, (pd.Timestamp, np.datetime64)) for label in given):
        return [str(label) for label in given]
    when = pd.DatetimeIndex(given)
    if monthly(when):
        return [f"{moment:%Y-%m}" for moment in when]
    if (when == when.normalize()).all():
        return [f"{moment:%m-%d}" for moment in when]
    if when.normalize().nunique() == 1:
        return [f"{moment:%H:%M}" for moment in when]
    return [f"{moment:%m-%d}" if moment == moment.normalize() else f"{moment:%m-%d %H:%M}" for moment in when]
