"""A report adds up, says what its numbers are, and shows every defect of its data on top."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ccskills import data, performance, reporting
from ccskills.reporting import report

TARGETS = {"service_level": 0.8, "abandonment": 0.05}
COUNTS = ["offered", "answered", "answered_within", "abandoned", "abandoned_within"]
OURS = data.centre(days=70)
DAY = "2025-03-10"
CLOCK = pd.Timestamp(f"{DAY} 11:00")


def standard_day() -> pd.DataFrame:
    """The day of standard.md 5.2: 1,000 offered, 930 answered (800 in time), 70 abandoned (25 early), in two parts."""
    start = pd.DatetimeIndex(["2026-01-05 09:00", "2026-01-05 09:30"], name="start")
    return pd.DataFrame(
        {
            "offered": [900, 100],
            "answered": [835, 95],
            "answered_within": [710, 90],
            "abandoned": [65, 5],
            "abandoned_within": [22, 3],
            "aht_s": [300.0, 200.0],
        },
        start,
    )


def finding(found: reporting.Report, check: str) -> str:
    return str(found.checks.set_index("check")["finding"][check])


def failed(found: reporting.Report) -> list[str]:
    return list(found.checks["check"][~found.checks["passed"]])


@pytest.mark.parametrize("kind", reporting.KINDS)
@pytest.mark.parametrize("audience", reporting.AUDIENCES)
def test_sound_data_pass_every_check_for_every_reader(kind: str, audience: str) -> None:
    found = report(
        OURS.intervals,
        kind,
        audience,
        "2025-02-12",
        targets=TARGETS,
        events=OURS.events,
        shrinkage=OURS.shrinkage,
        forecast=OURS.intervals["offered"].astype(float),
    )

    assert found.ok, list(found.checks["finding"])
    assert [part.key for part in found.sections][:2] == ["summary", "course"]
    assert found.notes == ()
    assert all(part.sentence and list(part.labels) == list(part.table.columns) for part in found.sections)


@pytest.mark.parametrize(
    ("rule", "level"),
    # standard.md 5.2
    [
        ("short_abandons_as_answered", 0.825),
        ("answered", 0.860),
        ("offered", 0.800),
        ("short_abandons_excluded", 0.821),
    ],
)
def test_the_service_level_of_a_day_follows_its_rule_and_the_rule_is_printed(rule: str, level: float) -> None:
    found = report(standard_day(), rule=rule)

    row = found.section("summary").table.iloc[0]
    assert row["value"] == pytest.approx(level, abs=5e-4)
    total = found.section("course").table.iloc[-1]
    assert total["service_level"] == pytest.approx(level, abs=5e-4)
    assert found.definitions["formula"][0] == f"{performance.SERVICE_LEVEL_RULES[rule].en}; T = 20 s"


def test_percentages_are_weighted_by_volume_and_so_are_handle_times() -> None:
    # By hand: 800/1000 = 80.0 %, not the mean of 78.9 % and 90.0 %; AHT (835 * 300 + 95 * 200) / 930 = 289.8 s
    total = report(standard_day()).section("course").table.iloc[-1]

    assert total["service_level"] == pytest.approx(0.8)
    assert total["aht_s"] == pytest.approx((835 * 300 + 95 * 200) / 930)


@pytest.mark.parametrize(("kind", "rows"), [("daily", 24), ("weekly", 7), ("monthly", 28)])
def test_the_total_row_is_the_sum_of_the_period(kind: str, rows: int) -> None:
    span = {"daily": slice("2025-02-12", "2025-02-12"), "weekly": slice("2025-02-10", "2025-02-16")}
    whole = OURS.intervals.loc[span.get(kind, slice("2025-02-01", "2025-02-28"))]

    table = report(OURS.intervals, kind, period="2025-02-12").section("course").table

    assert len(table) == rows + 1
    for name in COUNTS[:4]:
        assert table[name].iloc[-1] == whole[name].sum() == table[name].iloc[:-1].sum()


def test_a_lost_interval_is_named() -> None:
    found = report(OURS.intervals.drop(CLOCK), period=DAY, targets=TARGETS)

    assert not found.ok and failed(found) == ["intervals"]
    assert found.checks["check"][0] == "intervals"
    assert finding(found, "intervals") == (
        "Intervals missing: 1 (2025-03-10 11:00); their contacts are in no total of this report."
    )


def test_a_lost_interval_at_the_end_of_the_day_is_named_too() -> None:
    last = pd.Timestamp(f"{DAY} 19:30")

    assert failed(report(OURS.intervals.drop(last), period=DAY, targets=TARGETS)) == ["intervals"]


def test_a_lost_day_is_named() -> None:
    lost = OURS.intervals[OURS.intervals.index.normalize() != pd.Timestamp("2025-02-12")]

    found = report(lost, "weekly", period="2025-02-14", targets=TARGETS)

    assert failed(found) == ["days"] and "2025-02-12" in finding(found, "days")


def test_a_day_of_rest_is_no_lost_day() -> None:
    weekdays = OURS.intervals[OURS.intervals.index.day_of_week < 5]

    found = report(weekdays, "weekly", period="2025-02-12", targets=TARGETS)

    assert found.ok and finding(found, "days").startswith("5 of 7 days have rows")


def test_a_doubled_row_is_named() -> None:
    doubled = pd.concat([OURS.intervals, OURS.intervals.loc[[CLOCK]]])

    found = report(doubled, period=DAY, targets=TARGETS)

    assert failed(found) == ["duplicates"] and "2025-03-10 11:00" in finding(found, "duplicates")


def test_a_wrong_count_is_named_with_its_size() -> None:
    wrong = OURS.intervals.copy()
    wrong.loc[CLOCK, "offered"] += 7

    found = report(wrong, period=DAY, targets=TARGETS)

    assert failed(found) == ["balance"] and "2025-03-10 11:00 (+7)" in finding(found, "balance")


def test_more_in_time_than_at_all_is_impossible() -> None:
    wrong = OURS.intervals.copy()
    wrong.loc[CLOCK, "answered_within"] = wrong.loc[CLOCK, "answered"] + 1

    found = report(wrong, period=DAY, targets=TARGETS)

    assert failed(found) == ["parts"] and "2025-03-10 11:00" in finding(found, "parts")


def test_a_handle_time_that_is_not_known_is_named_and_left_out_of_the_mean() -> None:
    day = standard_day()
    day.loc[day.index[1], "aht_s"] = np.nan

    found = report(day, targets=TARGETS)

    assert failed(found) == ["handle_time"] and "2026-01-05 09:30" in finding(found, "handle_time")
    aht = found.section("summary").table.set_index("measure").loc["average handle time (AHT)"]
    assert (aht["value"], aht["denominator"]) == (300, 835)


def test_handling_that_does_not_fit_into_the_day_is_impossible() -> None:
    minutes = OURS.intervals.assign(aht_s=OURS.intervals["aht_s"] * 60)  # a unit gone wrong

    assert failed(report(minutes, period=DAY, targets=TARGETS)) == ["staff"]


def second_source() -> pd.DataFrame:
    days = OURS.intervals.groupby(OURS.intervals.index.normalize())[COUNTS].sum()
    return days.assign(service_level=days["answered_within"] / (days["answered"] + days["abandoned"]))


def test_a_second_source_that_agrees_is_said_to() -> None:
    found = report(OURS.intervals, "weekly", period=DAY, targets=TARGETS, daily_totals=second_source())

    assert found.ok and "7 days agree" in finding(found, "second_source")


def test_a_wrong_total_of_the_second_source_is_named_with_its_size() -> None:
    wrong = second_source()
    wrong.loc[DAY, "answered"] -= 40

    found = report(OURS.intervals, "weekly", period=DAY, targets=TARGETS, daily_totals=wrong)

    assert failed(found) == ["second_source"] and "2025-03-10 answered +40" in finding(found, "second_source")


def test_an_averaged_percentage_is_found_out() -> None:
    averaged = second_source()
    day = OURS.intervals.loc[DAY]
    averaged.loc[DAY, "service_level"] = (day["answered_within"] / (day["answered"] + day["abandoned"])).mean()

    found = report(OURS.intervals, period=DAY, targets=TARGETS, daily_totals=averaged)

    assert failed(found) == ["percentages"]
    assert "it is the average of the intervals' percentages, which is wrong" in finding(found, "percentages")


def test_a_percentage_of_an_interval_that_its_counts_deny_is_named() -> None:
    told = OURS.intervals.assign(service_level=OURS.intervals["answered_within"] / OURS.intervals["offered"])
    told.loc[CLOCK, "service_level"] -= 0.2

    found = report(told, period=DAY, targets=TARGETS)

    assert failed(found) == ["percentages"] and "2025-03-10 11:00" in finding(found, "percentages")


def test_a_measure_without_denominator_is_not_stated() -> None:
    empty = standard_day() * 0

    found = report(empty, targets=TARGETS)

    assert "denominators" in failed(found)
    assert found.section("summary").table["value"].isna().all()


def test_targets_that_are_missing_are_missed() -> None:
    found = report(OURS.intervals, period=DAY, targets={"service_level": 0.8})

    assert failed(found) == ["targets"]
    assert finding(found, "targets") == (
        "No target is given for abandonment: whether the result is good cannot be said."
    )


def test_intervals_without_forecast_are_named() -> None:
    foreseen = OURS.intervals["offered"].astype(float).drop(CLOCK)

    found = report(OURS.intervals, period=DAY, targets=TARGETS, forecast=foreseen)

    assert failed(found) == ["forecast"] and "2025-03-10 11:00" in finding(found, "forecast")


def test_the_forecast_section_has_wape_and_bias() -> None:
    # standard.md 5.4: forecast 15, 180, 240, 60 against 10, 200, 230, 60: WAPE 7.0 %, bias -1.0 %
    start = pd.date_range("2026-01-05 09:00", periods=4, freq="30min", name="start")
    came = pd.Series([10, 200, 230, 60], start)
    day = pd.DataFrame({"offered": came, "answered": came, "answered_within": came, "abandoned": 0}, start)

    found = report(day.assign(abandoned_within=0, aht_s=240.0), forecast=pd.Series([15.0, 180, 240, 60], start))

    values = found.section("summary").table.set_index("measure")["value"]
    assert values["weighted absolute percentage error (WAPE)"] == pytest.approx(0.070, abs=5e-4)
    assert values["forecast bias"] == pytest.approx(-0.010, abs=5e-4)
    assert "WAPE is 7.0% and bias -1.0%" in found.section("forecast").sentence


def test_counts_of_other_measures_are_added_before_they_are_divided() -> None:
    days = pd.DatetimeIndex([DAY, "2025-03-11", "2025-04-30"])
    counts = pd.DataFrame({"day": days, "metric": "csat", "numerator": [80, 5, 1], "denominator": [100, 10, 1]})

    found = report(OURS.intervals, "weekly", "client", DAY, targets=TARGETS | {"csat": 0.85}, measures=counts)

    row = found.section("summary").table.set_index("measure").loc["customer satisfaction (CSAT)"]
    assert row["value"] == pytest.approx(85 / 110) and row["status"] == "missed"  # 77.3 %, not (80 % + 50 %) / 2


def test_clients_see_results_and_no_staff() -> None:
    found = report(OURS.intervals, "weekly", "client", DAY, targets=TARGETS, shrinkage=OURS.shrinkage)

    shown = {name for part in found.sections for name in part.table.columns}
    assert not shown & {"staffed", "staffed_hours", "needed", "balance"}
    assert "occupancy" not in set(found.section("summary").table["measure"])


def test_findings_say_the_size_of_a_change_and_its_likely_reason() -> None:
    weeks = (slice("2025-01-20", "2025-01-26"), slice("2025-01-27", "2025-02-02"))
    before, now = (OURS.intervals.loc[week, "offered"].sum() for week in weeks)

    first = report(OURS.intervals, "weekly", period="2025-01-28", events=OURS.events).findings[0]

    assert first.startswith(
        f"{now:,.0f} contacts were offered, {now / before - 1:+.1%} against the week before ({before:,.0f})"
    )
    assert "likely reason: Spring Festival in this period" in first


def test_a_missed_target_says_how_many_contacts_were_lacking() -> None:
    found = report(standard_day(), targets={"service_level": 0.85, "abandonment": 0.05})

    # 0.85 * 1000 - 800 = 50
    assert "; 50 more of 1,000 had to be answered within 20 s" in found.findings[1]


def test_the_calendar_and_the_level_make_the_whole_change_of_volume() -> None:
    table = report(OURS.intervals, "monthly", "manager", "2025-02-12").section("change").table

    total = table.iloc[-1]
    assert total["now"] == OURS.intervals.loc["2025-02", "offered"].sum()
    assert total["calendar"] + total["level"] == pytest.approx(total["now"] - total["before"])


def test_without_a_day_the_last_whole_period_is_reported() -> None:
    # the centre ends on Sunday 16 March 2025
    assert report(OURS.intervals).period == "2025-03-16"
    assert report(OURS.intervals, "weekly").period == "2025-03-10 – 2025-03-16"
    assert report(OURS.intervals, "monthly").period == "2025-02-01 – 2025-02-28"


def test_a_time_zone_changes_nothing() -> None:
    here = OURS.intervals.tz_localize("Asia/Shanghai")

    with_zone = report(here, "weekly", period=DAY, targets=TARGETS, events=OURS.events, shrinkage=OURS.shrinkage)

    plain = report(OURS.intervals, "weekly", period=DAY, targets=TARGETS, events=OURS.events, shrinkage=OURS.shrinkage)
    assert with_zone.findings == plain.findings and with_zone.ok
    for one, other in zip(with_zone.sections, plain.sections, strict=True):
        pd.testing.assert_frame_equal(one.table, other.table)


def test_what_is_left_out_is_said() -> None:
    found = report(OURS.intervals, "weekly", "supervisor", DAY, targets=TARGETS)

    assert found.notes == ("Left out, because it was not given: forecast, shrinkage.",)


def test_a_report_in_chinese_speaks_chinese() -> None:
    reporting.use_language("zh")

    found = report(OURS.intervals.drop(CLOCK), period=DAY, targets=TARGETS)

    assert found.title == "运营日报 · 主管与现场"
    assert finding(found, "intervals") == "缺少1个时段（2025-03-10 11:00）；其联络量未计入本报表任何合计。"
    assert found.section("course").table.iloc[-1, 0] == "合计"
    goals = list(found.section("summary").table["target"])
    assert "≥80.0%" in goals and not [goal for goal in goals if " " in goal]


def test_the_input_stays_as_it_was() -> None:
    table = OURS.intervals.copy()

    report(table, "weekly", "supervisor", targets=TARGETS)

    pd.testing.assert_frame_equal(table, OURS.intervals)


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        ({"kind": "yearly"}, ValueError, "kind must be one of daily, weekly, monthly, got 'yearly'"),
        (
            {"audience": "boss"},
            ValueError,
            "audience must be one of team_leader, supervisor, manager, client, got 'boss'",
        ),
        (
            {"period": "2031-01-01"},
            ValueError,
            "period must be a day of the intervals, 2025-01-06 to 2025-03-16, got 2031-01-01",
        ),
        ({"period": "soon"}, ValueError, "period must be a day such as '2026-03-02', got 'soon'"),
        ({"within_s": -1}, ValueError, "within_s must be above 0, got -1"),
        ({"intervals": [1]}, TypeError, "intervals must be a pandas DataFrame, got list"),
        (
            {"intervals": OURS.intervals.reset_index(drop=True)},
            TypeError,
            "intervals must have a DatetimeIndex, got RangeIndex",
        ),
        (
            {"intervals": OURS.intervals.assign(offered=-1)},
            ValueError,
            "offered must be 0 or more, got -1 at position 0",
        ),
        (
            {"shrinkage": OURS.shrinkage.reset_index()},
            TypeError,
            "shrinkage must have a DatetimeIndex of days, got RangeIndex",
        ),
        ({"daily_totals": [1]}, TypeError, "daily_totals must be a DataFrame on a DatetimeIndex of days, got list"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(
    change: dict[str, object], kind: type[Exception], sentence: str
) -> None:
    arguments = {"intervals": OURS.intervals} | change

    with pytest.raises(kind) as caught:
        report(**arguments)

    assert str(caught.value) == sentence


def test_a_section_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="key must be one of summary, course, worst, got 'cost'"):
        report(OURS.intervals, audience="team_leader").section("cost")
