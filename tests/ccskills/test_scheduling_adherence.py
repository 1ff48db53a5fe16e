"""Adherence from tables of segments is adherence from lists of minutes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.data import centre
from ccskills.scheduling import adherence, adherence_table, conformance

ORIGIN = pd.Timestamp("2026-01-05 20:00")


def table(*pieces: tuple[Any, int, int, str]) -> pd.DataFrame:
    """Segments from minutes after 20:00."""
    rows = [
        (who, ORIGIN + pd.Timedelta(a, "min"), ORIGIN + pd.Timedelta(b, "min"), state) for who, a, b, state in pieces
    ]
    return pd.DataFrame(rows, columns=["agent_id", "start", "end", "state"])


def minutes(pieces: list[tuple[int, int, str]]) -> list[str]:
    """The same segments minute by minute: who starts later holds."""
    states = ["off"] * 600
    for start, length, state in sorted(pieces, key=lambda piece: piece[0]):
        states[start : start + length] = [state] * len(states[start : start + length])
    return states


PIECES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 200), st.sampled_from(["phone", "lunch", "training", "off"])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(PIECES, PIECES)
def test_tables_and_minute_lists_agree(plan: list[tuple[int, int, str]], log: list[tuple[int, int, str]]) -> None:
    due, real = minutes(plan), minutes(log)
    if set(due) == {"off"}:
        return
    tables = [table(*(("A1", a, a + n, state) for a, n, state in pieces)) for pieces in (plan, log)]

    if all(state == "off" for _, _, state in plan):
        return
    result = adherence_table(*tables)

    row = result.agents.loc["A1"]
    assert row["adherence"] == pytest.approx(adherence(due, real))
    assert row["conformance"] == pytest.approx(conformance(due, real))
    assert row["scheduled_min"] == sum(state != "off" for state in due)
    assert result.deviations["minutes"].sum() == pytest.approx(row["scheduled_min"] - row["adherent_min"])


def test_a_night_with_a_gap_an_overlap_and_rows_out_of_order() -> None:
    plan = table(("A1", 300, 480, "phone"), ("A1", 0, 240, "phone"), ("A1", 240, 300, "lunch"))
    log = table(("A1", 310, 480, "phone"), ("A1", 10, 250, "phone"), ("A1", 230, 290, "lunch"))

    result = adherence_table(plan, log)

    # By hand: late 10; lunch 10 early (230 to 240); off 290 to 300 in lunch and 300 to 310 in phone: 40 of 480 minutes
    assert result.agents.loc["A1", "adherence"] == pytest.approx(440 / 480)
    assert result.agents.loc["A1", "conformance"] == pytest.approx(450 / 480)
    assert result.reasons[["scheduled", "actual", "minutes"]].to_numpy().tolist() == [
        ["phone", "off", 20.0],
        ["lunch", "off", 10.0],
        ["phone", "lunch", 10.0],
    ]
    assert result.deviations["end"].max() == pd.Timestamp("2026-01-06 01:10")


def test_states_of_the_log_can_stand_for_planned_ones_and_leave_is_no_work() -> None:
    plan = table(("A1", 0, 60, "phone"), ("A2", 0, 60, "leave"), ("A3", 0, 60, "phone"))
    log = table(("A1", 0, 30, "talk"), ("A1", 30, 50, "wrap"), ("A1", 50, 60, "game"), ("A9", 0, 60, "talk"))

    result = adherence_table(plan, log, {"phone": ["talk", "wrap"]})

    assert result.agents["adherence"].round(6).to_dict() == {"A1": round(50 / 60, 6), "A3": 0.0}
    assert result.agents["conformance"].to_dict() == {"A1": 1.0, "A3": 0.0}


def test_whoever_follows_the_plan_has_nothing_to_explain() -> None:
    plan = table(("A1", 0, 60, "phone"), ("A1", 60, 90, "lunch"))

    result = adherence_table(plan, plan)

    assert result.agents["adherence"].tolist() == [1.0]
    assert result.deviations.empty
    assert result.reasons.empty


def test_a_day_of_the_generated_centre_is_a_day_that_a_floor_manager_knows() -> None:
    ours = centre()

    result = adherence_table(ours.schedule("2026-03-10"), ours.activity("2026-03-10"))

    assert 0.7 < result.agents["adherence"].median() < 1
    assert (result.agents["adherent_min"] <= result.agents["scheduled_min"]).all()
    assert result.deviations["minutes"].is_monotonic_decreasing
    assert result.reasons["share"].sum() == pytest.approx(1)


GOOD = table(("A1", 0, 60, "phone"))


@pytest.mark.parametrize(
    ("plan", "log", "options", "kind", "sentence"),
    [
        (GOOD.iloc[:0], GOOD, {}, ValueError, "schedule must hold at least one row, got none"),
        (
            GOOD.drop(columns="state"),
            GOOD,
            {},
            ValueError,
            "schedule must have the columns agent_id, start, end, state, got no state",
        ),
        (GOOD.assign(start=[pd.NaT]), GOOD, {}, ValueError, "schedule must have no empty start, got one in row 0"),
        (GOOD, GOOD.assign(end="noon"), {}, TypeError, "end of activity must be times (datetime64), got str"),
        (
            table(("A1", 60, 60, "phone")),
            GOOD,
            {},
            ValueError,
            "schedule must have segments that end after they start, got 2026-01-05 21:00:00 to 2026-01-05 21:00:00",
        ),
        (
            GOOD.assign(state="leave"),
            GOOD,
            {},
            ValueError,
            "schedule must hold at least one segment at work, got only absent, leave, off",
        ),
        (
            GOOD,
            GOOD.assign(start=GOOD["start"].dt.tz_localize("UTC"), end=GOOD["end"].dt.tz_localize("UTC")),
            {},
            ValueError,
            "schedule and activity must be in one time zone, got None and UTC",
        ),
        (
            GOOD,
            GOOD,
            {"matches": {"phone": "talk"}},
            TypeError,
            "matches must give a list of logged states for 'phone', got 'talk'",
        ),
        (GOOD, GOOD, {"away": "leave"}, TypeError, "away must be a list of states, got 'leave'"),
    ],
)
def test_tables_that_cannot_be_compared_are_refused(
    plan: pd.DataFrame, log: pd.DataFrame, options: dict[str, Any], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind) as error:
        adherence_table(plan, log, **options)
    assert str(error.value) == sentence
