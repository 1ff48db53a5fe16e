"""The timeline draws every segment where it lies, and says how far plan and log differ."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ccskills import reporting


def rows(*pieces: tuple[str, str, str], who: str | None = None, day: str = "2026-01-05") -> pd.DataFrame:
    table = pd.DataFrame(pieces, columns=["start", "end", "state"])
    table = table.assign(start=pd.to_datetime(f"{day} " + table["start"]), end=pd.to_datetime(f"{day} " + table["end"]))
    return table if who is None else table.assign(agent_id=who)


PLAN = rows(
    ("08:00", "10:30", "phone"),
    ("10:30", "10:45", "break"),
    ("10:45", "12:00", "phone"),
    ("12:00", "17:00", "off"),
    ("17:00", "19:30", "phone"),
)
LOG = rows(
    ("08:00", "10:40", "phone"), ("10:40", "10:55", "break"), ("10:55", "12:05", "phone"), ("17:20", "19:30", "phone")
)


def bars(figure: Figure) -> set[tuple[float, float, float]]:
    """Row, start and length [h] of each piece."""
    found = [bar for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    return {(round(bar.get_y() + 0.36), round(bar.get_x(), 3), round(bar.get_width(), 3)) for bar in found}


def test_every_segment_lies_at_its_hours_and_time_off_stays_white() -> None:
    figure = reporting.timeline_chart(PLAN)

    assert bars(figure) == {(0, 8, 2.5), (0, 10.5, 0.25), (0, 10.75, 1.25), (0, 17, 2.5)}
    assert reporting.describe(figure) == (
        "Plan of 2026-01-05: plan 08:00 to 12:00 and 17:00 to 19:30 (phone 375 min, break 15 min)."
    )


def test_plan_lies_above_log_and_the_difference_is_told() -> None:
    figure = reporting.timeline_chart(PLAN, LOG)

    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["plan", "log"]
    low, high = figure.axes[0].get_ylim()
    assert low > high
    # 10:30 to 10:40, 10:45 to 10:55 and 17:00 to 17:20; what is logged after 12:00 lies outside the plan
    told = reporting.describe(figure)
    assert told.endswith("they differ in 40 min of the plan, longest 20 min from 17:00 (plan phone, log off).")
    assert "log 08:00 to 12:05 and 17:20 to 19:30 (phone 360 min, break 15 min)" in told


def test_the_timeline_speaks_chinese_and_takes_words_for_states() -> None:
    reporting.use_language("zh")
    plan = rows(("09:00", "12:00", "phone"), ("12:00", "12:30", "复盘会"))

    figure = reporting.timeline_chart(plan, plan, names={"phone": "接电话"})

    figure.savefig(BytesIO(), format="png")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["接电话", "复盘会"]
    assert reporting.describe(figure) == (
        "2026-01-05班表与记录：班表09:00至12:30（接电话180分钟、复盘会30分钟）；记录09:00至12:30（接电话180分钟、复盘会30分钟）；"
        "记录与班表完全一致。"
    )


def test_several_people_have_a_pair_of_strips_each() -> None:
    plan = pd.concat([rows(("09:00", "12:00", "phone"), who=who) for who in ("Wang", "Li")])
    log = rows(("09:00", "11:30", "phone"), who="Li")

    figure = reporting.timeline_chart(plan, log)

    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["Wang plan", "Li plan", "Li log"]
    assert reporting.describe(figure) == (
        "Plan and log of 2026-01-05: Wang: plan 09:00 to 12:00 (phone 180 min); Li: plan 09:00 to 12:00 "
        "(phone 180 min); log 09:00 to 11:30 (phone 150 min); they differ in 30 min of the plan, longest 30 min "
        "from 11:30 (plan phone, log off)."
    )


def test_a_night_shift_runs_past_midnight() -> None:
    night = rows(("22:00", "23:00", "phone")).assign(end=pd.Timestamp("2026-01-06 06:00"))

    figure = reporting.timeline_chart(night)

    ticks = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert ticks == ["22:00", "23:00", *(f"{hour:02d}:00" for hour in range(7))]
    assert "22:00 to 06:00 (phone 480 min)" in reporting.describe(figure)


SIDES = ("start", "end")
CROWD = pd.concat([rows(("09:00", "12:00", "phone"), who=f"A{k}") for k in range(13)])
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "two days": (
        lambda: reporting.timeline_chart(PLAN, rows(("08:00", "09:00", "phone"), day="2026-01-07")),
        ValueError,
        "plan and log must be of one day, got 2026-01-05 08:00 to 2026-01-07 09:00",
    ),
    "two time zones": (
        lambda: reporting.timeline_chart(PLAN, LOG.assign(**{at: LOG[at].dt.tz_localize("UTC") for at in SIDES})),
        ValueError,
        "plan and log must be in one time zone, got None and UTC",
    ),
    "a crowd": (
        lambda: reporting.timeline_chart(CROWD),
        ValueError,
        "plan and log must make at most 12 strips, got 13: choose a few people",
    ),
    "nobody there": (
        lambda: reporting.timeline_chart(PLAN, rows(("08:00", "12:00", "off"))),
        ValueError,
        'log must hold at least one segment that is not "off", got none',
    ),
    "no states": (
        lambda: reporting.timeline_chart(PLAN.drop(columns="state")),
        ValueError,
        "plan must have the columns start, end, state, got no state",
    ),
    "names as a list": (
        lambda: reporting.timeline_chart(PLAN, names=["phone"]),  # type: ignore[arg-type]
        TypeError,
        "names must be a mapping from state to word, got list",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_day_of_a_few_people_is_refused(what: str) -> None:
    call, kind, sentence = REFUSED[what]

    with pytest.raises(kind) as caught:
        call()

    assert str(caught.value) == sentence


def test_what_is_given_is_not_changed() -> None:
    before: Any = PLAN.copy(), LOG.copy()

    reporting.timeline_chart(PLAN, LOG)

    pd.testing.assert_frame_equal(PLAN, before[0])
    pd.testing.assert_frame_equal(LOG, before[1])
