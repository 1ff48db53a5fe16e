"""Where a text is folded: between words and Chinese phrases, and never before a closing mark."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills import quality, reporting
from ccskills.reporting._fold import CLOSING, OPENING, fold, longest_part, shortened, width_of

WORDS = st.lists(st.sampled_from("平均处理时长服务水平，。：；（）《》、AHT 80% 2026年 wait_time"), max_size=40).map(
    "".join
)


@settings(deadline=None, max_examples=100)
@given(WORDS, st.integers(4, 40))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, width: int) -> None:
    lines = fold(text, width).split("\n")

    for before, after in pairwise(lines):
        assert after[0] not in CLOSING and before[-1] not in OPENING


@settings(deadline=None, max_examples=100)
@given(WORDS, st.integers(4, 40))
def test_folding_keeps_every_letter_in_its_order(text: str, width: int) -> None:
    assert fold(text, width).replace("\n", "").replace(" ", "") == text.replace(" ", "")


@settings(deadline=None, max_examples=60)
@given(st.text("平均处理时长服务水平来电", max_size=60), st.integers(4, 40))
def test_a_phrase_longer_than_a_line_is_cut_to_the_fewest_lines(text: str, width: int) -> None:
    lines = fold(text, width).split("\n")

    assert all(width_of(line) <= width for line in lines)
    assert len(lines) == max(1, -(-len(text) // (width // 2)))


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("客户满意度（CSAT）（30%）", 24, ["客户满意度", "（CSAT）（30%）"]),
        ("8月17日各班组接起量，V1照日报上印的", 30, ["8月17日各班组接起量，", "V1照日报上印的"]),
        ("2026年8月重复来电的原因", 30, ["2026年8月重复来电的原因"]),
        ("compliance-critical accuracy (0%)", 24, ["compliance-critical", "accuracy (0%)"]),
        ("wrap-up", 5, ["wrap-", "up"]),
        ("套餐变更（新资费）", 12, ["套餐变更", "（新资费）"]),
        ("", 10, [""]),
    ],
)
def test_a_line_ends_where_a_reader_pauses(text: str, width: int, lines: list[str]) -> None:
    assert fold(text, width).split("\n") == lines


def test_a_chinese_phrase_counts_as_one_part_and_a_shortened_name_ends_in_dots() -> None:
    assert longest_part(["线路故障需上门", "套餐变更（新资费）"]) == 14  # seven characters of two
    assert shortened("线路故障（需上门维修）", 12) == "线路故障…"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_names_below_a_pareto_chart_are_never_cut_inside_a_phrase(language: str) -> None:
    reporting.use_language(language)
    names = [
        "账单看不懂",
        "套餐变更（新资费）",
        "夜间网速慢",
        "线路故障需上门",
        "身份核验未通过",
        "积分与兑换",
        "销户",
        "其他",
    ]

    figure = reporting.pareto_chart(quality.pareto(names, range(80, 0, -10)))

    labels = figure.axes[0].get_xticklabels()
    assert [label.get_text() for label in labels] == names and {label.get_rotation() for label in labels} == {40}


def test_phrases_below_a_few_bars_are_folded_whole_instead_of_cut_short() -> None:
    reporting.use_language("zh")
    names = ["客户反映宽带夜间网速慢且多次报修未解决要求赔偿", "账单中出现未经确认的增值业务扣费（第三方）", "其他"]

    pareto = reporting.pareto_chart(quality.pareto(names, [5, 3, 1]))
    bars = reporting.comparison_chart(pd.DataFrame({"来电量": [5, 3, 1]}, names))

    for figure in (pareto, bars):
        labels = figure.axes[0].get_xticklabels()
        assert [label.get_text().replace("\n", "") for label in labels] == names
        figure.canvas.draw()
        boxes = [label.get_window_extent() for label in labels]
        assert all(one.x1 < other.x0 for one, other in pairwise(boxes))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_title_is_folded_at_its_bracket(language: str) -> None:
    reporting.use_language(language)
    title = "话务一组二〇二六年第三季度各项目标达成率（总分81.2分，致命错误准确率未达标，否决项生效）"

    figure = reporting.pareto_chart(quality.pareto(["a", "b"]), title)

    assert figure.axes[0].get_title().split("\n") == [title[: title.index("（")], title[title.index("（") :]]
    assert reporting.describe(figure).startswith(title)
