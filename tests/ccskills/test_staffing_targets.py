"""Required agents under several targets, and shrinkage by category."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.staffing import agents_required, agents_scheduled, erlang_a, erlang_c, offered_load, shrinkage

loads = st.floats(0.01, 2000)
handle_times = st.floats(10, 2000)
patiences = st.floats(5, 3000)


def test_an_asa_target_reads_the_table_of_the_standard() -> None:
    # standard.md 5.3, ASA with 14 to 19 agents: 289.2, 81.4, 34.8, 16.8, 8.5, 4.4 s
    load = offered_load(100, 240)

    agents = [agents_required(load, 240, service_level=None, max_asa_s=s) for s in (290, 289, 35, 17, 8.6, 8.4)]

    assert agents == [14, 15, 16, 17, 18, 19]


def test_an_abandonment_target_reads_the_table_of_the_standard() -> None:
    # standard.md 5.3, patience 180 s: 9.3 % abandon with 14 agents, 6.5 % with 15, 2.9 % with 17
    load = offered_load(100, 240)

    agents = [
        agents_required(load, 240, service_level=None, patience_s=180, max_abandonment=x)
        for x in (0.094, 0.066, 0.0295)
    ]

    assert agents == [14, 15, 17]


@given(load=loads, aht=handle_times, asa=st.floats(0.01, 600), level=st.floats(0.05, 0.99))
@settings(deadline=None, max_examples=100)
def test_without_patience_all_targets_hold_and_one_agent_fewer_breaks_one(
    load: float, aht: float, asa: float, level: float
) -> None:
    agents = agents_required(load, aht, level, max_asa_s=asa, max_occupancy=0.9)

    now, before = erlang_c(load, agents, aht), erlang_c(load, agents - 1, aht)
    assert now.asa_s <= asa * (1 + 1e-8) and now.service_level >= level - 1e-11 and now.occupancy <= 0.9 + 1e-8
    assert before.asa_s > asa * (1 - 1e-8) or before.service_level < level + 1e-11 or before.occupancy > 0.9 - 1e-8


@given(load=loads, aht=handle_times, patience=patiences, asa=st.floats(0.01, 600), lost=st.floats(0.001, 0.5))
@settings(deadline=None, max_examples=100)
def test_with_patience_all_targets_hold_and_one_agent_fewer_breaks_one(
    load: float, aht: float, patience: float, asa: float, lost: float
) -> None:
    agents = agents_required(load, aht, 0.5, 20, patience, max_asa_s=asa, max_abandonment=lost)

    now, before = (erlang_a(load, n, aht, patience) for n in (agents, agents - 1))
    assert now.asa_s <= asa * (1 + 1e-8) and now.service_level >= 0.5 - 1e-11 and now.abandonment <= lost + 1e-11
    assert before.asa_s > asa * (1 - 1e-8) or before.service_level < 0.5 + 1e-11 or before.abandonment > lost - 1e-11


@given(load=loads, agents=st.integers(1, 200), aht=handle_times, patience=patiences)
@settings(deadline=None, max_examples=100)
def test_what_a_head_count_delivers_asks_for_this_head_count_or_fewer(
    load: float, agents: int, aht: float, patience: float
) -> None:
    plain = erlang_c(load, agents + int(load), aht)
    impatient = erlang_a(load, agents, aht, patience)

    if 0 < plain.service_level < 1:
        assert agents_required(load, aht, plain.service_level) <= agents + int(load)
    if 0 < impatient.abandonment < 1:
        need = agents_required(load, aht, None, patience_s=patience, max_abandonment=impatient.abandonment)
        assert need <= agents


def test_a_limit_on_occupancy_alone_divides_the_load() -> None:
    # 13.33 / 0.85 = 15.7
    assert agents_required(offered_load(100, 240), 240, service_level=None, max_occupancy=0.85) == 16


def test_fractional_agents_meet_an_asa_target_exactly() -> None:
    agents = agents_required(30.0, 240, service_level=None, max_asa_s=12, whole=False)

    assert erlang_c(30.0, agents, 240).asa_s == pytest.approx(12, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: agents_required(10, 240, None),
            "agents_required needs a target: service_level, max_occupancy, max_asa_s or max_abandonment",
        ),
        (
            lambda: agents_required(10, 240, max_abandonment=0.05),
            "max_abandonment needs patience_s: without it nobody hangs up, got None",
        ),
        (
            lambda: agents_required(10, 240, patience_s=60, max_abandonment=5),
            "max_abandonment must be a share between 0 and 1, both excluded, got 5; write 0.05",
        ),
        (lambda: agents_required(10, 240, max_asa_s=0), "max_asa_s must be above 0, got 0"),
        (
            lambda: shrinkage({"leave": 8}),
            "leave must be a share between 0 and 1, got 8; write 0.08",
        ),
        (lambda: shrinkage({}), "planned and unplanned must name at least one category, got none"),
        (
            lambda: shrinkage({"leave": 0.1}, {"leave": 0.1}),
            "a category must be planned or unplanned, got 'leave' in both",
        ),
        (
            lambda: shrinkage({"leave": 0.1}, of_present=["breaks"]),
            "of_present must name categories, got 'breaks' beside leave",
        ),
        (
            lambda: shrinkage({"leave": 10}, paid_hours=100, of_present=["leave"]),
            "of_present goes with shares: hours are always divided by paid hours, got both",
        ),
        (
            lambda: shrinkage({"leave": 120}, paid_hours=100),
            "the categories together must be a share below 1 of paid time, got 1.2",
        ),
        (lambda: agents_scheduled(-1, 0.3), "agents must be 0 or more, got -1"),
        (lambda: agents_scheduled(17, 1), "shrinkage must be a share between 0 and 1, 1 excluded, got 1"),
    ],
)
def test_targets_and_shares_that_cannot_be_are_refused_in_one_sentence(call: object, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()  # type: ignore[operator]

    assert str(error.value) == sentence


def test_categories_that_are_no_mapping_are_a_type_error() -> None:
    with pytest.raises(TypeError, match="planned must map categories to shares or hours, got float"):
        shrinkage(0.3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="planned must have words for categories, paid_hours excluded, got 3"):
        shrinkage({3: 0.1})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="of_present must be a list of categories, got 'breaks'"):
        shrinkage({"breaks": 0.1}, of_present="breaks")


def test_shares_of_paid_time_add_up_and_shares_of_present_time_multiply() -> None:
    # 1 - (1 - 0.15)(1 - 0.2) = 0.32: of 100 paid hours 85 are present, 17 of them on breaks and training
    added = shrinkage({"leave": 0.10, "breaks": 0.15, "training": 0.05}, {"sickness": 0.05})
    staged = shrinkage(
        {"leave": 0.10, "breaks": 0.15, "training": 0.05}, {"sickness": 0.05}, of_present=["breaks", "training"]
    )

    assert added.total == pytest.approx(0.35)
    assert staged.total == pytest.approx(1 - 0.85 * 0.80)
    assert (staged.planned, staged.unplanned) == pytest.approx((0.27, 0.05))
    assert staged.shares.loc[0].tolist() == pytest.approx([0.10, 0.1275, 0.0425, 0.05])


def test_hours_of_a_period_give_its_shrinkage_and_daily_hours_that_of_each_day() -> None:
    paid, sick = np.array([100.0, 300.0]), np.array([10.0, 15.0])

    daily = shrinkage({"leave": paid * 0.1}, {"sickness": sick}, paid_hours=paid)
    whole = shrinkage({"leave": 40.0}, {"sickness": 25.0}, paid_hours=400)

    assert daily.total == pytest.approx([0.2, 0.15])
    assert list(daily.shares.columns) == ["leave", "sickness"]
    assert whole.total == pytest.approx(65 / 400)


def test_every_interval_has_its_own_shrinkage() -> None:
    # 17 / 0.70 = 24.3 -> 25 (standard.md 5.3); 17 / 0.85 = 20 exactly
    assert agents_scheduled(pd.Series([17, 17]), [0.30, 0.15]).tolist() == [25, 20]
    assert agents_required([offered_load(100, 240)] * 2, 240, shrinkage=[0.30, 0.15]).tolist() == [25, 20]
    assert type(agents_scheduled(17, 0.3)) is int
