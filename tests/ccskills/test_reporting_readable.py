"""What a reader of a chart stumbles over: figures on lines, hidden scales, colours without a name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from ccskills import finance, quality, reporting

MONTHS = ["07", "08", "09"]


def scored(**attained: float) -> pd.DataFrame:
    status = ["met" if value >= 1 else "missed" for value in attained.values()]
    return pd.DataFrame({"metric": list(attained), "attainment": list(attained.values()), "status": status})


def placed(figure: Any) -> dict[str, float]:
    """Where the figures of a scorecard begin."""
    return {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}


def test_a_figure_that_the_target_would_cross_stands_behind_the_target() -> None:
    figure = reporting.scorecard_chart(scored(near=0.975, far=0.6, met=1.02))

    at = placed(figure)

    assert 0.6 < at["60.0%"] < 0.65 and 1 < at["97.5%"] < 1.05 and at["102.0%"] > 1.02
    boxes = {text.get_text(): text.get_window_extent() for text in figure.axes[0].texts}
    line = figure.axes[0].transData.transform((1, 0))[0]
    assert not any(box.x0 <= line <= box.x1 for box in boxes.values())


def test_an_attainment_below_zero_is_drawn_to_the_left_and_told() -> None:
    figure = reporting.scorecard_chart(scored(wait=-0.32, calls=1.1, cost=-2.5))

    bars = [bar.get_width() for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    assert sorted(bars) == [-0.5, -0.32, 1.1]  # cut at -50 %, with an arrow
    assert figure.axes[0].get_xlim()[0] < -0.5 and "← -250.0%" in placed(figure)
    assert reporting.describe(figure) == (
        "Attainment of targets: 1 of 3 met; missed: wait (-32.0%), cost (-250.0%); "
        "below 0%, worse than where attainment begins: wait (-32.0%), cost (-250.0%)."
    )
    reporting.use_language("zh")
    assert reporting.describe(reporting.scorecard_chart(scored(等待=-0.32))) == (
        "目标达成率：1项中0项达标；未达标：等待（-32.0%）；低于0%，比达成率的起点还差：等待（-32.0%）。"
    )


def test_the_number_of_agents_stands_above_the_target_and_left_of_the_curve() -> None:
    axes = reporting.staffing_chart(load=13.33, aht_s=240).axes[0]

    (number,) = axes.texts
    axes.figure.canvas.draw()

    box, (x, y) = number.get_window_extent(), axes.transData.transform((17, 0.8))
    assert number.get_text() == "17" and box.x1 < x and box.y0 > y


@pytest.mark.parametrize("style", ["bar", "line"])
def test_panels_of_very_different_sizes_have_scales_of_their_own_and_say_so(style: str) -> None:
    table = pd.DataFrame({"calls": [12000, 13000, 12500], "complaints": [12, 14, 9], "none": [0, 0, 0]}, MONTHS)

    figure = reporting.comparison_chart(table, style)

    tops = [axes.get_ylim()[1] for axes in figure.axes]
    assert tops[0] > 13000 and 14 < tops[1] < 20
    assert figure.get_supxlabel() == "each panel has its own scale"
    assert not figure.legends  # a mean of calls and complaints says nothing


def test_shares_keep_one_scale_however_far_apart_they_lie() -> None:
    table = pd.DataFrame({"all causes": [0.148, 0.134], "own minutes": [0.009, 0.01]}, ["A", "B"])

    figure = reporting.comparison_chart(table, shares=True)

    assert len({axes.get_ylim() for axes in figure.axes}) == 1 and figure.get_supxlabel() == ""


def test_panels_of_like_size_share_one_scale_and_every_row_has_its_names() -> None:
    table = pd.DataFrame(np.arange(12.0).reshape(3, 4) + 5, MONTHS, list("ABCD"))

    figure = reporting.comparison_chart(table)
    figure.canvas.draw()

    assert len({axes.get_ylim() for axes in figure.axes}) == 1 and figure.get_supxlabel() == ""
    for axes in figure.axes:
        shown = [label.get_text() for label in axes.get_xticklabels() if label.get_visible()]
        assert shown == MONTHS and axes.xaxis.get_tick_params()["labelbottom"]


def test_panels_stand_closer_where_their_names_need_the_room() -> None:
    names = ["bill not understood", "package change (new tariff)", "network slow at night", "points and rewards"]

    figure = reporting.comparison_chart(pd.DataFrame(np.ones((4, 6)), names, list("ABCDEF")))

    columns = {round(axes.get_subplotspec().get_position(figure).x0, 3) for axes in figure.axes}  # type: ignore[union-attr]
    assert len(columns) == 2
    assert {label.get_rotation() for label in figure.axes[0].get_xticklabels()} == {0}


@pytest.mark.parametrize(
    ("counts", "english", "chinese"),
    [
        (None, "count", "数量"),
        ([3, 2], "total", "合计"),
        (pd.Series([3, 2], name="lost_min"), "minutes", "分钟"),
        (pd.Series([3, 2], name="points"), "points", "分"),
        (pd.Series([3, 2], name="丢分"), "total", "合计"),
    ],
)
def test_the_axis_of_a_pareto_chart_says_what_was_added_up(counts: Any, english: str, chinese: str) -> None:
    causes = quality.pareto(["a", "b"], counts)

    plain = reporting.pareto_chart(causes).axes[0].get_ylabel()
    reporting.use_language("zh")

    assert (plain, reporting.pareto_chart(causes).axes[0].get_ylabel()) == (english, chinese)
    assert reporting.pareto_chart(causes, counted="丢掉的分").axes[0].get_ylabel() == "丢掉的分"


def test_every_colour_of_the_cash_flow_has_its_name_in_the_legend() -> None:
    figure = reporting.cash_flow_chart(finance.business_case(300, [180, 180], costs=30, rate=0.08))

    names = {text.get_text(): to_hex(box.get_facecolor()) for text, box in zip(
        figure.legends[0].get_texts()[-2:], figure.legends[0].get_patches(), strict=True
    )}  # fmt: skip
    bars = [to_hex(bar.get_facecolor()) for bar in figure.axes[0].patches]
    assert set(names) == {"net inflow", "net outflow"} and set(bars) == set(names.values())


def test_a_waterfall_between_two_sources_is_named_by_them() -> None:
    parts = pd.Series({"转接": -42, "重复": 8})
    reporting.use_language("zh")

    figure = reporting.waterfall_chart(parts, 737, ends=("电话", "工单"))

    assert figure.axes[0].get_title() == "从电话到工单"
    assert reporting.waterfall_chart(parts, 737, "星期二", ("电话", "工单")).axes[0].get_title() == "星期二"


def test_the_note_that_an_axis_does_not_start_at_0_is_as_large_as_its_figures() -> None:
    axes = reporting.waterfall_chart(pd.Series([50.0, -20.0], ["a", "b"]), 12000).axes[0]

    assert axes.get_ylabel() == "axis does not start at 0"
    assert axes.yaxis.label.get_fontsize() == axes.get_yticklabels()[0].get_fontsize()


def test_a_change_of_nothing_is_not_written_as_minus_0() -> None:
    text = reporting.describe(reporting.waterfall_chart(pd.Series([-0.001, 5.0], ["a", "b"]), 100))

    assert text.endswith("a +0, b +5.")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: reporting.pareto_chart(quality.pareto(["a"])),
        lambda: reporting.comparison_chart(pd.DataFrame({"x": [3]}, ["a"])),
    ],
)
def test_one_bar_does_not_fill_the_whole_chart(draw: Any) -> None:
    axes = draw().axes[0]

    assert axes.patches[0].get_width() < 0.3 * np.ptp(axes.get_xlim())


def test_a_panel_of_nothing_but_zeros_stands_on_its_axis() -> None:
    low, high = reporting.comparison_chart(pd.DataFrame({"x": [0, 0]}, ["a", "b"])).axes[0].get_ylim()

    assert (low, high) == (0, 1)
