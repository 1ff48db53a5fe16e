"""Figures and dates in charts as people write them; what is expected is written by hand, as in a report."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from ccskills import reporting
from ccskills.reporting._figures import decimals, written

DAYS = pd.date_range("2026-01-05", periods=3, name="day")
MONTHS = pd.date_range("2027-01-01", periods=12, freq="MS")


def ticks(figure: Figure, panel: int = -1) -> list[str]:
    figure.savefig(BytesIO(), format="png")
    return [label.get_text() for label in figure.axes[panel].get_xticklabels()]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([88_000, 91_500, 90_000], "from 88,000 on 2026-01-05 to 90,000 on 2026-01-07, lowest 88,000 on"),
        ([11.4, 8.739, 8.884], "from 11.40 on 2026-01-05 to 8.88 on 2026-01-07, lowest 8.74 on"),
        ([300, 298.96, 270.91], "from 300.0 on 2026-01-05 to 270.9 on 2026-01-07, lowest 270.9 on"),
        ([1234.5, 1300.25, 1290.75], "from 1,234 on 2026-01-05 to 1,291 on 2026-01-07, lowest 1,234 on"),
        ([5.811, -0.004, 3.2], "from 5.81 on 2026-01-05 to 3.20 on 2026-01-07, lowest 0.00 on"),
        ([0.03876, 0.05, 0.041], "from 0.0388 on 2026-01-05 to 0.0410 on 2026-01-07, lowest 0.0388 on"),
    ],
)
def test_a_trend_writes_its_figures_with_the_same_sensible_digits(values: list[float], said: str) -> None:
    assert said in reporting.describe(reporting.trend_chart(pd.Series(values, DAYS)))


def test_bars_from_100000_on_are_written_out() -> None:
    figure = reporting.comparison_chart(pd.DataFrame({"cost": [113_900, 98_000.0]}, ["May", "June"]), label="Cost")

    assert [text.get_text() for text in figure.axes[0].texts] == ["113,900", "98,000"]
    assert reporting.describe(figure) == "Cost: cost (May 113,900, June 98,000)."


def test_lines_of_a_comparison_have_even_digits_and_whole_counts_stay_whole() -> None:
    scores = pd.DataFrame({"Q1": [75.0, 76.25], "Q2": [71.2, 71.3]}, DAYS[:2])
    heads = pd.DataFrame({"Binhe": [54, 55, 58], "Yunshan": [50, 48, 55]}, DAYS)
    large = pd.DataFrame({"calls": [88_000, 91_000], "seconds": [300.5, 298.25]}, DAYS[:2])

    told = [reporting.describe(reporting.comparison_chart(table, "line")) for table in (scores, heads, large)]

    assert told == [
        "Comparison: Q1 on average 75.62, last 76.25; Q2 on average 71.25, last 71.30.",  # 75.625: half to even
        # 167 / 3 = 55.67 and 153 / 3
        "Comparison: Binhe on average 55.67, last 58; Yunshan on average 51.00, last 55.",
        "Comparison: calls on average 89,500, last 91,000; seconds on average 299.4, last 298.2.",
    ]


def test_mean_and_median_of_a_large_distribution_are_written_out() -> None:
    figure = reporting.histogram_chart([80_000, 88_000, 120_000], upper=100_000, label="Cost")

    assert reporting.describe(figure) == "Cost: 3 values, mean 96,000, median 88,000; 1 (33.3%) outside the limits."
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["mean 96,000", "upper limit 100,000"]


@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_figure_is_a_power_of_ten_or_minus_zero_and_none_is_far_from_its_value(values: list[float]) -> None:
    digits = decimals(values)
    texts = [written(value, digits) for value in values]

    most = max(map(abs, values))
    for text, value in zip(texts, values, strict=True):
        plain = float(text.replace(",", ""))
        assert "e" not in text and not (text.startswith("-") and plain == 0)
        # At least three digits of the largest are right, so nothing is off by more than half of the third.
        assert abs(plain - value) <= 0.00501 * most + 1e-9


@pytest.mark.parametrize(
    ("values", "lower_is_better", "line", "said"),
    [
        ([5.0, 0.0, -2.0], False, "zero", "above 0 in 1 and below 0 in 1 of 3."),
        ([5.0, 3.0, -2.0], True, "zero", "above 0 in 2 and below 0 in 1 of 3."),
        ([5.0, 0.0, 2.0], True, "target 0", "1 of 3 stay at 0 or less."),
    ],
)
def test_a_target_of_zero_is_a_line_to_lie_above_or_below(
    values: list[float], lower_is_better: bool, line: str, said: str
) -> None:
    figure = reporting.trend_chart(pd.Series(values, DAYS), 0, lower_is_better=lower_is_better)

    assert [text.get_text() for text in figure.legends[0].get_texts()] == [line]
    assert reporting.describe(figure).endswith(said)


def test_no_space_stands_between_chinese_and_its_figure() -> None:
    reporting.use_language("zh")

    figures = [
        reporting.histogram_chart([80_000, 88_000, 120_000], lower=10, upper=100_000, label="成本"),
        reporting.trend_chart(pd.Series([0.82, 0.79, 0.81], DAYS), 0.8, shares=True, label="服务水平"),
    ]

    told = [[text.get_text() for text in figure.legends[0].get_texts()] for figure in figures]
    assert told == [["平均96,000", "下限10", "上限100,000"], ["目标80.0%"]]


def test_a_target_of_zero_is_told_in_chinese_and_for_shares() -> None:
    reporting.use_language("zh")

    figure = reporting.trend_chart(pd.Series([0.02, -0.01, -0.03], DAYS), 0, shares=True, label="预测误差")

    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["零线"]
    assert reporting.describe(figure).endswith("；3个值中1个高于0，2个低于0。")


@pytest.mark.parametrize("index", [MONTHS, MONTHS.to_period("M"), MONTHS + pd.offsets.MonthEnd(0)])
def test_months_are_written_as_months(index: pd.Index) -> None:
    values = pd.Series(np.arange(100.0, 112), index)

    figure = reporting.trend_chart(values, label="Calls")

    assert ticks(figure)[:2] == ["2027-01", "2027-03"]
    assert reporting.describe(figure) == "Calls: from 100 in 2027-01 to 111 in 2027-12, lowest 100 in 2027-01."


def test_months_of_a_comparison_and_times_of_one_day_do_not_look_like_days() -> None:
    months = pd.DataFrame({"calls": [1.0, 2.0, 3.0]}, MONTHS[:3])
    times = pd.DataFrame({"calls": [1.0, 2.0, 3.0]}, pd.date_range("2026-01-05 09:00", periods=3, freq="30min"))

    assert ticks(reporting.comparison_chart(months, "line")) == ["2027-01", "2027-02", "2027-03"]
    assert ticks(reporting.comparison_chart(times, "line")) == ["09:00", "09:30", "10:00"]
    assert ticks(reporting.comparison_chart(months.set_axis(DAYS), "line")) == ["01-05", "01-06", "01-07"]


def test_the_last_of_months_that_lie_ahead_is_not_called_recent() -> None:
    reporting.use_language("zh")

    text = reporting.describe(reporting.comparison_chart(pd.DataFrame({"来电量": [92, 95]}, MONTHS[:2]), "line"))

    assert text == "对比：来电量平均93.5，最后为95。"


def foreseen(index: pd.Index) -> pd.DataFrame:
    mean = np.full(len(index), 90.0)
    return pd.DataFrame({"mean": mean, "lower": mean - 10, "upper": mean + 10}, index)


@pytest.mark.parametrize(
    ("index", "axis", "time"),
    [
        (pd.date_range("2026-01-05 09:00", periods=12, freq="30min"), "Calls per interval", "1 day"),
        (pd.date_range("2026-01-05", periods=12), "Calls per day", "12 days"),
        (pd.date_range("2026-01-05", periods=12, freq="7D"), "Calls per week", "12 weeks"),
        (MONTHS, "Calls per month", "12 months"),
        (MONTHS.to_period("M"), "Calls per month", "12 months"),
    ],
)
def test_a_forecast_says_what_its_rows_are(index: pd.Index, axis: str, time: str) -> None:
    figure = reporting.forecast_chart(foreseen(index))

    assert figure.axes[0].get_ylabel() == axis
    assert reporting.describe(figure) == f"Forecast and what came: 1,080 calls foreseen in {time}."  # 12 x 90


def test_a_forecast_of_months_takes_the_name_of_what_is_foreseen_and_months_on_its_axis() -> None:
    came = pd.Series([85, 101, 95], MONTHS[:3].to_period("M"))

    figure = reporting.forecast_chart(foreseen(MONTHS.to_period("M")), came, label="E-mails per month")

    assert ticks(figure) == ["2027-01", "2027-03", "2027-05", "2027-07", "2027-09", "2027-11"]
    assert figure.axes[0].get_title() == "E-mails per month" and not figure.axes[0].get_ylabel()
    # 85 and 95 lie between 80 and 100, 101 does not
    assert reporting.describe(figure) == (
        "E-mails per month: 270 foreseen for the 3 months known by now, 281 came; 67% of the months lie in the range."
    )


def test_a_forecast_of_months_speaks_chinese() -> None:
    reporting.use_language("zh")

    named = reporting.forecast_chart(foreseen(MONTHS), pd.Series([85, 101, 95], MONTHS[:3]), label="每月邮件量")
    plain = reporting.forecast_chart(foreseen(MONTHS))

    assert reporting.describe(named) == "每月邮件量：已有实际数据的月份预测270，共3个月，实际281；67%的月份落在区间内。"
    assert reporting.describe(plain) == "预测与实际话务量：预测1,080通，共12个月。"
    assert plain.axes[0].get_ylabel() == "每月来电量"


def test_what_is_no_forecast_and_ends_that_are_no_numbers_are_refused_in_a_sentence() -> None:
    table = pd.DataFrame({"parameter": ["wage"], "npv_low": [1.0], "npv_high": [2.0], "low": ["x"], "high": ["y"]})

    with pytest.raises(TypeError, match=r"^forecast must be a pandas DataFrame, got list$"):
        reporting.forecast_chart([1, 2])
    with pytest.raises(TypeError, match=r"^forecast must be indexed by moments or periods, got RangeIndex$"):
        reporting.forecast_chart(foreseen(pd.RangeIndex(3)))
    with pytest.raises(TypeError, match=r"^low must be numbers "):
        reporting.tornado_chart(table)


def test_the_mean_line_can_be_left_out_for_different_measures() -> None:
    table = pd.DataFrame({"answered": [0.8, 0.9], "solved": [0.7, 0.75]}, DAYS[:2])

    plain = reporting.comparison_chart(table, "line", mean=False)

    assert not plain.legends and all(len(axes.get_lines()) == 1 for axes in plain.axes)
    assert reporting.comparison_chart(table, "line").legends


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("panels", [1, 2, 3])
@pytest.mark.parametrize("bars", [13, 15])
def test_every_bar_keeps_its_name(bars: int, panels: int, language: str) -> None:
    reporting.use_language(language)
    words = {"en": "reason number {}", "zh": "第{}种来电原因"}[language]
    names = [words.format(at) for at in range(1, bars + 1)]
    table = pd.DataFrame(np.ones((bars, panels)), names, [f"panel {at}" for at in range(panels)])

    figure = reporting.comparison_chart(table)

    assert [name.replace("\n", " " if language == "en" else "") for name in ticks(figure)] == names
    labels = figure.axes[0].get_xticklabels()
    turn = labels[0].get_rotation()
    if turn in (0, 90):
        boxes = [label.get_window_extent() for label in labels]
        assert not any(one.padded(-1).overlaps(other.padded(-1)) for one, other in combinations(boxes, 2))
    else:  # slanted lines lie so far apart across their own direction
        ends = [figure.axes[0].transData.transform((at, 0))[0] for at in (0, 1)]
        letter = float(labels[0].get_fontsize()) * figure.dpi / 72
        assert (ends[1] - ends[0]) * np.sin(np.radians(turn)) > 1.15 * letter


def test_the_title_of_a_day_plan_takes_the_name_as_it_is_in_chinese() -> None:
    reporting.use_language("zh")
    start = pd.date_range("2026-01-05 09:00", periods=2, freq="30min")

    figure = reporting.day_plan_chart(pd.Series([10, 17], start), pd.Series([12, 15], start), label="班表")

    assert figure.axes[0].get_title() == "需求与班表"
