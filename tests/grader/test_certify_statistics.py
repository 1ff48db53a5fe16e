"""Statistics of a sitting: counted from the registry's marks, told apart by what the number of answers allows."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from grader import psychometrics
from grader.certify import Academy, statistics
from grader.errors import InputError, RuleBroken
from tests.grader.sat_form import FORM, SITTING, answer, everybody, office_form, schedule, sit

PEOPLE = [f"A{number:03d}" for number in range(1, 61)]


@pytest.fixture(scope="module")
def sat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """Forty people have sat a form of ten items, and their answers lie in the room."""
    with Academy(tmp_path_factory.mktemp("centre")) as academy:
        form = office_form(academy)
        schedule(academy, form, PEOPLE[:40])
        sit(academy, form, everybody(form, 40))
        yield academy


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with Academy(tmp_path) as opened:
        yield opened


def figures(academy: Academy, sitting: str = SITTING) -> statistics.FormFigures:
    return statistics.statistics(academy, sitting).forms[0]


def test_the_figures_of_a_form_are_those_of_its_marks_counted_by_hand(sat: Academy) -> None:
    found = figures(sat)
    marks = sat.store.rows("marks")
    totals = np.array(
        [sum(row["points"] for row in marks if row["seat"] == seat["seat"]) for seat in sat.seats(SITTING)]
    )

    assert (found.form, found.candidates, found.max_points) == (FORM, 40, 13)
    assert (found.mean, found.lowest, found.highest) == pytest.approx((totals.mean(), totals.min(), totals.max()))
    assert found.spread == pytest.approx(totals.std(ddof=1))
    assert found.passing == pytest.approx((totals >= 6.5).mean())
    for row in found.items:
        own = [mark["points"] / mark["max_points"] for mark in marks if mark["slot"] == row.slot]
        assert row.here == row.pooled.facility == pytest.approx(np.mean(own))
        assert row.pooled.answers == 40 and row.pooled.stage == "flags"
    assert found.sem_at_cut is not None and found.consistency is not None and found.unknown == ""


def test_the_form_says_that_it_is_not_fit_and_why(sat: Academy) -> None:
    verdict = figures(sat).fitness

    assert verdict.fit is False
    assert "scored items 10, wanted 60 or more" in verdict.sentence
    assert "judges of the cut no panel, wanted 8 to 12" in verdict.sentence
    assert statistics.fitness(sat, sat.form(SITTING, FORM)) == verdict


def test_the_option_table_names_options_as_the_source_does_whatever_the_paper_showed(sat: Academy) -> None:
    rows = {row.item: row for row in figures(sat).items}
    options = {one.option: one for one in rows["FC-2.1-i@1"].options}

    assert list(options) == ["a", "b", "c", "d", psychometrics.NO_ANSWER]
    assert options["a"].right and options["a"].share == pytest.approx(rows["FC-2.1-i@1"].here)
    assert options["a"].chosen + options["b"].chosen == 40
    assert options["a"].high > options["a"].low and (options["a"].correlation or 0) > 0
    assert options["c"].flags == ("nobody chose it",)
    assert "c: nobody chose it" in rows["FC-2.1-i@1"].flags


def test_a_tick_too_many_and_the_commonest_wrong_number_are_counted(sat: Academy) -> None:
    rows = {row.item: row for row in figures(sat).items}
    ticks = {one.option: one.chosen for one in rows["QA-2.1-multi@2"].options}
    numbers = {one.option: one for one in rows["FC-2.9-sum@1"].options}

    assert ticks["a"] == 40 and ticks["b"] + ticks["c"] == 40
    assert numbers["40 (variant 101)"].right and not numbers["36 (variant 101)"].right
    assert numbers["40 (variant 101)"].share == pytest.approx(rows["FC-2.9-sum@1"].here)
    assert rows["PP-2.1-why@1"].options == ()


def test_each_language_is_counted_for_itself(sat: Academy) -> None:
    found = figures(sat).items[0].languages

    assert {language: count for language, (count, _) in found.items()} == {"en": 20, "zh": 20}


def test_without_the_rooms_folders_the_marks_still_count(academy: Academy) -> None:
    form = office_form(academy)
    schedule(academy, form, PEOPLE[:31])
    sit(academy, form, everybody(form, 31))
    before = figures(academy)
    shutil.rmtree(academy.centre.room)
    after = figures(academy)

    assert (after.alpha, after.mean) == (before.alpha, before.mean)
    assert before.items[0].options and not after.items[0].options


def test_below_thirty_answers_the_figures_describe_and_judge_nothing(academy: Academy) -> None:
    form = office_form(academy)
    schedule(academy, form, PEOPLE[:12])
    sit(academy, form, everybody(form, 12), room=False)
    found = figures(academy)

    assert {row.pooled.stage for row in found.items} == {"descriptive"}
    assert all(row.flags == () for row in found.items)
    checks = {check.name: check.holds for check in found.fitness.checks}
    assert checks["alpha"] is checks["decision consistency"] is None


def test_answers_to_one_form_add_up_over_sittings_but_not_with_demonstrations(academy: Academy) -> None:
    form = office_form(academy)
    given = everybody(form, 30)
    for sitting, people, purpose in (
        ("S1", PEOPLE[:10], "practice"), ("S2", PEOPLE[10:20], "certification"), ("S3", PEOPLE[20:30], "demonstration"),
    ):  # fmt: skip
        academy.write_office(sitting, f"{FORM}.json", academy.read_office(SITTING, f"{FORM}.json"))
        schedule(academy, form, people, sitting, purpose)
        sit(academy, form, given[:10], sitting, room=False)

    assert figures(academy, "S1").candidates == figures(academy, "S2").candidates == 20
    assert figures(academy, "S3").candidates == 10
    assert statistics.fitness(academy, form).checks[2].has == "of 20 candidates is not judged yet"


def test_somebody_who_sits_a_form_twice_counts_once_and_the_seat_is_named(academy: Academy) -> None:
    form = office_form(academy)
    given = everybody(form, 3)
    schedule(academy, form, PEOPLE[:3])
    sit(academy, form, given, room=False)
    academy.write_office("S2", f"{FORM}.json", academy.read_office(SITTING, f"{FORM}.json"))
    schedule(academy, form, [PEOPLE[0], PEOPLE[9]], "S2")
    sit(academy, form, given[:2], "S2", room=False, day=40)
    found = statistics.statistics(academy, "S2")

    assert found.forms[0].candidates == 4
    assert found.left_out == ("S2-001",)


def test_a_seat_without_all_its_marks_is_left_out_by_name(academy: Academy) -> None:
    form = office_form(academy)
    schedule(academy, form, PEOPLE[:4])
    sit(academy, form, everybody(form, 4), room=False)
    waits = form.slots[-1]
    fact = {"seat": "TL-1-002", "slot": waits.name, "points": None, "max_points": 4}
    academy.store.append("mark.given", f"TL-1-002/{waits.name}", fact, "engine")
    found = statistics.statistics(academy, SITTING)

    assert found.left_out == ("TL-1-002",) and found.forms[0].candidates == 3


@pytest.mark.parametrize("count", [1, 2])
def test_one_candidate_or_two_alike_give_no_error_and_no_traceback(academy: Academy, count: int) -> None:
    form = office_form(academy)
    schedule(academy, form, PEOPLE[:count])
    sit(academy, form, everybody(form, 1) * count, room=False)
    found = figures(academy)

    assert (found.alpha, found.sem, found.consistency) == (None, None, None)
    assert "no error can be computed" in found.unknown


def test_a_sitting_that_is_not_marked_or_not_there_is_refused_in_a_sentence(academy: Academy) -> None:
    form = office_form(academy)
    schedule(academy, form, PEOPLE[:2])

    with pytest.raises(RuleBroken, match="sitting TL-1 is scheduled; this step wants it marked or decided"):
        statistics.statistics(academy, SITTING)
    with pytest.raises(InputError, match="there is no sitting 'TL-9'"):
        statistics.statistics(academy, "TL-9")
    academy.store.append("sitting.marked", SITTING, {}, "engine")
    with pytest.raises(RuleBroken, match="nobody of sitting TL-1 has all marks yet"):
        statistics.statistics(academy, SITTING)
    assert statistics.fitness(academy, form).fit is False


def test_a_long_form_answered_by_many_is_fit_once_a_panel_has_set_its_cut(academy: Academy) -> None:
    form = office_form(academy, choices=77)
    schedule(academy, form, PEOPLE)
    sit(academy, form, everybody(form, 60), room=False)
    assert statistics.fitness(academy, form).sentence == (
        "not fit for certification: judges of the cut no panel, wanted 8 to 12"
    )

    cut = {"cut": 45.0, "se": 0.8, "method": "modified Angoff", "panel": "P1", "judges": list("abcdefghij")}
    academy.store.append("cut.set", form.digest, cut, "head")

    assert statistics.fitness(academy, form).sentence == "fit for certification"
    found = figures(academy)
    assert (found.cut, found.cut_se, found.cut_method) == (45, 0.8, "modified Angoff, panel P1")


def test_who_answers_at_random_makes_a_form_unfit_and_it_certifies_nobody_more(academy: Academy) -> None:
    luck = random.Random(1)
    form = office_form(academy, choices=77)
    with pytest.raises(RuleBroken, match=r"wants a cut score set by a panel .*, and form F1 has none"):
        statistics.check_certifiable(academy, [form])
    cut = {"cut": 41.0, "se": 0.8, "method": "modified Angoff", "panel": "P1", "judges": list("abcdefghij")}
    academy.store.append("cut.set", form.digest, cut, "head")
    statistics.check_certifiable(academy, [form])

    schedule(academy, form, PEOPLE)
    sit(academy, form, [answer(form, 0.5, luck) for _ in PEOPLE], room=False)

    checks = {check.name: check for check in statistics.fitness(academy, form).checks}
    assert checks["alpha"].holds is False and checks["decision consistency"].holds is False
    with pytest.raises(RuleBroken, match=r"form F1 is not fit for certification: alpha .*; take another one"):
        statistics.check_certifiable(academy, [form])


def test_each_variant_of_a_calculation_has_its_own_table(academy: Academy) -> None:
    """Two forms ask for 40 and for 36: what is right on one is the commonest mistake on the other."""
    given = {}
    for number, (name, key) in enumerate((("F1", 40.0), ("F2", 36.0)), start=1):
        sitting = f"S{number}"
        form = office_form(academy, form=name, folder=sitting, key=key, variant=100 + number)
        schedule(academy, form, PEOPLE[30 * number - 30 : 30 * number], sitting)
        given[name] = [{slot.name: "40" for slot in form.slots if slot.question.kind == "number"}] * 30
        sit(academy, form, given[name], sitting)
    row = next(row for row in figures(academy, "S1").items if row.kind == "number")
    shown = {one.option: (one.right, one.chosen, one.share) for one in row.options if one.chosen}

    assert shown == {"40 (variant 101)": (True, 30, 1.0), "40 (variant 102)": (False, 30, 1.0)}
    assert row.pooled.facility == 0.5
    assert row.flags == ("everybody alike", "40 (variant 102): the best chose it rather than the key")
