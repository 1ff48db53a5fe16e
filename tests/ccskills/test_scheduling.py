"""Adherence is about when, conformance about how much, over and under about where."""

from __future__ import annotations

import pandas as pd
import pytest

from ccskills.scheduling import adherence, conformance, over_under


def test_a_late_start_made_up_at_the_end_costs_adherence_only() -> None:
    # By hand: 24 of 480 planned minutes are missed at the start and worked after the end: 456/480 and 480/480
    plan = ["phone"] * 480 + ["off"] * 24
    log = ["off"] * 24 + ["phone"] * 480

    assert adherence(plan, log) == pytest.approx(0.95)
    assert conformance(plan, log) == pytest.approx(1.0)


def test_a_break_at_the_wrong_time_is_work_time_lost_for_adherence() -> None:
    plan = ["phone"] * 50 + ["break"] * 10
    log = ["phone"] * 40 + ["break"] * 10 + ["phone"] * 10

    assert adherence(plan, log) == pytest.approx(40 / 60)


def test_over_and_under_never_cancel_out() -> None:
    index = pd.date_range("2026-01-05 09:00", periods=3, freq="30min")
    table = over_under(pd.Series([10, 17, 12], index), pd.Series([12, 15, 12], index))

    assert table["over"].tolist() == [2, 0, 0]
    assert table["under"].tolist() == [0, 2, 0]
    assert (table["difference"] == table["over"] - table["under"]).all()
    assert table.index.equals(index)


@pytest.mark.parametrize(
    ("plan", "log", "sentence"),
    [
        (["phone"], ["phone", "phone"], "scheduled and actual must cover the same minutes, got 1 and 2"),
        (["off"], ["phone"], 'scheduled must hold at least one slice that is not "off", got 1 slices'),
    ],
)
def test_days_that_cannot_be_compared_are_refused(plan: list[str], log: list[str], sentence: str) -> None:
    for measure in (adherence, conformance):
        with pytest.raises(ValueError) as error:
            measure(plan, log)
        assert str(error.value) == sentence


def test_a_single_word_is_no_day() -> None:
    with pytest.raises(TypeError, match="lists with one state for each minute"):
        adherence("phone", "phone")


def test_two_different_days_are_not_subtracted() -> None:
    monday, tuesday = (pd.Series([1], index=pd.DatetimeIndex([day])) for day in ("2026-01-05", "2026-01-06"))

    with pytest.raises(ValueError, match="required and staffed must have the same index"):
        over_under(monday, tuesday)
