"""Events, cleaning and the day itself: effects put in by hand are found, and mornings teach the afternoon."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.data import centre, half_hours, load
from ccskills.forecasting import accuracy, backtest, clean, event_effects, forecast, reforecast

WORKDAYS = np.array([30.0, 60.0, 50.0, 20.0])
RESTDAYS = np.array([10.0, 20.0, 30.0, 20.0])


@pytest.fixture(scope="module")
def bank() -> pd.Series:
    return half_hours(load("bank_calls"))


def known(weeks: int, closed_weekdays: tuple[int, ...] = (), first: str = "2026-01-05") -> pd.Series:
    """Four intervals a day from 9:00, every week the same: workdays 160 calls, rest days 80."""
    days = pd.date_range(first, periods=7 * weeks)
    days = days[~days.day_of_week.isin(closed_weekdays)]
    counts = np.where((days.day_of_week < 5)[:, None], WORKDAYS, RESTDAYS)
    index = (days.to_numpy()[:, None] + (np.arange(9, 13) * np.timedelta64(1, "h"))[None, :]).ravel()
    return pd.Series(counts.ravel(), pd.DatetimeIndex(index), name="calls")


def events(*rows: tuple[object, ...], columns: str = "start end kind") -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


def daily(forecasts: pd.DataFrame) -> pd.Series:
    return forecasts["mean"].groupby(pd.DatetimeIndex(forecasts.index).normalize()).sum()


def test_an_effect_put_in_is_found_and_used_again() -> None:
    calls = known(16)
    for start in ("2026-02-03", "2026-03-10"):
        calls[start : pd.Timestamp(start) + pd.Timedelta("2D")] *= 1.5
    listed = events(
        ("2026-02-03", "2026-02-04 23:59", "campaign"),
        ("2026-03-10", "2026-03-11 23:59", "campaign"),
        ("2026-04-28", "2026-04-28 23:59", "campaign"),
    )
    calls = calls.where(~((calls.index >= "2026-02-05") & (calls.index < "2026-02-06")), known(16))
    calls = calls.where(~((calls.index >= "2026-03-12") & (calls.index < "2026-03-13")), known(16))

    effect = event_effects(calls, listed).set_index("kind").loc["campaign"]
    found = daily(forecast(calls, 3, "weekday_median", events=listed))

    assert effect[["times", "days"]].tolist() == [2, 4]
    assert effect["factor"] == pytest.approx(1.5, rel=0.02)
    assert effect["lower"] < effect["factor"] < effect["upper"]
    # Monday 27, Tuesday 28, Wednesday 29 April 2026.
    assert found.to_numpy() == pytest.approx([160, 240, 160], rel=0.02)


def test_a_holiday_has_its_own_level_and_the_hours_of_a_rest_day() -> None:
    calls = known(16)
    holidays = events(
        ("2026-02-02", "2026-02-03 23:59", "holiday"),
        ("2026-03-14", "2026-03-15 23:59", "holiday"),
        ("2026-04-28", "2026-04-28 23:59", "holiday"),
    )
    # Half of the mean day (160 x 5 + 80 x 2) / 7 = 137, on a Monday as on a Sunday, spread as on rest days.
    level = 0.5 * 960 / 7
    for day in ("2026-02-02", "2026-02-03", "2026-03-14", "2026-03-15"):
        calls[day] = level * RESTDAYS / 80

    found = forecast(calls, 2, "weekday_median", events=holidays)

    assert daily(found).to_numpy() == pytest.approx([160, level], rel=0.03)
    tuesday = found["mean"].to_numpy()[4:]
    assert tuesday / tuesday.sum() == pytest.approx(RESTDAYS / 80, abs=0.01)
    assert event_effects(calls, holidays)["factor"].iloc[-1] == pytest.approx(0.5, rel=0.03)


def test_the_day_after_a_holiday_is_learnt_by_itself() -> None:
    calls = known(16)
    listed = events(*[(f"2026-{d}", f"2026-{d} 23:59", "holiday") for d in ("01-27", "02-17", "03-17", "04-27")])
    for day in ("2026-01-28", "2026-02-18", "2026-03-18"):
        calls[day] *= 1.2

    found = daily(forecast(calls, 3, "weekday_median", events=listed))

    assert event_effects(calls, listed).set_index("kind").loc["after_holiday", "times"] == 3
    assert found.iloc[1:].to_numpy() == pytest.approx([192, 160], rel=0.02)


def test_a_make_up_workday_opens_a_closed_weekday_and_is_like_the_day_it_imitates() -> None:
    calls = known(16, closed_weekdays=(5, 6))
    calls[calls.index.day_of_week == 4] *= 2
    saturday = pd.Series(2 * WORKDAYS, pd.date_range("2026-03-14 09:00", periods=4, freq="h"))
    listed = events(
        ("2026-03-14", "2026-03-14 23:59", "makeup_workday", "Fri"),
        ("2026-05-02", "2026-05-02 23:59", "makeup_workday", "Fri"),
        columns="start end kind weekday",
    )

    found = daily(forecast(pd.concat([calls, saturday]).sort_index(), 6, "weekday_median", events=listed))

    assert found.index.strftime("%a").tolist() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    assert found.to_numpy() == pytest.approx([160, 160, 160, 160, 320, 320], rel=0.02)


def test_an_event_written_in_dates_holds_on_its_last_day() -> None:
    listed = events(("2026-04-27", "2026-04-28", "campaign", 2.0), columns="start end kind factor")

    assert daily(forecast(known(16), 3, "weekday_median", events=listed)).tolist() == pytest.approx([320, 320, 160])


def test_what_the_planner_says_goes_before_what_was_learnt_and_touches_its_hours_only() -> None:
    listed = events(("2026-04-27 10:00", "2026-04-27 11:30", "campaign", 2.0), columns="start end kind factor")

    found = forecast(known(16), 1, "weekday_median", events=listed)

    assert found["mean"].tolist() == pytest.approx([30, 120, 100, 20])


def test_a_name_leans_on_its_kind_and_a_new_name_takes_it() -> None:
    calls = known(30)
    listed = events(
        *[(f"2026-{d}", f"2026-{d} 23:59", "campaign", "spring") for d in ("02-04", "02-25", "03-18")],
        *[(f"2026-{d}", f"2026-{d} 23:59", "campaign", "summer") for d in ("05-06", "05-27")],
        ("2026-08-04", "2026-08-04 23:59", "campaign", "autumn"),
        columns="start end kind name",
    )
    for start, name in zip(listed["start"][:5], listed["name"], strict=False):
        calls[start] *= 1.2 if name == "spring" else 1.6

    effects = event_effects(calls, listed).set_index("name")["factor"]
    new = daily(forecast(calls, 2, "weekday_median", events=listed)).iloc[1] / 160

    assert 1.2 < effects["spring"] < effects[""] < effects["summer"] < 1.6
    assert new == pytest.approx(effects[""])


def test_an_event_that_is_uncertain_widens_the_limits_of_its_day(bank: pd.Series) -> None:
    seen = bank[:"2003-10-17"]
    day = ("2003-10-21", "2003-10-21 23:59", "campaign")
    past = ("2003-08-05", "2003-08-05 23:59", "campaign")

    plain = forecast(seen, 2, "ridge_profile")
    learnt = forecast(seen, 2, "ridge_profile", events=events(past, day))

    wide = [(table["upper"] - table["lower"]).groupby(table.index.day).sum() for table in (plain, learnt)]
    assert wide[1][21] / wide[0][21] > 1.3 * wide[1][20] / wide[0][20]


def test_on_a_year_with_holidays_events_take_a_fifth_off_the_error() -> None:
    ours = centre(days=725)
    calls = ours.intervals["offered"]

    without, with_events = (
        backtest(calls, ["ridge_profile"], 28, 12, events=table)["wape"].mean() for table in (None, ours.events)
    )

    # September to December with the National Day week, of which a third of the origins see nothing yet.
    assert with_events < 0.8 * without


def test_duplicates_are_kept_once_and_logged() -> None:
    calls = known(10)
    again = pd.concat([calls, calls.iloc[[50]], calls.iloc[[70]] * 3])

    found = clean(again)

    assert found.history.to_numpy() == pytest.approx(calls.to_numpy())
    # The first came twice alike: kept once. The second came with two counts: typical instead of either.
    assert found.log["reason"].tolist() == ["duplicate", "duplicate"]
    assert found.log["was"].tolist() == [2 * calls.iloc[50], 4 * calls.iloc[70]]
    assert found.log["now"].tolist() == [calls.iloc[50], calls.iloc[70]]


def test_spikes_and_dips_are_replaced_only_when_asked_for() -> None:
    calls = known(10)
    calls.iloc[[61, 90]] = [300.0, 4.0]

    assert clean(calls).log.empty
    found = clean(calls, spikes=6)

    assert found.log["reason"].tolist() == ["spike", "dip"]
    assert found.history.to_numpy() == pytest.approx(known(10).to_numpy())


def test_the_log_says_why_in_both_languages() -> None:
    ours = centre()
    calls = ours.intervals["offered"].drop(pd.Timestamp("2025-03-05 10:00"))

    log = clean(calls, ours.events).log.set_index("reason")

    assert log.loc["gap", ["en", "zh"]].tolist() == [
        "no count for an interval that is usually open",
        "平时开放的时段缺数",
    ]
    assert {"Spring Festival", "Labour Day"} < set(log.loc["holiday", "en"])
    assert {"春节", "劳动节"} < set(log.loc["holiday", "zh"])


@settings(deadline=None, max_examples=25)
@given(st.sets(st.integers(0, 279), max_size=12), st.integers(0, 10**6))
def test_cleaning_twice_is_cleaning_once(lost: set[int], seed: int) -> None:
    calls = known(10)
    noisy = pd.Series(np.random.default_rng(seed).poisson(calls).astype(float), calls.index)

    once = clean(noisy.drop(noisy.index[sorted(lost)]))

    assert clean(once.history).log.empty
    assert len(once.log) == len(once.history) - (len(noisy) - len(lost))


def test_the_morning_moves_the_afternoon_and_draws_the_limits_in(bank: pd.Series) -> None:
    plan = forecast(bank[:"2003-10-22"], 2, "ridge_profile")
    foreseen = plan.loc["2003-10-23"]
    morning = 1.1 * foreseen["mean"][:8]

    now = reforecast(plan, morning)

    factor = now.attrs["factor"]
    assert 1 < factor < 1.1
    rest = foreseen.index[8:]
    assert now.loc[rest, "mean"].to_numpy() == pytest.approx(factor * plan.loc[rest, "mean"].to_numpy())
    assert (now.loc[morning.index].to_numpy() == morning.to_numpy()[:, None]).all()
    assert now.loc["2003-10-24"].equals(plan.loc["2003-10-24"])
    width = [(table["upper"] - table["lower"])[rest].sum() / table["mean"][rest].sum() for table in (plan, now)]
    assert width[1] < 0.95 * width[0]
    assert ((now["lower"] <= now["mean"]) & (now["mean"] <= now["upper"])).all()


def test_early_in_the_day_the_plan_is_believed_more(bank: pd.Series) -> None:
    plan = forecast(bank[:"2003-10-23"], 1, "ridge_profile")
    carried = [reforecast(plan, 1.1 * plan["mean"][:n]).attrs["factor"] - 1 for n in (1, 4, 8)]

    assert 0 <= carried[0] < carried[1] < carried[2] < 0.1


def rest_of_days(history: pd.Series, origins: range, horizon: int, listed: pd.DataFrame | None) -> list[float]:
    """WAPE after 11:00 of plans made up to `horizon` days before, and of their reforecasts at 11:00."""
    days = pd.DatetimeIndex(history.index).normalize().unique()
    off, total = np.zeros(2), 0.0
    for origin in origins:
        closed = pd.date_range(days[origin - 1], days[origin + horizon - 1]).difference(days)
        seen = history[history.index < days[origin]]
        plan = forecast(seen, horizon, "ridge_profile", closed=closed, events=listed)
        for day in days[origin : origin + horizon]:
            today = history[f"{day:%Y-%m-%d}"]
            late = today.index[today.index.hour >= 11]
            now = reforecast(plan, today[today.index.hour < 11])
            off += [np.abs(table.loc[late, "mean"] - today[late]).sum() for table in (plan, now)]
            total += today[late].sum()
    return [float(part / total) for part in off]


def test_from_eleven_on_the_reforecast_beats_the_plan_on_days_not_seen(bank: pd.Series) -> None:
    ours = centre(seed=21, days=725)

    of_bank = rest_of_days(bank, range(80, 160, 5), 5, None)
    foreseeable = ours.events[ours.events["kind"] != "outage"]
    of_ours = rest_of_days(ours.intervals["offered"], range(425, 700, 42), 7, foreseeable)

    assert of_bank[1] < 0.95 * of_bank[0]
    assert of_ours[1] < 0.97 * of_ours[0]


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (
            lambda h: forecast(
                h, 5, events=events(("2026-04-27", "2026-04-27", "campaign", "Sale"), columns="start end kind en")
            ),
            ValueError,
            "events must give a factor for a kind that the history has not seen, got campaign Sale on 2026-04-27",
        ),
        (
            lambda h: forecast(
                h, 5, events=events(("2026-04-27", "2026-04-27", "x", -1), columns="start end kind factor")
            ),
            ValueError,
            "factor must be 0 or more, got -1",
        ),
        (
            lambda h: forecast(h, 5, events=events(("2026-04-27", "2026-04-26", "holiday"))),
            ValueError,
            "events must start before they end, got holiday from 2026-04-27 00:00:00 to 2026-04-26 00:00:00",
        ),
        (
            lambda h: forecast(h, 5, events=events(("soon", "later", "holiday"))),
            ValueError,
            "events must start and end at times, got 'soon' and 'later'",
        ),
        (
            lambda h: forecast(h, 5, events=events(("2026-04-27T00:00+08:00", "2026-04-28T00:00+08:00", "holiday"))),
            ValueError,
            "events must have local times without a time zone, got holiday from ",
        ),
        (
            lambda h: forecast(
                h,
                5,
                events=events(
                    ("2026-04-27", "2026-04-27", "makeup_workday", "Friday"), columns="start end kind weekday"
                ),
            ),
            ValueError,
            "weekday must be one of Mon, Tue, Wed, Thu, Fri, Sat, Sun, got 'Friday'",
        ),
        (lambda h: forecast(h, 5, events=["2026-04-27"]), TypeError, "events must be a pandas DataFrame, got list"),
        (lambda h: event_effects(h, events(), 95), ValueError, "confidence must be a share between 0 and 1, both excl"),
        (lambda h: clean(h, spikes=-1), ValueError, "spikes must be above 0, got -1"),
        (lambda h: reforecast(h, h), TypeError, "forecast must be a pandas DataFrame, got Series"),
        (
            lambda h: reforecast(h.to_frame("mean").assign(lower=0, upper=9), h[:1]),
            ValueError,
            "forecast must be a result of forecasting.forecast with its attrs, got a table without them",
        ),
        (
            lambda h: reforecast(forecast(h, 2), pd.Series([1.0], [pd.Timestamp("2026-04-27 10:00")])),
            ValueError,
            "actual_so_far must hold the first intervals of one day in order, got 1 intervals from 2026-04-27 10:00:00",
        ),
        (
            lambda h: reforecast(forecast(h, 2), h[-3:]),
            ValueError,
            "actual_so_far must lie in the forecast, got 2026-04-26 10:00:00",
        ),
        (
            lambda h: reforecast(forecast(h, 2), pd.Series([-1.0], [pd.Timestamp("2026-04-27 09:00")])),
            ValueError,
            "actual_so_far must be 0 or more, got -1 at position 0",
        ),
    ],
)
def test_events_and_actuals_that_cannot_be_are_refused(
    call: Callable[[pd.Series], object], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind) as error:
        call(known(16))

    assert str(error.value).startswith(sentence)
    assert "\n" not in str(error.value)


def test_the_inputs_are_left_as_they_were(bank: pd.Series) -> None:
    ours = centre(days=200)
    calls, listed = ours.intervals["offered"].copy(), ours.events.copy()
    plan = forecast(calls, 3, events=listed.assign(factor=1.0))
    copy = plan.copy()

    reforecast(plan, plan["mean"][:3])
    clean(calls, listed)

    assert calls.equals(ours.intervals["offered"]) and listed.equals(ours.events) and plan.equals(copy)
    assert accuracy(plan["mean"], plan).wape == 0
