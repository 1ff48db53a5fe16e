"""A panel of judges from the first sheet to the cut: what comes in, what is refused, what the registry then says."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.certify import Academy, cuts, panel
from grader.errors import AcademyError, InputError, RuleBroken
from grader.model import Form
from tests.grader.sat_form import FORM, SITTING, everybody, office_form, schedule, sit

JUDGES = [f"J{number}" for number in range(1, 10)]
WIDE = {"lowest cut": "30", "highest cut": "80", "lowest failing": "5", "highest failing": "80"}
Write = Callable[[int, str], str]


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with Academy(tmp_path) as opened:
        office_form(opened)
        yield opened


def form_of(academy: Academy) -> Form:
    return academy.form(SITTING, FORM)


def filled(sheet: bytes, write: Write, bounds: dict[str, str] = WIDE) -> bytes:
    """The sheet as a judge gives it back: ``write`` says the rating of each item by its number from 0 on."""
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline="")))
    item, number = 3, 0
    for row in rows[1:]:
        if row[item] in bounds:
            row[-1] = bounds[row[item]]
        elif row[item]:
            row[-1] = write(number, row[item])
            number += 1
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def steady(judge: int) -> Write:
    """Judges lie two points apart, items five."""
    return lambda number, item: str(40 + 2 * judge + 5 * (number % 4))


def round_of(academy: Academy, round_: int, judges: list[str] = JUDGES, bounds: dict[str, str] = WIDE) -> None:
    for judge, sheet in panel.sheets(academy, "P1", round_, FORM, judges).items():
        data = filled(sheet, steady(JUDGES.index(judge)), bounds)
        assert panel.rate(academy, "P1", f"{judge}.csv", data, "secretary") == [judge]


def both_rounds(academy: Academy, judges: list[str] = JUDGES, bounds: dict[str, str] = WIDE) -> None:
    round_of(academy, 1, judges)
    round_of(academy, 2, judges, bounds)


def sat_by(academy: Academy, count: int) -> None:
    form = form_of(academy)
    schedule(academy, form, [f"A{number}" for number in range(count)])
    sit(academy, form, everybody(form, count), room=False)


# --- the story ---


def test_two_rounds_set_a_cut_that_the_form_then_has(academy: Academy) -> None:
    both_rounds(academy)
    assert cuts.cut_of(academy, form_of(academy).digest) is None
    cut = panel.settle(academy, "P1", "head")

    # By hand: judge j rates item i by 40 + 2 j + 5 (i mod 4) percent. Ten items of which the last, number 9, has four
    # points: 40 + 2 j percent of 13 points, and 5 % of (0+1+2+3+0+1+2+3+0 + 4 * 1) = 16 parts. Mean j is 4.
    by_hand = [13 * (0.40 + 0.02 * j) + 0.05 * 16 for j in range(9)]
    assert cut.points == pytest.approx(round(sum(by_hand) / 9, 1)) == 7.0
    # Spread of j from 0 to 8 is sqrt(7.5); each step is 0.26 points; nine judges.
    assert cut.se == pytest.approx(0.26 * 7.5**0.5 / 3, abs=1e-4)
    assert (cut.judges, cut.panel, cut.set_by, cut.method) == (tuple(JUDGES), "P1", "head", "modified Angoff")
    assert cuts.cut_of(academy, form_of(academy).digest) == cut
    assert cuts.judges_of(academy, form_of(academy).digest) == set(JUDGES)


def test_the_facts_in_the_registry_hold_every_rating_and_how_the_cut_came_about(academy: Academy) -> None:
    both_rounds(academy)
    panel.settle(academy, "P1", "head")
    rated, (cut,) = academy.store.events("panel.rated", "P1"), academy.store.events("cut.set", form_of(academy).digest)

    assert len(rated) == 18 and {event.by for event in rated} == {"secretary"}
    assert rated[0].data["ratings"]["QA-2.1-multi@2"] in (0.40, 0.45, 0.50, 0.55)
    assert rated[-1].data["hofstee"] == {"cut_least": 0.3, "cut_most": 0.8, "fail_least": 0.05, "fail_most": 0.8}
    assert cut.data["hofstee"]["verdict"] == "not checked: fewer than 30 candidates have sat the form"
    assert academy.store.verify() == []


def test_the_sheet_shows_the_question_its_options_and_its_key_in_the_judges_language(academy: Academy) -> None:
    (sheet,) = panel.sheets(academy, "P1", 1, FORM, ["J1"], "zh").values()
    rows = {row["试题"]: row for row in csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"), newline=""))}

    assert sheet.startswith(b"\xef\xbb\xbf")
    assert rows[""]["题目"].startswith("刚好合格的考生里")
    assert rows["FC-2.1-i@1"]["题目"] == "题choice 1" and rows["FC-2.1-i@1"]["答案"] == "a"
    assert rows["FC-2.1-i@1"]["选项"].split("\n")[0] == "a) 题1a"
    assert rows["FC-2.9-sum@1"]["答案"] == "40 ± 0.5"
    assert rows["PP-2.1-why@1"]["选项"] == "2: 题says why\n2: 题gives an example"


def test_the_second_round_shows_what_the_panel_said_and_what_candidates_did_but_no_other_judge(
    academy: Academy,
) -> None:
    round_of(academy, 1)
    before = panel.sheets(academy, "P1", 2, None, ["J1"])["J1"].decode("utf-8-sig")
    sat_by(academy, 30)
    after = panel.sheets(academy, "P1", 2, None, ["J1"])["J1"].decode("utf-8-sig")
    first, then = ([*csv.DictReader(io.StringIO(text, newline=""))][1] for text in (before, after))

    assert (first["own first"], first["panel mean"]) == ("40%", "48%")
    assert (first["panel lowest"], first["panel highest"], first["candidates"]) == ("40%", "56%", "")
    assert then["candidates"].endswith("%")
    assert "J2" not in before + after


# --- the check by the candidates' scores ---


def test_from_thirty_candidates_on_the_compromise_is_looked_up(academy: Academy) -> None:
    both_rounds(academy)
    sat_by(academy, 30)
    seen = panel.look(academy, "P1")

    real = seen.reality
    assert real.candidates == 30 and real.check is not None and real.check.met
    assert real.inside is True and seen.open == ()
    marks, judged = academy.store.rows("marks"), seen.second
    assert judged is not None
    earned = [
        np.mean(
            [row["points"] / row["max_points"] for row in marks if f"{row['item']}@{row['item_version']}" == one.item]
        )
        for one in judged.items
    ]
    assert real.agreement == pytest.approx(np.corrcoef(earned, [one.mean for one in judged.items])[0, 1])
    panel.settle(academy, "P1", "head")
    hofstee = academy.store.events("cut.set")[0].data["hofstee"]
    assert hofstee["candidates"] == 30 and hofstee["verdict"].startswith("the lines meet at")


def test_where_curve_and_line_do_not_meet_it_goes_back_whatever_the_reason(academy: Academy) -> None:
    both_rounds(academy, bounds=WIDE | {"lowest cut": "70", "highest cut": "75", "highest failing": "10"})
    sat_by(academy, 30)

    for reason in ("", "the board wants it"):
        with pytest.raises(RuleBroken, match=r"back to the panel: at the lowest acceptable cut 9\.1 already"):
            panel.settle(academy, "P1", "head", reason)
    assert cuts.cut_of(academy, form_of(academy).digest) is None


def test_a_cut_outside_of_the_judges_own_bounds_wants_a_reason_which_is_kept(academy: Academy) -> None:
    both_rounds(academy, bounds=WIDE | {"lowest cut": "60"})
    sat_by(academy, 30)
    assert panel.look(academy, "P1").reality.inside is False

    with pytest.raises(RuleBroken, match="the cut lies outside of what the judges can answer for"):
        panel.settle(academy, "P1", "head", "  ")
    panel.settle(academy, "P1", "head", "bounds were given before the pilot was seen")

    assert academy.store.events("cut.set")[0].data["reason"] == "bounds were given before the pilot was seen"


# --- who may judge, and when ---


@pytest.mark.parametrize("count", [7, 13])
def test_too_few_or_too_many_judges_set_no_cut(academy: Academy, count: int) -> None:
    judges = [f"J{number}" for number in range(1, count + 1)]
    for round_ in (1, 2):
        for judge, sheet in panel.sheets(academy, "P1", round_, FORM, judges).items():
            panel.rate(academy, "P1", "x.csv", filled(sheet, steady(int(judge[1:]) % 5)), "secretary")

    with pytest.raises(RuleBroken, match=f"8 to 12 judges rate in both rounds, and {count} have done so"):
        panel.settle(academy, "P1", "head", "never mind")


def test_a_judge_of_one_round_does_not_count_and_is_named(academy: Academy) -> None:
    round_of(academy, 1)
    round_of(academy, 2, JUDGES[:8])
    seen = panel.look(academy, "P1")

    assert seen.once == ("J9",)
    assert panel.settle(academy, "P1", "head").judges == tuple(JUDGES[:8])


def test_somebody_who_sat_the_form_cannot_judge_it(academy: Academy) -> None:
    schedule(academy, form_of(academy), ["J3"])

    with pytest.raises(RuleBroken, match="J3 has seat TL-1-001 with form F1 and cannot judge it"):
        panel.sheets(academy, "P1", 1, FORM, JUDGES)


def test_who_was_given_a_sheet_has_seen_the_form_whether_it_comes_back_or_not(academy: Academy) -> None:
    paths = panel.write_sheets(academy, "P1", 1, FORM, ["J1", "J2"], "en", "secretary")

    assert [path.name for path in paths] == ["round-1-J1.csv", "round-1-J2.csv"]
    assert cuts.judges_of(academy, form_of(academy).digest) == {"J1", "J2"}
    assert [event.by for event in academy.store.events("panel.sheet", "P1")] == ["secretary"] * 2


def test_a_sheet_comes_again_until_the_next_step_has_begun(academy: Academy) -> None:
    (first,) = panel.sheets(academy, "P1", 1, FORM, ["J1"]).values()
    round_of(academy, 1)
    panel.rate(academy, "P1", "J1.csv", filled(first, lambda number, item: "90"), "secretary")
    seen = panel.look(academy, "P1")
    assert seen.first is not None and max(judge.cut for judge in seen.first.judges) == pytest.approx(0.9 * 13)

    (second,) = panel.sheets(academy, "P1", 2, None, ["J1"]).values()
    panel.rate(academy, "P1", "J1.csv", filled(second, steady(0)), "secretary")
    with pytest.raises(RuleBroken, match="the second round of panel P1 has begun; the ratings of the first stand"):
        panel.rate(academy, "P1", "J1.csv", filled(first, steady(0)), "secretary")
    round_of(academy, 2)
    panel.settle(academy, "P1", "head")
    with pytest.raises(RuleBroken, match="panel P1 has set its cut; its ratings stand"):
        panel.rate(academy, "P1", "J1.csv", filled(second, steady(0)), "secretary")
    with pytest.raises(RuleBroken, match="it has set the cut of form F1 already"):
        panel.settle(academy, "P1", "head")


def test_how_far_each_judge_moved_between_the_rounds_is_told(academy: Academy) -> None:
    round_of(academy, 1)
    (sheet,) = panel.sheets(academy, "P1", 2, None, ["J1"]).values()
    panel.rate(academy, "P1", "J1.csv", filled(sheet, lambda n, item: str(50 + 5 * (n % 4))), "secretary")

    assert panel.look(academy, "P1").moved == {"J1": pytest.approx(0.10)}


def test_a_cut_by_which_somebody_is_certified_is_not_set_anew(academy: Academy) -> None:
    both_rounds(academy)
    panel.settle(academy, "P1", "head")

    def second_panel(name: str) -> None:
        for round_ in (1, 2):
            for judge, sheet in panel.sheets(academy, name, round_, FORM, JUDGES).items():
                panel.rate(academy, name, f"{judge}.csv", filled(sheet, steady(8)), "secretary")

    second_panel("P2")
    assert panel.settle(academy, "P2", "head").points == pytest.approx(round(13 * 0.56 + 0.8, 1))
    schedule(academy, form_of(academy), ["A1"], purpose="certification")
    second_panel("P3")
    with pytest.raises(RuleBroken, match=r"sitting TL-1 certifies by the cut of panel P2, 8.1 points, which stands"):
        panel.settle(academy, "P3", "head")


# --- files as people send them ---


def one_sheet(academy: Academy, round_: int = 1) -> bytes:
    if round_ == 2:
        round_of(academy, 1)
    return panel.sheets(academy, "P1", round_, FORM, ["J1"])["J1"]


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (
            lambda n, item: "" if n == 3 else "50",
            "x.csv, line 6: J1 rates .* by a percentage from 0 to 100, got nothing",
        ),
        (lambda n, item: "101", "got '101'"),
        (lambda n, item: "-5", "got '-5'"),
        (lambda n, item: "about 50", "got 'about 50'"),
        (lambda n, item: "0.7", "write 70 for 70 %, not 0.7"),
        (lambda n, item: "1", "no rating of J1 is above 1 %; write 70 for 70 %, not 0.7"),
        (lambda n, item: "nan", "got 'nan'"),
    ],
)
def test_a_rating_that_is_no_percentage_is_refused_with_its_line(academy: Academy, write: Write, words: str) -> None:
    with pytest.raises(InputError, match=words):
        panel.rate(academy, "P1", "x.csv", filled(one_sheet(academy), write), "secretary")

    assert academy.store.events("panel.rated") == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data.replace(b"FC-2.1-i@1", b"FC-2.1-i@2"), "look at FC-2.1-i@1, FC-2.1-i@2"),
        (lambda data: data.replace(b"FC-2.1-i@1", b"FC-2.2-i@1"), "look at FC-2.1-i@1"),
        (lambda data: data.replace(b"form,round", b"form,turn"), "the first line lacks round"),
        (lambda data: data.replace(b"key,J1", b"key,J 1!"), "headed by the judge's name"),
        (lambda data: data.replace(b"F1,1,q02", b"F1,2,q02"), "the round is 1 or 2 and the same in all lines"),
        (lambda data: data.replace(b"F1,1,q02", b"F2,1,q02"), "a sheet of form F1 is wanted, got one of F1, F2"),
        (lambda data: data.replace(b"F1,1", b"F9,1"), "the exam office has no form 'F9'"),
        (lambda data: data.replace(b"F1,1", b"../F9,1"), "names no form"),
        (lambda data: b"", "names no form"),
        (lambda data: b"form,round,item,J1\nF1,1\n\x81", r"save it in Excel by \*Save as\*, file type \*CSV UTF-8"),
        (lambda data: data.decode("utf-8-sig").encode("utf-16-le"), r"file type \*CSV UTF-8"),  # without its mark
        (lambda data: b"\x00" * 40, r"file type \*CSV UTF-8"),
    ],
)
def test_a_file_that_is_no_sheet_of_this_form_is_refused_in_a_sentence(
    academy: Academy, change: Callable[[bytes], bytes], words: str
) -> None:
    data = filled(one_sheet(academy), lambda number, item: "50")

    with pytest.raises(AcademyError, match=words) as caught:
        panel.rate(academy, "P1", "x.csv", change(data), "secretary")
    assert "\n" not in str(caught.value) and academy.store.events("panel.rated") == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_percent_signs_full_width_digits_semicolons_and_the_encodings_of_excel_are_read(
    academy: Academy, encoding: str
) -> None:
    sheet = panel.sheets(academy, "P1", 1, FORM, ["J1"], "zh")["J1"]
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline="")))
    for number, row in enumerate(rows[2:]):
        row[-1] = ("70 %", "７０％", "70.0", "70")[number % 4]
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    panel.rate(academy, "P1", "J1.csv", out.getvalue().replace("±", "+").encode(encoding), "secretary")

    assert set(academy.store.events("panel.rated")[0].data["ratings"].values()) == {0.7}


def test_one_file_may_hold_a_column_for_every_judge(academy: Academy) -> None:
    sheet = one_sheet(academy).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet, newline="")))
    rows = [[*row, "J2"] if not number else [*row[:-1], "40", "60"] for number, row in enumerate(rows)]
    out = io.StringIO()
    csv.writer(out).writerows(rows)

    assert panel.rate(academy, "P1", "all.csv", out.getvalue().encode(), "secretary") == ["J1", "J2"]
    seen = panel.look(academy, "P1")
    assert seen.first is not None and [judge.cut for judge in seen.first.judges] == pytest.approx([5.2, 7.8])


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"lowest cut": "90"}, "x.csv, J1: the lowest cut lies below the highest"),
        ({"highest failing": ""}, "J1 rates highest failing by a percentage"),
        ({"lowest failing": "80"}, "the lowest share of failures too"),
    ],
)
def test_bounds_that_cannot_be_are_refused(academy: Academy, bounds: dict[str, str], words: str) -> None:
    data = filled(one_sheet(academy, 2), steady(0), WIDE | bounds)

    with pytest.raises(InputError, match=words):
        panel.rate(academy, "P1", "x.csv", data, "secretary")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda a: panel.sheets(a, "P 1", 1, FORM, JUDGES), "a panel is named by letters"),
        (lambda a: panel.sheets(a, "P1", 3, FORM, JUDGES), "the round is 1 or 2"),
        (lambda a: panel.sheets(a, "P1", 1, None, JUDGES), "a panel begins with a form; name it with --form"),
        (lambda a: panel.sheets(a, "P1", 1, "F9", JUDGES), "has no form 'F9'"),
        (lambda a: panel.sheets(a, "P1", 1, "*", JUDGES), r"has no form '\*'"),
        (lambda a: panel.sheets(a, "P1", 1, FORM, []), "a first round wants its judges"),
        (lambda a: panel.sheets(a, "P1", 1, FORM, ["Li Ming"]), "a judge is named by 1 to 40 letters"),
        (lambda a: panel.sheets(a, "P1", 2, FORM, JUDGES), "has 0 sheets of its first round"),
        (lambda a: panel.look(a, "P9"), "there is no panel 'P9' with ratings; the registry knows none"),
        (lambda a: panel.settle(a, "P9", "head"), "there is no panel 'P9'"),
    ],
)
def test_a_step_out_of_turn_is_refused_in_a_sentence(
    academy: Academy, step: Callable[[Academy], object], words: str
) -> None:
    with pytest.raises(AcademyError, match=words):
        step(academy)


def test_a_panel_judges_one_form_only_and_only_the_one_that_it_rated(academy: Academy) -> None:
    round_of(academy, 1)
    office_form(academy, form="F2")

    with pytest.raises(RuleBroken, match="this panel judges form F1, and F2 is another one"):
        panel.sheets(academy, "P1", 2, "F2", [])
    office_form(academy, choices=8)
    with pytest.raises(RuleBroken, match="form F1 is not the one that the panel has rated"):
        panel.look(academy, "P1")


def test_a_second_round_is_for_judges_of_the_first_only(academy: Academy) -> None:
    round_of(academy, 1, JUDGES[:4])

    with pytest.raises(RuleBroken, match="J8 did not rate in the first round of panel P1"):
        panel.sheets(academy, "P1", 2, None, ["J1", "J8"])
    stray = panel.sheets(academy, "P1", 2, None, ["J1"])["J1"].replace(b",J1\r\n", b",J8\r\n", 1)
    with pytest.raises(RuleBroken, match="J8 did not rate in the first round of panel P1; both rounds count"):
        panel.rate(academy, "P1", "x.csv", filled(stray, steady(0)), "secretary")
