"""What charts say of what they are given: names of measures, decimals, dates, and bins that hold whole numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from ccskills import performance, quality, reporting

DAYS = pd.date_range("2026-01-05", periods=6, name="day")


@pytest.mark.parametrize(
    ("steps", "start", "said"),
    [
        # Whole numbers stay whole; shares and small values keep three digits; nothing is said of a change across zero.
        ([120.0, -45.0], 1000, "from 1,000 to 1,075 (+7.5%); a +120, b -45."),
        ([-0.0561, 0.012], 0.786, "from 0.786 to 0.742 (-5.6%); a -0.056, b +0.012."),
        ([-3.5, 5.25], -1.5, "from -1.50 to 0.25; a -3.50, b +5.25."),
        ([-30.0, 10.0], 15, "from 15 to -5; a -30, b +10."),
        ([50.0, 0.6], 0.1, "from 0.1 to 50.7; a +50.0, b +0.6."),
        ([1234.5, -88.25], 20000, "from 20,000 to 21,146 (+5.7%); a +1,234, b -88."),
    ],
)
def test_a_waterfall_writes_the_decimals_that_matter(steps: list[float], start: float, said: str) -> None:
    text = reporting.describe(reporting.waterfall_chart(pd.Series(steps, ["a", "b"]), start))

    assert text == f"What drove the change: {said}"


def test_a_trend_says_which_side_of_the_target_is_good() -> None:
    values = pd.Series([0.3, 0.34, 0.36], DAYS[:3])

    higher = reporting.describe(reporting.trend_chart(values, 0.34, shares=True))
    reporting.use_language("zh")
    lower = reporting.describe(reporting.trend_chart(values, 0.34, shares=True, lower_is_better=True))

    assert higher.endswith("lowest 30.0% on 2026-01-05; 2 of 3 reach 34.0% or more.")
    assert lower.endswith("最高36.0%（2026-01-07）；3个值中2个不高于34.0%。")


def test_dates_of_a_trend_keep_their_distance_and_name_the_year_once() -> None:
    when = pd.to_datetime(["2025-11-30", "2025-12-01", *(f"2026-01-0{day}" for day in range(1, 7))])

    labels = [label.get_text() for label in reporting.trend_chart(pd.Series(range(8), when)).axes[0].get_xticklabels()]

    # 37 days in all: a date is shown when it lies 3.5 days behind the one shown before.
    assert labels == ["11-30\n2025", "01-01\n2026", "01-05"]


def test_a_control_chart_takes_the_name_of_its_measure_and_writes_shares_as_such() -> None:
    solved = quality.xmr_chart([0.80, 0.81, 0.79, 0.80, 0.81, 0.79])

    plain, named = reporting.control_chart(solved), reporting.control_chart(solved, "Calls solved", shares=True)

    assert reporting.describe(plain).startswith("Single values (XmR chart): 6 points around a centre of 0.8;")
    assert reporting.describe(named).startswith("Calls solved (XmR chart): 6 points around a centre of 80.0%;")
    reporting.use_language("zh")
    assert reporting.control_chart(solved, "首次解决率").axes[0].get_title() == "首次解决率（XmR控制图）"


def test_the_axes_of_pareto_and_funnel_name_what_is_counted() -> None:
    reporting.use_language("zh")
    lost = reporting.pareto_chart(quality.pareto(["解释", "开场"], [90, 10]), "丢分构成", "丢分")
    funnel = performance.funnel(pd.Series({"A": 4, "B": 30}), pd.Series({"A": 12, "B": 180}))

    assert lost.axes[0].get_ylabel() == "丢分"
    assert reporting.describe(lost) == "丢分构成：2项中最大的1项（解释）占丢分（共100）的90.0%。"
    assert reporting.funnel_chart(funnel, counted="答卷数").axes[0].get_xlabel() == "答卷数"


def test_long_names_are_folded_between_the_parts_of_a_word() -> None:
    parts = ["hold_handling", "wrap-up", "opening", "explanation_given", "empathy", "closing", "verification"]

    figure = reporting.pareto_chart(quality.pareto(parts))

    labels = {label.get_text() for label in figure.axes[0].get_xticklabels()}

    assert {"hold_\nhandling", "explanation_\ngiven", "verification", "wrap-up"} <= labels


def test_the_mean_of_all_is_named_below_the_panels() -> None:
    figure = reporting.comparison_chart(pd.DataFrame(np.arange(30.0).reshape(6, 5), DAYS, list("ABCDE")), "line")

    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["mean of all"]
    assert not any(axes.texts for axes in figure.axes)


GATED = {"service_level": 0.78, "csat": 0.92, "compliance_critical_accuracy": 0.98}
AIMS = {"service_level": 0.80, "csat": 0.90, "compliance_critical_accuracy": 0.99}


def card(**gates: float) -> pd.DataFrame:
    weights = {"service_level": 0.5, "csat": 0.5, "compliance_critical_accuracy": 0.0}
    return performance.scorecard(GATED, AIMS, weights, gates=gates)


def test_a_shut_gate_is_told_and_drawn_as_shut_whatever_its_attainment() -> None:
    figure = reporting.scorecard_chart(card(compliance_critical_accuracy=60))

    # by hand: 0.78 / 0.80 = 97.5%, 0.98 / 0.99 = 99.0%
    assert reporting.describe(figure) == (
        "Attainment of targets: 1 of 3 met; gate shut: compliance-critical accuracy (99.0%); "
        "near: service level (97.5%)."
    )
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["target", "met", "near", "gate shut"]
    reporting.use_language("zh")
    text = reporting.describe(reporting.scorecard_chart(card(compliance_critical_accuracy=60)))
    assert text == "目标达成率：3项中1项达标；否决项生效：合规致命错误准确率（99.0%）；接近：服务水平（97.5%）。"


def test_a_card_without_a_gate_names_what_is_near_and_says_none_missed_when_all_are_met() -> None:
    near, met = reporting.scorecard_chart(card()), reporting.scorecard_chart(card().iloc[[1]])

    assert reporting.describe(near).endswith(
        "1 of 3 met; near: service level (97.5%), compliance-critical accuracy (99.0%)."
    )
    assert reporting.describe(met) == "Attainment of targets: 1 of 1 met; none missed."


def test_assessors_beyond_the_limits_are_named_sure_or_not() -> None:
    marks = pd.DataFrame(
        {"bias": [1.0, -8.0, 5.8], "lower": [-2.0, -11.0, 1.0], "upper": [4.0, -5.5, 10.6]}, ["Li", "Wang", "Zhao"]
    )

    text = reporting.describe(reporting.assessor_bias_chart(marks))
    reporting.use_language("zh")
    chinese = reporting.describe(reporting.assessor_bias_chart(marks))

    # -5.5 lies beyond -5; 1.0 to 10.6 holds 5
    assert text == (
        "Bias of assessors: 1 of 3 within 5 points of the reference; surely beyond: Wang (-8.0); "
        "beyond, perhaps by chance: Zhao (+5.8)."
    )
    assert chinese == "质检员偏差：3人中1人在标准分5分以内；确定超出：Wang（-8.0）；超出，可能出于随机：Zhao（+5.8）。"


def test_a_tornado_names_the_measure_and_writes_its_figures_out() -> None:
    table = pd.DataFrame(
        {"parameter": ["工资", "来电量"], "npv_low": [7.25, 6.5], "npv_high": [8.5, 9.75], "low": [45, 1_200_000]}
    ).assign(high=[55.5, 1_400_000])
    reporting.use_language("zh")

    figure = reporting.tornado_chart(table, measure="单次成本（元）")

    assert figure.axes[0].get_xlabel() == "单次成本（元）"
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [
        "工资\n45 … 55.5",
        "来电量\n1,200,000 … 1,400,000",
    ]
    assert reporting.describe(figure) == (
        "单次成本（元）敏感性：影响最大为来电量（6.50至9.75），最小为工资（7.25至8.50）；均保持为正。"
    )


def test_the_middle_of_a_control_chart_is_the_centre_line() -> None:
    figure = reporting.control_chart(quality.p_chart([4, 5, 3, 6, 4, 5], [100] * 6), "Calls not solved")

    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["centre line", "control limits"]


@pytest.mark.parametrize(
    ("values", "edges", "counts"),
    [
        ([3, 3, 4, 6, 7], [2.5, 3.5, 4.5, 5.5, 6.5, 7.5], [2, 1, 0, 1, 1]),
        # 100 numbers in 5 bins: 20 in each.
        ([1, 19, 20, 21, 100], [0.5, 20.5, 40.5, 60.5, 80.5, 100.5], [3, 1, 0, 0, 1]),
        ([5], [4.5, 5.5], [1]),
    ],
)
def test_a_histogram_of_whole_numbers_puts_as_many_of_them_in_each_bin(
    values: list[int], edges: list[float], counts: list[int]
) -> None:
    bars = [bar for bar in reporting.histogram_chart(values).axes[0].patches if isinstance(bar, Rectangle)]

    assert [bar.get_x() for bar in bars] + [bars[-1].get_x() + bars[-1].get_width()] == pytest.approx(edges)
    assert [bar.get_height() for bar in bars] == counts
