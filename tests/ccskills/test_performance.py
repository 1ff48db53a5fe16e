"""The same day has four service levels, and every metric says what it counts."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills._text import Text
from ccskills.performance import (
    DATA_QUALITY_QUESTIONS,
    METRICS,
    SERVICE_LEVEL_RULES,
    compute,
    data_quality_check,
    dictionary,
    service_level,
)


# standard.md 5.2: offered 1,000; answered 930, of them 800 within 20 s; abandoned 70, of them 25 within 20 s
@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        ("short_abandons_as_answered", 0.825),
        ("answered", 0.860),
        ("offered", 0.800),
        ("short_abandons_excluded", 0.821),
    ],
)
def test_the_day_of_the_standard_has_four_service_levels(rule: str, printed: float) -> None:
    assert service_level(800, 930, 25, 70, rule) == pytest.approx(printed, abs=0.0005)
    assert set(SERVICE_LEVEL_RULES) >= {rule}


def test_offered_is_the_default_and_intervals_come_as_arrays() -> None:
    assert service_level([80, 30], [90, 40], [0, 0], [10, 20]).tolist() == [0.8, 0.5]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((940, 930, 25, 70), "answered_within must not exceed answered, got 940 of 930"),
        ((800, 930, 75, 70), "abandoned_within must not exceed abandoned, got 75 of 70"),
        ((800, 930, -1, 70), "abandoned_within must be 0 or more, got -1"),
        (
            (0, 0, 0, 0),
            'the denominator of the rule "offered" (answered within T / (answered + abandoned)) must be above 0, '
            "got 0; leave out intervals without contacts",
        ),
        (
            (800, 930, 25, 70, "best"),
            "rule must be one of offered, answered, short_abandons_excluded, short_abandons_as_answered, got 'best'",
        ),
    ],
)
def test_counts_that_cannot_be_are_refused_in_one_sentence(arguments: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        service_level(*arguments)  # type: ignore[arg-type]

    assert str(error.value) == sentence


def test_every_kpi_of_the_standard_is_in_the_dictionary_in_both_languages() -> None:
    # standard.md 5.1, the Chinese names of its second column
    printed = {
        "service_level": "服务水平", "connection_rate": "接通率", "asa": "平均应答速度", "abandonment": "放弃率",
        "aht": "平均处理时长", "occupancy": "占用率", "utilisation": "工时利用率", "shrinkage": "缩减率",
        "adherence": "排班遵从度", "conformance": "工时符合度", "first_contact_resolution": "首次解决率",
        "csat": "客户满意度", "nps": "净推荐值", "ces": "客户费力度", "cost_per_contact": "单次联络成本",
        "attrition": "流失率", "attrition_cost": "流失成本", "recruiting_accuracy": "招聘准确率",
        "transfer_rate": "转接率", "hold_rate": "保持率", "repeat_rate": "重复来电率", "complaint_rate": "投诉率",
    }  # fmt: skip

    table = dictionary("zh")

    assert all(name in table.loc[key, "name"] for key, name in printed.items())
    assert {"wape", "mape", "forecast_bias", "cost_per_resolution"} <= set(table.index)
    assert sum(key.endswith("_critical_accuracy") for key in table.index) == 3
    assert sum(key.startswith("service_level") for key in table.index) == 4
    assert not table.isna().to_numpy().any()


def test_the_chinese_of_the_dictionary_has_no_latin_punctuation_and_no_space_beside_chinese() -> None:
    words = [word for entry in METRICS.values() for word in vars(entry).values() if isinstance(word, Text)]

    assert not [word.zh for word in words if re.search(r"[一-鿿][,;:?!]|[,;:?!][一-鿿]", word.zh)]
    assert not [word.zh for word in words if re.search(r"[一-鿿] [A-Za-z0-9]|[A-Za-z0-9] [一-鿿]", word.zh)]
    assert not [word.en for word in words if re.search(r"[一-鿿]", word.en)]


# standard.md 5.4: forecast 15, 180, 240, 60 against 10, 200, 230, 60; 5.7: NPS; 1.5 KPI of the day of 5.2
@pytest.mark.parametrize(
    ("key", "numerator", "denominator", "printed"),
    [
        ("wape", [5, 20, 10, 0], [10, 200, 230, 60], 0.070),
        ("forecast_bias", [5, -20, 10, 0], [10, 200, 230, 60], -0.010),
        ("mape", [5 / 10, 20 / 200, 10 / 230, 0], [1, 1, 1, 1], 0.161),
        ("nps", 100 - 40, 200, 30.0),
        ("attrition", [3] * 12, [100 / 12] * 12, 0.36),
        ("service_level", 800, 1000, 0.800),
        ("abandonment", 70, 1000, 0.070),
    ],
)
def test_metrics_of_counts_are_the_printed_ones(key: str, numerator: Any, denominator: Any, printed: float) -> None:
    assert compute(key, numerator, denominator) == pytest.approx(printed, abs=0.0005)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=1, max_size=20))
def test_a_share_of_several_rows_lies_between_the_shares_of_the_rows(rows: list[tuple[int, int]]) -> None:
    bottom = np.array([max(pair) for pair in rows])
    top = np.array([min(pair) for pair in rows])

    together = compute("csat", top, bottom)

    assert (top / bottom).min() - 1e-9 <= together <= (top / bottom).max() + 1e-9


def test_the_data_of_a_metric_is_fit_only_when_all_eight_questions_are_answered_yes() -> None:
    answers = dict.fromkeys(DATA_QUALITY_QUESTIONS, True)

    assert len(answers) == 8
    assert data_quality_check("csat", answers).attrs["fit_for_appraisal"]
    assert not data_quality_check("csat", answers | {"timely": False}).attrs["fit_for_appraisal"]


def test_the_check_of_the_data_speaks_chinese_and_counts_the_same() -> None:
    answers = {"collected": True, "timely": np.bool_(False)}

    english, chinese = (data_quality_check("csat", answers, language) for language in ("en", "zh"))

    assert "客户满意度" in chinese.loc["accurate", "question"]
    words = {"yes": "是", "no": "否", "open": "待定"}
    assert chinese["answer"].tolist() == english["answer"].map(words).tolist()
    assert english.loc[["collected", "timely", "usable"], "answer"].tolist() == ["yes", "no", "open"]
    assert chinese.attrs == english.attrs == {"passed": 1, "fit_for_appraisal": False}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: compute("abandonment", [0, 0], [0, 0]),
            "abandonment needs a denominator (contacts offered (answered + abandoned)) above 0, got 0",
        ),
        (
            lambda: compute("ces", [8], [1]),
            "ces needs a numerator (sum of scores from 1 to 7, 7 = easy) of at most 7 x the denominator "
            "(valid answers to the survey), got 8 of 1",
        ),
        (
            lambda: compute("hold_rate", [-1], [5]),
            "hold_rate needs a numerator (contacts put on hold) of at least 0 x the denominator (contacts handled), "
            "got -1 of 5",
        ),
        (
            lambda: data_quality_check("csat", {"accuracy": True}),
            "a key of answers must be one of collected, relevant, usable, accurate, timely, consistent, integrity, "
            "acted_upon, got 'accuracy'",
        ),
    ],
)
def test_figures_that_cannot_be_are_refused_with_what_the_metric_counts(call: Any, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()

    assert str(error.value) == sentence
