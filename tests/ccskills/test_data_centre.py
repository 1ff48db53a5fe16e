"""The generated centre is one whole: old tables stay as they were, the others follow from the same days and people."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ccskills.data import Centre, centre

TABLES = (
    *("intervals", "events", "shrinkage", "chat", "email", "agents", "movements", "evaluations", "calibration"),
    *("surveys", "complaints", "customers", "costs", "budget", "truth"),
)
RECORDS = ("calls", "schedule", "activity")


@pytest.fixture(scope="module")
def ours() -> Centre:
    return centre(days=725)


@functools.cache
def made(seed: int, days: int, again: int = 0) -> Centre:
    """A centre that several tests read; another one for each `again`."""
    return centre(seed, days)


def daily(series: pd.Series) -> pd.Series:
    return series.groupby(pd.DatetimeIndex(series.index).normalize()).sum()


@pytest.mark.parametrize(
    ("seed", "days", "hashes"),
    [
        (2026, 602, ("ec01f48052c4916c", "45734d11d722ccb8", "5459cfec444ced33")),
        (7, 60, ("a76f83454bf70a5d", "914c14c7c270f988", "f57ca0ca53d772b0")),
        (0, 725, ("74dd325aa887e683", "c2186aa28b512b00", "4ae1de7f9851322f")),
        (12345, 1, ("d4973f7d6cc6db40", "4814e1aa2388adec", "c4d2244e5bf9e59f")),
    ],
)
def test_the_tables_that_lessons_quote_are_what_they_always_were(seed: int, days: int, hashes: tuple[str, ...]) -> None:
    # A regression guard: the hashes were taken before the other tables were added.
    old = centre(seed, days)

    found = tuple(
        hashlib.sha256(table.to_csv().encode()).hexdigest()[:16] for table in (old.intervals, old.events, old.shrinkage)
    )

    assert found == hashes


def test_every_column_of_every_table_has_its_unit_in_both_languages(ours: Centre) -> None:
    units = ours.units
    tables = {name: getattr(ours, name) for name in TABLES} | {
        name: getattr(ours, name)("2026-04-20") for name in RECORDS
    }

    for name, table in tables.items():
        columns = [*([table.index.name] if table.index.name else []), *table.columns]
        assert columns == units.loc[units["table"] == name, "column"].tolist()
    assert set(units["table"]) == set(tables)
    assert (units[["unit", "en", "zh"]] != "").all().all()


@pytest.mark.parametrize("name", [name for name in TABLES if name not in ("intervals", "events", "shrinkage")])
def test_the_same_seed_gives_the_same_table_and_another_seed_another(name: str) -> None:
    first, again, other = getattr(made(1, 120), name), getattr(made(1, 120, again=1), name), getattr(made(2, 120), name)

    pd.testing.assert_frame_equal(first, again)
    assert name == "budget" or not first.equals(other)  # a plan knows no chance


@pytest.mark.parametrize("name", ["chat", "email", "movements", "evaluations", "calibration", "surveys"])
def test_in_a_longer_centre_a_table_begins_as_in_a_shorter_one(name: str) -> None:
    short, long = getattr(made(2026, 100), name), getattr(made(2026, 160), name)

    assert 0 < len(short) < len(long)
    pd.testing.assert_frame_equal(short, long.iloc[: len(short)])


def test_a_day_in_records_does_not_depend_on_what_comes_after_it_or_was_asked_before() -> None:
    short, long = made(2026, 100), made(2026, 160)
    long.calls("2025-03-01")

    for name in RECORDS:
        pd.testing.assert_frame_equal(getattr(short, name)("2025-03-05"), getattr(long, name)("2025-03-05"))


def test_a_table_is_made_when_it_is_first_used_and_kept() -> None:
    ours = centre(days=30)

    assert not {"chat", "agents", "surveys"} & set(vars(ours))
    assert ours.chat is ours.chat


def test_changing_a_table_changes_no_other() -> None:
    ours, untouched = centre(days=30), centre(days=30)

    ours.intervals["answered"] = 0
    ours.chat["offered"] = 0
    ours.shrinkage.iloc[:, :] = 0
    calls = ours.calls("2025-01-10")
    calls["wait_s"] = 0

    pd.testing.assert_frame_equal(ours.calls("2025-01-10"), untouched.calls("2025-01-10"))
    pd.testing.assert_frame_equal(ours.complaints, untouched.complaints)
    for name in ("intervals", "shrinkage", "chat", "complaints"):
        pd.testing.assert_frame_equal(getattr(centre(days=30), name), getattr(untouched, name))


def test_chat_and_email_counts_add_up(ours: Centre) -> None:
    chat, email = ours.chat, ours.email

    assert (chat["offered"] == chat["answered"] + chat["abandoned"]).all()
    assert (chat["answered_within"] <= chat["answered"]).all()
    assert (chat["staffed"] <= chat["scheduled"]).all()
    assert chat["concurrency"].between(1, 3).all()
    assert (email["backlog"] == email["backlog"].shift(fill_value=0) + email["received"] - email["handled"]).all()
    assert (email["backlog"] >= 0).all()
    assert (email["handled_within_4h"] <= email["handled_within_24h"]).all()
    assert (email["handled_within_24h"] <= email["handled"]).all()
    assert (email["handled"] * email["aht_s"].fillna(0) <= email["staffed_hours"] * 3600).all()


def test_mails_in_time_are_those_that_first_come_first_served_gives(ours: Centre) -> None:
    rows = ours.email.iloc[:480]

    queue: list[int] = []
    in_day = in_four_hours = 0
    for slot, (came, done) in enumerate(zip(rows["received"], rows["handled"], strict=True)):
        queue += [slot] * came
        served, queue = queue[:done], queue[done:]
        in_day += sum(slot - arrival <= 24 for arrival in served)
        in_four_hours += sum(slot - arrival <= 8 for arrival in served)

    assert in_day == rows["handled_within_24h"].sum()
    assert in_four_hours == rows["handled_within_4h"].sum()


@pytest.mark.parametrize(
    ("volume", "depth"),
    [
        (lambda c: c.intervals["offered"], 0.70),
        (lambda c: c.chat["offered"], 0.85),
        (lambda c: c.email["received"], 0.75),
    ],
)
def test_holidays_are_quiet_and_make_up_workdays_are_workdays(
    ours: Centre, volume: Callable[[Centre], pd.Series], depth: float
) -> None:
    days = daily(volume(ours))

    assert days["2026-02-16":"2026-02-22"].mean() < depth * days["2026-03-02":"2026-03-08"].mean()
    for worked, rested, week in (("2026-02-28", "2026-03-07", "2026-03"), ("2026-05-09", "2026-05-16", "2026-05")):
        thursday = days[week][days[week].index.day_of_week == 3].mean()
        assert abs(days[worked] - thursday) < 0.25 * thursday
        assert days[worked] > days[rested]


def test_the_campaign_and_the_outage_reach_chat_and_email(ours: Centre) -> None:
    chat, email = ours.chat["offered"], ours.email["received"]
    fault = slice("2026-04-15 10:00", "2026-04-15 11:30")

    assert daily(chat)["2025-11-10":"2025-11-14"].mean() > 1.25 * daily(chat)["2025-11-17":"2025-11-21"].mean()
    assert daily(email)["2025-11-10":"2025-11-14"].mean() > 1.05 * daily(email)["2025-11-17":"2025-11-21"].mean()
    assert (ours.intervals.loc[fault, "offered"] == 0).all()
    assert chat.loc[fault].sum() > 2.2 * chat.loc["2026-04-22 10:00":"2026-04-22 11:30"].sum()
    assert email.loc[fault].sum() > 1.2 * email.loc["2026-04-22 10:00":"2026-04-22 11:30"].sum()


def test_chat_grows_fastest_and_email_faster_than_voice(ours: Centre) -> None:
    def growth(series: pd.Series) -> float:
        months = daily(series).resample("MS").mean()
        return float((months["2026-05":"2026-12"].to_numpy() / months["2025-05":"2025-12"].to_numpy()).mean() - 1)

    voice, chat, email = (growth(s) for s in (ours.intervals["offered"], ours.chat["offered"], ours.email["received"]))

    assert voice < email < chat
    sizes = ours.truth.set_index("effect")["size"]
    assert chat == pytest.approx(sizes["chat_trend"], abs=0.04)
    assert email == pytest.approx(sizes["email_trend"], abs=0.04)


def test_agents_and_movements_tell_the_same_story(ours: Centre) -> None:
    agents, movements = ours.agents.set_index("agent_id"), ours.movements
    hires, leavers = (movements[movements["kind"] == kind].set_index("agent_id") for kind in ("hire", "leave"))
    first, last = ours.intervals.index[0].normalize(), ours.intervals.index[-1].normalize()

    newer = agents[agents["hired"] >= first]
    assert set(hires.index) == set(newer.index)
    assert (hires["date"] == newer["hired"].loc[hires.index]).all()
    gone = agents[agents["left"].notna()]
    assert set(leavers.index) == set(gone.index)
    assert (leavers["date"] == gone["left"].loc[leavers.index]).all()
    assert (gone["left"] > gone["hired"]).all() and (gone["left"] <= last).all()
    assert (movements["date"].is_monotonic_increasing) and movements["date"].between(first, last).all()
    moved = movements[movements["kind"] == "transfer"]["agent_id"]
    assert len(moved) > 2 and agents.loc[moved, "team"].isin(["O1", "O2"]).all()
    assert (hires["training_class"] == "T" + hires["date"].dt.strftime("%Y-%m")).all()
    assert agents["name"].is_unique and agents["name_zh"].is_unique
    assert agents.groupby("team")["team_leader"].nunique().eq(1).all() and agents["site"].nunique() == 2


def test_the_head_count_fits_the_hours_on_the_schedule(ours: Centre) -> None:
    agents = ours.agents[ours.agents["skills"].str.startswith("voice")]
    hours = ours.intervals["scheduled"].resample("MS").sum() / 2

    for month, total in hours["2025-02":].items():
        middle = pd.Timestamp(month) + pd.Timedelta(days=14)
        here = (agents["on_floor"] <= middle) & ~(agents["left"] <= middle)
        paid = agents.loc[here, "contract_hours"].sum() * middle.days_in_month / 7
        assert 0.70 < total / paid < 1.12


def test_attrition_is_that_of_a_contact_centre_and_newcomers_go_first(ours: Centre) -> None:
    agents = ours.agents
    months = ((agents["left"].fillna(pd.Timestamp("2027-01-01")) - agents["hired"]).dt.days / 30.4).to_numpy()
    joined = agents["hired"] >= pd.Timestamp("2025-01-06")

    gone = agents["left"].notna()
    yearly = gone.sum() / 2 / 105  # about 105 people

    assert 0.15 < yearly < 0.45
    early = (gone & joined & (months < 6)).sum() / np.minimum(months[joined], 6).sum()
    late = (gone & (months >= 12)).sum() / np.maximum(months - 12, 0)[months >= 12].sum()
    assert early > 1.5 * late


def test_truth_names_each_effect_once_in_both_languages(ours: Centre) -> None:
    truth = ours.truth

    assert truth["effect"].is_unique and (truth[["where", "en", "zh"]] != "").all().all()
    assert np.isfinite(truth["size"]).all()
    tables = truth["where"].str.split("[.,]").str[0]
    assert set(tables) <= set(ours.units["table"])


@pytest.mark.parametrize(
    ("day", "error", "sentence"),
    [
        ("2026-08-31", ValueError, "day must be from 2025-01-06 to 2026-08-30, got 2026-08-31"),
        ("2025-01-05", ValueError, "day must be from 2025-01-06 to 2026-08-30, got 2025-01-05"),
        ("a Monday", ValueError, "day must be a date such as '2026-04-15', got 'a Monday'"),
        (5, TypeError, "day must be a date such as '2026-04-15', got 5"),
        (None, TypeError, "day must be a date such as '2026-04-15', got None"),
        (pd.NaT, ValueError, "day must be a date without a time zone, got NaT"),
        (
            pd.Timestamp("2026-04-15", tz="Asia/Shanghai"),
            ValueError,
            "day must be a date without a time zone, got Timestamp('2026-04-15 00:00:00+0800', tz='Asia/Shanghai')",
        ),
    ],
)
@pytest.mark.parametrize("name", RECORDS)
def test_a_day_that_the_centre_does_not_have_is_refused(
    name: str, day: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as raised:
        getattr(centre(), name)(day)

    assert str(raised.value) == sentence


@pytest.mark.parametrize(("name", "value"), [("seed", 1.5), ("seed", True), ("days", "60"), ("days", None)])
def test_a_seed_or_length_that_is_no_whole_number_is_refused(name: str, value: Any) -> None:
    with pytest.raises(TypeError) as raised:
        centre(**{name: value})

    assert str(raised.value) == f"{name} must be a whole number, got {value!r}"


def test_a_centre_of_one_day_has_all_its_tables() -> None:
    ours = centre(seed=3, days=1)

    for name in TABLES:
        assert isinstance(getattr(ours, name), pd.DataFrame)
    assert len(ours.calls("2025-01-06")) == ours.intervals["offered"].sum()
