"""Sets of parallel forms: every constraint and every curve counted by another program, shortages by hand."""

from __future__ import annotations

import importlib.util
import math
import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.centre import PROJECT
from grader.errors import InputError
from grader.forms import Curve, Draft, Limits, assemble_parallel, freeze
from grader.model import Bilingual, Blueprint, FormPoint, Item, Question
from tests.grader.form_checker import curve, violations


def _benchmark() -> Any:
    """The generator of banks that the benchmark uses."""
    spec = importlib.util.spec_from_file_location("benchmark_assembly", PROJECT / "benchmarks" / "assembly.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


GENERATED = _benchmark()


def broken(drafts: tuple[Draft, ...], pool: list[Item], plan: Blueprint, limits: Limits) -> list[str]:
    return violations(
        [draft.items for draft in drafts],
        pool,
        plan,
        kinds=limits.kinds,
        minutes=limits.minutes,
        statements=limits.statements,
        case_sets=limits.case_sets,
        case_items=limits.case_items,
        anchors=limits.anchors,
        overlap=limits.overlap,
    )


def apart(drafts: tuple[Draft, ...], curves: Mapping[str, Curve]) -> tuple[float, float]:
    """The largest difference in expected score, and in information as a share, computed item by item."""
    plain = {name: (one.slope, one.location) for name, one in curves.items()}
    scores, informations = [], []
    for place in range(3):
        theta = drafts[0].information[place].theta
        both = [curve(draft.items, plain, theta) for draft in drafts]
        scores.append(max(score for score, _ in both) - min(score for score, _ in both))
        informations.append(max(info for _, info in both) / min(info for _, info in both) - 1)
    return max(scores), max(informations)


def rasch(pool: list[Item]) -> dict[str, Curve]:
    """The model that is stated: slope 1, located where a candidate at 0 earns the author's share."""
    return {item.id: Curve(1.0, math.log((1 - item.difficulty) / item.difficulty)) for item in pool}


# --- the goals --------------------------------------------------------------------------------------------------------


def test_four_forms_of_sixty_from_six_hundred_are_parallel_and_break_nothing() -> None:
    pool, curves = GENERATED.bank(600, 1)
    plan, limits = GENERATED.plan(60, pool)

    drafts = assemble_parallel(pool, plan, 4, limits, seed=1, curves=curves)

    assert len(drafts) == 4
    assert broken(drafts, pool, plan, limits) == []
    scores, informations = apart(drafts, curves)
    assert scores <= 0.05 and informations <= 0.002
    assert all(draft.broken == () for draft in drafts)


@pytest.mark.parametrize(
    "change",
    [
        {"anchors": 12},
        {"anchors": 12, "case_items": None},
        {"case_items": None, "case_sets": (1, 3)},
        {"overlap": 5},
        {"statements": {"FC-2.1": (2, 2), "QA-2.3": (0, 0)}},
    ],
)
def test_every_kind_of_limit_is_kept_by_every_form(change: dict[str, Any]) -> None:
    pool, curves = GENERATED.bank(300, 2)
    plan, limits = GENERATED.plan(40, pool)
    limits = replace(limits, **change)

    drafts = assemble_parallel(pool, plan, 2, limits, seed=5, curves=curves)

    assert broken(drafts, pool, plan, limits) == []
    assert all(line.holds for draft in drafts for line in draft.proof)
    if limits.anchors:
        spread = Counter(name.split("-")[0] for name in drafts[0].anchors)
        assert len(drafts[0].anchors) >= 12 and all(draft.anchors == drafts[0].anchors for draft in drafts)
        whole = max(Counter(item.case for item in pool if item.case).values()) if limits.case_items is None else 1
        for code, count in plan.domains.items():  # a quarter to a third of every domain, but for what a set brings
            assert abs(spread[code] - 12 * count / 40) < whole


def test_items_that_are_used_up_stay_out_and_fresh_ones_come_first() -> None:
    pool, curves = GENERATED.bank(400, 3)
    plan, limits = GENERATED.plan(30, pool)
    worn = {item.id: 4 for item in pool[::5]}

    drafts = assemble_parallel(pool, plan, 2, replace(limits, uses=4), seed=1, curves=curves, uses=worn)
    soft = assemble_parallel(pool, plan, 2, limits, seed=1, curves=curves, uses=worn)

    assert not any(item.id in worn for draft in drafts for item in draft.items)
    line = next(line for line in drafts[0].proof if line.constraint == "earlier uses of an item")
    assert (line.wanted, line.has, line.holds) == ("fewer than 4", "0 at most", True)
    assert sum(item.id in worn for draft in soft for item in draft.items) <= 2


def test_a_later_set_is_parallel_to_an_earlier_one_with_its_anchors_and_nothing_else_of_it() -> None:
    pool, curves = GENERATED.bank(400, 4)
    plan, limits = GENERATED.plan(40, pool)
    limits = replace(limits, anchors=10)
    first = assemble_parallel(pool, plan, 2, limits, seed=1, curves=curves)
    before = {f"old {number}": {item.id for item in draft.items} for number, draft in enumerate(first)}

    later = assemble_parallel(
        pool, plan, 2, limits, seed=2, curves=curves, anchors=first[0].anchors, apart=before,
        target=first[0].information,
    )  # fmt: skip

    assert broken((*first, *later), pool, plan, limits) == []
    scores, informations = apart((first[0], *later), curves)
    assert scores <= 0.1 and informations <= 0.004  # each within 0.05 points and 0.2 % of the earlier form
    assert all(draft.broken == () for draft in later)


# --- the model --------------------------------------------------------------------------------------------------------


def test_without_calibration_an_item_is_a_rasch_item_at_its_authors_estimate() -> None:
    pool = [
        item(1, "FC", 1, difficulty=0.8),
        item(2, "FC", 2, difficulty=0.5),
        item(3, "QA", 1, "text", difficulty=0.4),
    ]
    plan = Blueprint(2, 3, {"FC": 2, "QA": 1}, {"R": 0, "A": 3, "E": 0})

    (draft,) = assemble_parallel(pool, plan, 1, seed=1)

    low, cut, high = draft.information
    # At the cut: 0.8 + 0.5 + 4 x 0.4 points; p (1 - p) for each point: 0.16 + 0.25 + 4 x 0.24.
    assert (cut.theta, cut.expected, cut.information) == (0, pytest.approx(2.9), pytest.approx(1.37))
    assert high.theta == -low.theta == pytest.approx(0.5 / math.sqrt(1.37), abs=1e-6)
    expected, information = curve(pool, {name: (1, one.location) for name, one in rasch(pool).items()}, high.theta)
    assert (high.expected, high.information) == (
        pytest.approx(expected, abs=1e-5),
        pytest.approx(information, abs=1e-5),
    )


def test_forms_matched_on_information_alone_would_be_points_apart_and_these_are_not() -> None:
    # Mirror images around the cut have the same information and opposite scores.
    pool = [
        item(number, "FC", number, difficulty=0.5 + 0.35 * (-1) ** number * (0.2 + number / 50))
        for number in range(1, 41)
    ]
    plan = Blueprint(2, 10, {"FC": 10}, {"R": 0, "A": 10, "E": 0})

    drafts = assemble_parallel(pool, plan, 3, Limits(overlap=0), seed=1)

    scores, informations = apart(drafts, rasch(pool))
    assert scores <= 0.1 and informations <= 0.004


# --- a form put together ----------------------------------------------------------------------------------------------


def item(number: int, domain: str, statement: int, kind: str = "choice", cognitive: str = "A", **more: Any) -> Item:
    fixed: dict[str, Any] = {
        "version": 1, "minutes": 2.0, "use": "exam", "status": "approved", "difficulty": 0.6, "variants": (),
        "enemies": (), "sources": (), "history": (), "case": None, "path": "", "source_digest": "", "body": {},
    }  # fmt: skip
    code = f"{domain}-2.{statement}"
    return Item(id=f"{code}-i{number}", kind=kind, statement=code, cognitive=cognitive, **(fixed | more))


def test_the_items_of_a_case_stand_together_and_the_seed_orders_the_rest() -> None:
    cases = {f"FC-2.{number}-i": f"case {number % 3}" for number in range(1, 10)}
    questions = [
        Question(f"{code}-2.{number}-i", 1, None, "choice", f"{code}-2.{number}", 1.0, Bilingual("?", "？"))
        for code in ("FC", "QA")
        for number in range(1, 10)
    ]
    orders = set()
    for seed in range(10):
        form = freeze(
            "F", 2, questions, {one.item_id: 0.5 for one in questions}, [], seed, cases=cases, anchors=("QA-2.1-i",),
            minutes=20.0, information=(FormPoint(0.0, 9.0, 4.5),),
        )  # fmt: skip
        ids = [slot.question.item_id for slot in form.slots]
        orders.add(tuple(ids))
        for case in set(cases.values()):
            places = [place for place, name in enumerate(ids) if cases.get(name) == case]
            assert places == list(range(places[0], places[0] + 3))
        assert (form.anchors, form.minutes, form.information[0].information) == (("QA-2.1-i",), 20.0, 4.5)
    assert len(orders) == 10


# --- what cannot be ---------------------------------------------------------------------------------------------------


def refusal(pool: list[Item], plan: Blueprint, k: int, limits: Limits, **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        assemble_parallel(pool, plan, k, limits, seed=1, **more)
    return str(caught.value)


PLAN = Blueprint(2, 4, {"FC": 2, "QA": 2}, {"R": 0, "A": 4, "E": 0})


def small(fc: int = 8, qa: int = 8) -> list[Item]:
    return [item(number, "FC", number) for number in range(1, fc + 1)] + [
        item(number, "QA", number) for number in range(1, qa + 1)
    ]


def test_a_set_is_told_how_many_different_items_a_cell_lacks() -> None:
    said = refusal(small(fc=5), PLAN, 3, Limits(overlap=0))

    assert said == (
        "no 3 forms of 4 items can be made from the 13 usable items of level 2: domain FC wants 2 in each of 3 forms, "
        "6 different ones with 0 in common, and the pool has 5 (1 short). "
        "Add or approve items there, or change the form"
    )


def test_anchors_and_overlap_lessen_what_a_set_wants() -> None:
    # Three forms with one FC item in common want 3 x 2 - 2 = 4 different ones.
    drafts = assemble_parallel(small(fc=4), PLAN, 3, Limits(overlap=0, anchors=2), seed=1)
    assert broken(drafts, small(fc=4), PLAN, Limits(overlap=0, anchors=2)) == []

    assert "4 different ones with 1 in common, and the pool has 3 (1 short)" in refusal(
        small(fc=3), PLAN, 3, Limits(overlap=0, anchors=2)
    )


def test_what_all_forms_together_lack_is_named() -> None:
    # Each form could take two items of three minutes; four forms together need the long ones too.
    pool = [replace(one, minutes=3.0 if number % 2 else 9.0) for number, one in enumerate(small())]

    said = refusal(pool, PLAN, 4, Limits(overlap=0, minutes=(0, 20)))

    # 8 short and 8 long items are 96 minutes, four forms have 80.
    assert "in the nearest selection for 4 forms together minutes wants at most 80 and is 16 over" in said


def test_case_sets_that_do_not_fit_are_named() -> None:
    pair = small() + [item(20 + number, "QA", 9, case="one") for number in range(2)]
    pool = small() + [item(20 + number, "QA", 9, case="one") for number in range(3)]

    assert "case sets wants 2 and the pool has 1 (1 short)" in refusal(pair, PLAN, 1, Limits(case_sets=(2, 2)))
    # The only set has three QA items, and a form has two.
    assert "case sets wants 1 and the pool has 0 (1 short)" in refusal(pool, PLAN, 1, Limits(case_sets=(1, 1)))
    said = "case sets wants 1 or more, and the pool has 0 large enough (1 short)"
    assert said in refusal(pool, PLAN, 1, Limits(case_sets=(1, 1), case_items=(4, 5)))
    # Three items of which a form shows two serve one form, not two.
    said = "case sets wants 1 or more in each of 2 forms, and the pool has 1 large enough (1 short)"
    assert said in refusal(pool, PLAN, 2, Limits(case_sets=(1, 1), case_items=(2, 2), overlap=0))


def test_a_case_set_with_enemies_inside_never_comes_whole() -> None:
    pool = [*small(), item(20, "QA", 9, case="one", enemies=("QA-2.9-i21",)), item(21, "QA", 9, case="one")]

    for seed in range(5):
        (draft,) = assemble_parallel(pool, PLAN, 1, seed=seed)
        assert not any(one.case for one in draft.items)


def test_what_is_no_request_is_refused_with_a_sentence() -> None:
    assert refusal(small(), PLAN, 0, Limits()) == "one form or more can be made, got 0"
    assert refusal(small(), PLAN, 2, Limits(anchors=4)) == "a form of 4 items has fewer anchors than items, got 4"
    assert refusal(small(), PLAN, 2, Limits(), anchors=("XX-1.1-i",)) == (
        "anchors must be usable items of the pool, these are not: XX-1.1-i"
    )
    assert (
        refusal([*small(), small()[0]], PLAN, 1, Limits()) == "a pool holds every item once, got FC-2.1-i1 more often"
    )
    assert "must lie above 0 and below 1, got 1" in refusal([replace(small()[0], difficulty=1.0)], PLAN, 1, Limits())
    assert "needs a slope above 0" in refusal(small(), PLAN, 1, Limits(), curves={"FC-2.1-i1": Curve(0.0, 1.0)})
    used = {"FC-2.1-i1": 4}
    assert refusal(small(), PLAN, 2, Limits(uses=4), anchors=("FC-2.1-i1",), uses=used) == (
        "the anchors FC-2.1-i1 are used up: 4 uses are allowed; make a set with other anchors"
    )
    for wrong in ({"kinds": {"essay": (1, 1)}}, {"kinds": {"text": (2, 1)}}, {"minutes": (5, 1)}, {"overlap": -1}):
        with pytest.raises(InputError):
            Limits(**wrong)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_the_pool_a_set_keeps_every_constraint_or_is_refused_with_a_sentence(data: st.DataObject) -> None:
    plan = Blueprint(2, 4, {"FC": 2, "QA": 2}, {"R": 1, "A": 2, "E": 1})
    size = data.draw(st.integers(0, 24))
    pool = [
        item(
            number,
            data.draw(st.sampled_from(["FC", "QA"])),
            data.draw(st.integers(1, 3)),
            data.draw(st.sampled_from(["choice", "number", "text"])),
            data.draw(st.sampled_from("RAE")),
            case=data.draw(st.sampled_from([None, None, None, "one", "two"])),
            difficulty=data.draw(st.floats(0.05, 0.95)),
        )
        for number in range(size)
    ]
    for number in data.draw(st.lists(st.integers(0, max(0, size - 2)), max_size=4)):
        if size > 1:
            pool[number] = replace(pool[number], enemies=(pool[number + 1].id,))
    limits = Limits(
        kinds={"text": (0, 1)},
        case_sets=data.draw(st.sampled_from([None, (0, 1)])),
        case_items=data.draw(st.sampled_from([None, (1, 2)])),
        overlap=data.draw(st.sampled_from([None, 0, 1])),
        anchors=data.draw(st.sampled_from([0, 1])),
    )
    try:
        drafts = assemble_parallel(pool, plan, 2, limits, seed=data.draw(st.integers(0, 99)))
    except InputError as refused:
        assert "can be made from" in str(refused)
    else:
        assert broken(drafts, pool, plan, limits) == []
        proved = [line for draft in drafts for line in draft.proof if not line.constraint.startswith(("exp", "info"))]
        assert all(line.holds for line in proved)


def drawn(luck: random.Random) -> tuple[list[Item], Limits]:
    """A small pool with cases and enemies, and limits for it."""
    size = luck.randint(4, 11)
    pool = [
        item(
            number,
            luck.choice(["FC", "QA"]),
            luck.randint(1, 3),
            luck.choice(["choice", "choice", "number", "text"]),
            luck.choice("RAAE"),
            case=luck.choice([None, None, None, "one", "two"]),
            difficulty=luck.uniform(0.1, 0.9),
            minutes=luck.choice([1.0, 2.0, 3.0]),
        )
        for number in range(size)
    ]
    for _ in range(luck.randint(0, 3)):
        one, two = luck.sample(range(size), 2)
        pool[one] = replace(pool[one], enemies=(pool[two].id,))
    return pool, Limits(
        kinds={"text": (0, 1)},
        case_sets=luck.choice([None, (0, 1), (1, 1)]),
        case_items=luck.choice([None, (1, 2)]),
        minutes=luck.choice([None, (0, 8), (7, 9)]),
        overlap=luck.choice([0, 1, None]),
    )


def test_a_set_is_refused_exactly_when_trying_every_selection_finds_none() -> None:
    plan, told = Blueprint(2, 4, {"FC": 2, "QA": 2}, {"R": 1, "A": 2, "E": 1}), Counter[tuple[int, bool]]()
    for seed in range(80):
        pool, limits = drawn(random.Random(seed))
        kept = {name: getattr(limits, name) for name in ("kinds", "minutes", "case_sets", "case_items")}
        sound = [form for form in combinations(pool, 4) if not violations([form], pool, plan, **kept)]
        ids = [{one.id for one in form} for form in sound]
        most = 4 if limits.overlap is None else limits.overlap
        possible = {1: bool(sound), 2: any(len(one & two) <= most for one in ids for two in ids)}
        for count, there in possible.items():
            try:
                drafts = assemble_parallel(pool, plan, count, limits, seed=seed)
            except InputError:
                assert not there, f"seed {seed}: {count} forms can be made, and were refused"
            else:
                assert there and broken(drafts, pool, plan, limits) == []
            told[count, there] += 1

    assert min(told.values()) >= 15  # enough of either kind were tried
