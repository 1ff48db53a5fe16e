"""Targets become points, and gates close."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.performance import attainment, balanced_scorecard, scorecard

VALUES = {"csat": 0.81, "aht": 330.0, "sales": 44.0}
TARGETS: dict[str, Any] = {"csat": 0.90, "aht": (270, 320), "sales": 40}
WEIGHTS = {"csat": 0.5, "aht": 0.3, "sales": 0.2}


def test_points_are_weight_times_attainment_worked_by_hand() -> None:
    # 100 x (0.5 x 0.81/0.90 + 0.3 x (1 - 10/320) + 0.2 x 44/40) = 45 + 29.0625 + 22
    card = scorecard(VALUES, TARGETS, WEIGHTS, {"sales": "up"})

    assert card["points"].tolist() == pytest.approx([45, 29.0625, 22])
    assert card.attrs["total"] == pytest.approx(96.0625)
    assert card["status"].tolist() == ["missed", "near", "met"]
    assert list(card.columns) == ["metric", "value", "target", "attainment", "weight", "points", "status"]


def test_cap_and_floor_cut_the_points_but_not_the_attainment_shown() -> None:
    card = scorecard({"sales": 80, "csat": 0.09}, {"sales": 40, "csat": 0.9}, {"sales": 0.5, "csat": 0.5},
                     {"sales": "up"}, cap=1.1, floor=0.4)  # fmt: skip

    assert card["attainment"].tolist() == pytest.approx([2.0, 0.1])
    assert card["points"].tolist() == pytest.approx([55, 20])


def test_a_closed_gate_caps_the_total_and_an_open_one_does_not() -> None:
    values, targets = {"sales": 44.0, "errors": 3.0}, {"sales": 40, "errors": 2}
    directions, weights = {"sales": "up", "errors": "down"}, {"sales": 1.0, "errors": 0.0}

    shut = scorecard(values, targets, weights, directions, gates={"errors": 60})
    open_ = scorecard(values | {"errors": 2.0}, targets, weights, directions, gates={"errors": 60})

    assert (shut.attrs["total"], shut.attrs["closed_gates"]) == (60, ("errors",))
    assert (open_.attrs["total"], open_.attrs["closed_gates"]) == (pytest.approx(110), ())


def test_a_gate_is_met_or_missed_and_never_near() -> None:
    values, targets, weights = {"csat": 0.88, "compliance": 0.985}, {"csat": 0.9, "compliance": 0.99}, {"csat": 1.0}
    directions, weights = {"compliance": "up"}, weights | {"compliance": 0.0}

    # 0.985 / 0.99 = 99.5 %; the total of 97.8 stays below the gate of 99, and the gate is missed all the same
    gated = scorecard(values, targets, weights, directions, gates={"compliance": 99})
    plain = scorecard(values, targets, weights, directions)

    assert gated["status"].tolist() == ["near", "missed"] and gated.attrs["closed_gates"] == ()
    assert plain["status"].tolist() == ["near", "near"]


@settings(deadline=None, max_examples=80)
@given(st.floats(0.1, 500), st.floats(0.1, 500), st.floats(0.1, 500))
def test_a_better_value_never_attains_less(one: float, two: float, target: float) -> None:
    low, high = min(one, two), max(one, two)

    assert attainment(low, target, "up") <= attainment(high, target, "up")
    assert attainment(low, target, "down") >= attainment(high, target, "down")
    assert attainment(one, (target, target + 10), "range") <= 1
    assert attainment(target, target, "up") == attainment(target, target, "down") == 1


@settings(deadline=None, max_examples=60)
@given(st.floats(0.5, 0.99), st.floats(-3, 3), st.floats(0.1, 10))
def test_attainment_from_a_baseline_does_not_depend_on_the_unit(value: float, shift: float, scale: float) -> None:
    plain = attainment(value, 0.9, "up", baseline=0.4)

    moved = attainment(value * scale + shift, 0.9 * scale + shift, "up", baseline=0.4 * scale + shift)

    assert moved == pytest.approx(plain, abs=1e-6)


def test_a_range_around_zero_works_for_bias() -> None:
    assert attainment(0.0, (-0.02, 0.02), "range") == 1
    assert attainment(-0.03, (-0.02, 0.02), "range") == pytest.approx(0.5)


def test_the_balanced_card_is_the_weighted_mean_of_its_perspectives() -> None:
    card = balanced_scorecard(
        VALUES, TARGETS, {"csat": 1.0, "aht": 1.0, "sales": 1.0},
        {"csat": "customer", "aht": "process", "sales": "financial"},
        {"customer": 0.5, "process": 0.3, "financial": 0.2},
        {"sales": "up"}, language="zh",
    )  # fmt: skip

    assert card.total == pytest.approx(96.0625)
    assert card.perspectives["name"].to_dict() == {"financial": "财务", "customer": "客户", "process": "内部流程"}
    assert (card.perspectives["attainment"] * card.perspectives["weight"]).sum() * 100 == pytest.approx(card.total)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weights": {"csat": 0.5, "aht": 0.3, "sales": 0.1}}, "weights must add up to 1, got 0.9"),
        ({"weights": {"csat": 50, "aht": 30, "sales": 20}},
         "the weight of csat must be a share between 0 and 1, got 50; write 0.5"),
        ({"targets": {"csat": 0.9, "aht": (270, 320)}},
         "targets must name the metrics of values (csat, aht, sales), got no sales"),
        ({"directions": {}}, 'directions must say "up", "down" or "range" for sales, which is no key of METRICS'),
        ({"values": VALUES | {"csat": float("nan")}}, "csat: value must be finite numbers, got nan"),
        ({"gates": {"nps": 60}},
         "gates must name the metrics of values (csat, aht, sales), got nps, which has no value"),
        ({"targets": TARGETS | {"sales": 0}}, "sales: target must be above 0 without a baseline, got 0"),
        ({"baselines": {"csat": 0.95}}, "csat: baseline must be below the target 0.9 for the direction up, got 0.95"),
        ({"cap": 0.8}, "cap must be 1 or more, got 0.8"),
        ({"targets": TARGETS | {"aht": (320, 270)}},
         "aht: target must be a pair (low, high) with low <= high, got (320, 270)"),
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_is_refused_in_one_sentence(change: dict[str, Any], sentence: str) -> None:
    asked = {"values": VALUES, "targets": TARGETS, "weights": WEIGHTS, "directions": {"sales": "up"}} | change

    with pytest.raises(ValueError) as error:
        scorecard(**asked)

    assert str(error.value) == sentence


def test_a_row_of_a_table_serves_as_values_and_a_list_does_not() -> None:
    card = scorecard(pd.Series(VALUES), TARGETS, pd.Series(WEIGHTS), {"sales": "up"})

    assert card.attrs["total"] == pytest.approx(96.0625)
    with pytest.raises(TypeError) as error:
        scorecard([0.81, 330, 44], TARGETS, WEIGHTS)  # type: ignore[arg-type]
    assert str(error.value) == "values must be a mapping with the metrics as keys, got list"


def test_a_target_of_the_wrong_kind_is_a_type_error() -> None:
    with pytest.raises(TypeError) as error:
        scorecard(VALUES, TARGETS | {"aht": 300}, WEIGHTS, {"sales": "up"})

    assert str(error.value) == "aht: target must be a pair (low, high) for the direction range, got 300"
