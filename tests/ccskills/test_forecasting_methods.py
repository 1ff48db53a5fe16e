"""The methods against other programs and other ways to the same number, and what they reach on calls held out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills import _grid
from ccskills.data import centre, half_hours, load
from ccskills.forecasting import METHODS, _methods, accuracy, accuracy_by, backtest, clean, forecast, monthly
from ccskills.forecasting._smoothing import smooth


@pytest.fixture(scope="module")
def bank() -> pd.Series:
    return half_hours(load("bank_calls"))


def poisson(days: int, step: str = "30min", calls: float = 20.0, seed: int = 1) -> pd.Series:
    """A centre open day and night with a wave over the day, by chance."""
    index = pd.date_range("2026-01-05", periods=days * int(pd.Timedelta("1D") / pd.Timedelta(step)), freq=step)
    hour = np.asarray(index.hour + index.minute / 60)
    mean = calls * (1 + 0.6 * np.sin(2 * np.pi * (hour - 8) / 24))
    return pd.Series(np.random.default_rng(seed).poisson(mean), index, name="calls")


WEEKS = ((112, 95, 90, 88, 101, 60, 50), (118, 97, 95, 90, 104, 63, 52), (121, 104, 96, 95, 108, 66, 55))
VOLUME = np.array([*WEEKS, (119, 108, 99, 99, 112, 64, 58)], dtype=np.float64).ravel()
# statsmodels 0.15.0, ExponentialSmoothing(VOLUME, trend="add", damped_trend=True, seasonal=..., seasonal_periods=7,
# initialization_method="known", initial_level=86, initial_trend=0, initial_seasonal=...).fit(smoothing_level=0.2,
# smoothing_trend=0.1, smoothing_seasonal=0.3, damping_trend=0.9, optimized=False): .fittedvalues and .forecast(9). It
# forgets the last update of the season, so that its seventh day is not used; the additive one is that of
# ETSModel(...).smooth([0.2, 0.02, 0.3, 0.9]), which agrees in all other days.
STATSMODELS = {
    True: (
        [1.3, 1.1, 1.05, 1.0, 1.15, 0.75, 0.65],
        [111.8, 108.553102, 56.490403, 56.919938],
        [124.786912, 107.587604, 100.316973, 97.671954, 110.789435, 66.835165, np.nan, 125.664245, 108.267458],
    ),
    False: (
        [25.0, 10.0, 5.0, 0.0, 12.0, -22.0, -30.0],
        [111.0, 109.851898, 58.720018, 59.305657],
        [122.363115, 106.687161, 99.718455, 97.184036, 109.518576, 67.277499, 59.155067, 122.81513, 107.093974],
    ),
}


@pytest.mark.parametrize("multiplicative", [True, False])
def test_holt_winters_runs_as_in_statsmodels(multiplicative: bool) -> None:
    season, fitted, ahead = STATSMODELS[multiplicative]
    parameters = np.array([[0.2, 0.1, 0.3, 0.9]])

    run = smooth(VOLUME, np.arange(28) % 7, parameters, 86.0, np.array(season), multiplicative=multiplicative)

    growth = np.cumsum(0.9 ** np.arange(1, 10))
    base, factor = run.level[0] + growth * run.trend[0], run.season[0, np.arange(28, 37) % 7]
    assert run.foreseen[0, [0, 7, 20, 27]] == pytest.approx(fitted, abs=1e-6)
    known = ~np.isnan(ahead)
    assert (base * factor if multiplicative else base + factor)[known] == pytest.approx(
        np.array(ahead)[known], abs=1e-6
    )


def test_the_ridge_solves_its_least_squares_problem(bank: pd.Series) -> None:
    grid = _grid.regular(_grid.read(bank))
    ahead = _grid.Ahead.plain(pd.bdate_range("2003-10-27", periods=10))
    past, penalty = _methods._features(_grid.Ahead.plain(grid.days), grid.days[:1], grid)
    future, _ = _methods._features(ahead, grid.days[-1:], grid)
    volume = np.nansum(grid.counts, axis=1)
    age = np.asarray((grid.days[-1] - grid.days).days, dtype=np.float64)

    found = _methods.ridge_profile(grid, ahead).sum(axis=1)

    # A ridge is a least-squares problem with one more row for each penalty: solved by QR instead of its normal
    # equations. The level is the weighted mean of the residuals with one day of nothing besides.
    weight = 0.5 ** (age / 120)
    rows = np.vstack([past * np.sqrt(weight)[:, None], np.diag(np.sqrt(penalty))])
    target = np.concatenate([np.log(volume) * np.sqrt(weight), np.zeros(penalty.size)])
    effects = np.linalg.lstsq(rows, target)[0]
    level = np.average(np.append(np.log(volume) - past @ effects, 0.0), weights=np.append(0.5 ** (age / 8), 1.0))
    scale = np.average(volume, weights=weight) / np.average(np.exp(past @ effects), weights=weight)
    assert found == pytest.approx(scale * np.exp(future @ effects + level), rel=1e-6)


def test_the_weekday_mean_weighs_half_as_much_three_weeks_back() -> None:
    daily = pd.Series(np.arange(42.0), pd.date_range("2026-01-05", periods=42), name="calls")

    found = forecast(daily, 1, "weekday_weighted")["mean"].iloc[0]

    mondays = np.arange(0.0, 42.0, 7.0)
    # The weights run to the last day of the history, a Sunday; only their ratios count.
    assert found == pytest.approx(np.average(mondays, weights=2 ** (np.arange(6) / 3)))


def test_the_combination_is_the_mean_of_its_parts(bank: pd.Series) -> None:
    parts = [forecast(bank, 5, name)["mean"] for name in ("ridge_profile", "holt_winters", "weekday_weighted")]

    assert forecast(bank, 5, "combination")["mean"].to_numpy() == pytest.approx(np.mean(parts, axis=0))


def test_the_ridge_is_a_tenth_better_than_the_weekday_median_on_real_calls(bank: pd.Series) -> None:
    # The goal: half hours, four weeks held out, five rolling origins.
    table = backtest(bank, ["weekday_median", "ridge_profile"], horizon_days=20, origins=5).groupby("method")["wape"]

    assert table.mean()["ridge_profile"] <= 0.9 * table.mean()["weekday_median"]


def test_on_a_growing_centre_the_ridge_is_neither_late_nor_worse_than_the_median() -> None:
    ours = centre()
    calls = clean(ours.intervals["offered"], ours.events).history

    table = backtest(calls, ["weekday_median", "ridge_profile"], 28, 20).groupby("method")[["wape", "wape_day", "bias"]]

    mean = table.mean()
    assert mean.loc["ridge_profile", "wape"] < 0.95 * mean.loc["weekday_median", "wape"]
    assert mean.loc["ridge_profile", "wape_day"] < 0.95 * mean.loc["weekday_median", "wape_day"]
    assert mean.loc["ridge_profile", "bias"] > 0.75 * mean.loc["weekday_median", "bias"] > -0.03


def coverage(history: pd.Series, origins: range, horizon: int, share: float) -> float:
    """Share of the intervals after the origins that lie between the limits of the ridge."""
    days = pd.DatetimeIndex(history.index).normalize().unique()
    inside = []
    for origin in origins:
        seen = history[history.index < days[origin]]
        last = days[origin + horizon - 1] + pd.Timedelta(days=1)
        came = history[(history.index >= days[origin]) & (history.index < last)]
        closed = pd.date_range(days[origin - 1], last).difference(days)
        found = forecast(seen, horizon, "ridge_profile", closed=closed, coverage=share).loc[came.index]
        inside.append(((came >= found["lower"]) & (came <= found["upper"])).mean())
    return float(np.mean(inside))


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_limits_cover_what_they_say_on_days_not_seen(bank: pd.Series, share: float) -> None:
    # Seed 21 was not looked at when the limits were made.
    ours = centre(seed=21)
    calls = clean(ours.intervals["offered"], ours.events).history

    assert coverage(bank, range(70, 140, 7), 20, share) == pytest.approx(share, abs=0.06)
    assert coverage(calls, range(330, 570, 24), 28, share) == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize(
    ("history", "per_day"),
    [
        (poisson(70), 48),
        (poisson(70, "15min"), 96),
        (poisson(70, "1h"), 24),
        (poisson(70).resample("D").sum(), 1),
        (poisson(70, calls=0.05), 48),
    ],
)
def test_every_kind_of_regular_history_is_continued(history: pd.Series, per_day: int) -> None:
    found = forecast(history, 7)

    assert len(found) == 7 * per_day
    assert found.index[0] == history.index[-1] + (history.index[1] - history.index[0])
    assert found["mean"].sum() == pytest.approx(history.sum() / 10, rel=0.15)
    assert (found["lower"] >= 0).all() and (found["lower"] <= found["mean"]).all()
    assert (found["mean"] <= found["upper"]).all() and np.isfinite(found["upper"]).all()


def test_where_an_interval_brings_few_calls_nothing_is_no_forecast() -> None:
    # A forecast of 0 has the lowest WAPE per half hour here, and would staff nobody.
    rare = poisson(70, calls=0.1)

    assert forecast(rare, 7)["mean"].sum() > 0.5 * rare.sum() / 10


def test_with_too_few_origins_to_choose_from_auto_takes_the_ridge() -> None:
    assert forecast(poisson(37), 7).attrs["method"] == "ridge_profile"


@settings(deadline=None, max_examples=20)
@given(st.integers(2, 20), st.integers(0, 10**6))
def test_a_centre_k_times_as_large_gets_k_times_the_forecast(times: int, seed: int) -> None:
    calls = poisson(35, "2h", calls=200.0, seed=seed)

    # The ridge and Holt-Winters know how many calls stand behind a share; these three know only counts.
    for method in METHODS[:3]:
        once, often = (forecast(calls * k, 3, method)["mean"].to_numpy() for k in (1, times))

        assert often == pytest.approx(times * once)


def test_the_accuracy_of_sums_and_of_parts() -> None:
    # By hand: forecast 15, 180, 240, 60 against 10, 200, 230, 60 (standard.md 5.4): WAPE 35/500, bias -5/500; a day of
    # 495 against 500 is off by 1 %. Shifted by a day and doubled, the second day is off as much.
    hours = pd.date_range("2026-03-01 09:00", periods=4, freq="h")
    index = hours.append(hours + pd.Timedelta(days=1))
    came = pd.Series([10, 200, 230, 60, 20, 400, 460, 120], index)
    foreseen = pd.Series([15, 180, 240, 60, 30, 360, 480, 120], index)

    sums = accuracy_by(came, foreseen)
    assert sums.loc["interval"].tolist() == pytest.approx([0.07, -0.01, 0.16086957, 8])
    assert sums.loc["day", ["wape", "bias", "n"]].tolist() == pytest.approx([0.01, -0.01, 2])
    # 1 March 2026 is a Sunday: two weeks, one month.
    assert sums["n"].tolist() == [8, 2, 2, 1]
    assert accuracy_by(came, foreseen, "hour")["wape"].tolist() == pytest.approx([0.5, 0.1, 10 / 230, 0])
    assert accuracy_by(came, foreseen, "horizon")["wape"].tolist() == pytest.approx([0.07, 0.07])
    assert accuracy_by(came, foreseen, "weekday").index.tolist() == ["Mon", "Sun"]


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 300)), min_size=10, max_size=60))
def test_adding_up_never_makes_the_wape_larger_nor_moves_the_bias(pairs: list[tuple[int, int]]) -> None:
    index = pd.date_range("2026-01-28 20:00", periods=len(pairs), freq="7h")
    came, foreseen = (pd.Series(part, index) for part in zip(*pairs, strict=True))

    found = accuracy_by(came, foreseen)

    interval, day, month = found["wape"][["interval", "day", "month"]]
    assert month <= day + 1e-12 <= interval + 2e-12
    assert found["bias"].to_numpy() == pytest.approx(accuracy(came, foreseen).bias)


def test_a_backtest_shows_intervals_days_and_weeks(bank: pd.Series) -> None:
    found = backtest(bank, ["ridge_profile", "seasonal_naive"], horizon_days=20, origins=3)

    for wider, narrower in pairwise(["wape", "wape_day", "wape_week"]):
        assert (found[narrower] <= found[wider] + 1e-12).all()
    assert found["origin"].is_monotonic_increasing is False and found["origin"][:3].is_monotonic_increasing


def test_months_a_year_ahead_are_foreseen_better_than_by_the_last_quarter() -> None:
    off, flat, inside = [], [], []
    for seed in (31, 32):
        ours = centre(seed=seed, days=725)
        calls, events = ours.intervals["offered"], ours.events
        seen = calls[:"2026-01-31"]

        found = monthly(seen, 10, events=events[events["kind"] != "outage"])

        came = calls.resample("MS").sum().loc[found["month"]].to_numpy()
        off.append(np.abs(found["mean"] / came - 1).mean())
        flat.append(np.abs(seen[-91 * 24 :].sum() / 91 * found["days"] / came - 1).mean())
        inside.append(((found["lower"] <= came) & (came <= found["upper"])).mean())

    assert np.mean(off) < 0.5 * np.mean(flat)
    assert np.mean(inside) >= 0.7


def test_a_plan_begins_with_the_first_month_not_begun_and_its_limits_widen() -> None:
    calls = poisson(200, "1h", calls=100)

    found = monthly(calls, 4, closed=["2026-08-03"])

    # The history ends on 23 July 2026.
    assert found["month"].dt.strftime("%m-%d").tolist() == ["08-01", "09-01", "10-01", "11-01"]
    assert found["days"].tolist() == [30, 30, 31, 30]
    assert found["mean"].sum() == pytest.approx(121 * calls.sum() / 200, rel=0.1)
    assert np.log(found["upper"] / found["lower"]).is_monotonic_increasing


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (lambda h: monthly(h, 0), ValueError, "months must be from 1 to 24, got 0"),
        (lambda h: monthly(h), ValueError, "history must hold at least 91 open days (13 weeks), got 42"),
        (lambda h: forecast(h, 5, closed="2026-03-01"), TypeError, "closed must be a collection of dates, got '2026-0"),
        (lambda h: forecast(h, 5, closed=["soon"]), ValueError, "closed must hold dates, got ['soon']"),
        (
            lambda h: forecast(h.replace(h.iloc[0], np.inf), 5),
            ValueError,
            "history must hold finite counts, got inf at",
        ),
        (
            lambda h: forecast(h.iloc[: 34 * 12], 5),
            ValueError,
            "history must hold at least 35 open days (five weeks), ",
        ),
        (
            lambda h: backtest(h, "naive", 7, 2),
            ValueError,
            "methods must be one of seasonal_naive, weekday_median, weekday_w",
        ),
        (lambda h: accuracy_by(h, h, "year"), ValueError, "by must be one of granularity, horizon, day, week, month, "),
        (lambda h: accuracy_by([1], h), TypeError, "actual must be a pandas Series on a DatetimeIndex, got list"),
        (lambda h: accuracy_by(h * 0, h), ValueError, "actual must hold at least one contact, got 0 in 504 intervals"),
    ],
)
def test_what_cannot_be_foreseen_or_measured_is_refused(call, kind, sentence) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(kind) as error:
        call(poisson(42, "2h").astype(float))

    assert str(error.value).startswith(sentence)
    assert "\n" not in str(error.value)
