"""What items are held against beyond their form: readers, people in two languages, twins, hard words, draws."""

import base64
import re

import pytest

from grader.authoring import Shelf
from grader.authoring.charts import draw_charts
from grader.bank import check, draw, hints, load, prove
from grader.bank.history import approvals, missing
from grader.bank.likeness import alike
from grader.bank.names import surnames
from grader.bank.wording import grade
from grader.errors import InputError
from grader.notebooks import render_html
from tests.grader.bank_texts import FRAMEWORK, item_of, items_folder, put, text_of

AUTHOR = {"date": "2026-11-01", "by": "lw", "role": "author", "verdict": "drafted"}


folder = pytest.fixture(items_folder)


def reader(by, language, verdict="approve"):
    return {"date": "2026-11-02", "by": by, "role": "second reader", "language": language, "verdict": verdict}


# --- readers ----------------------------------------------------------------------------------------------------------


def test_an_item_needs_a_reader_in_each_language_and_two_people():
    assert missing([AUTHOR]) == "a reader's approval of the en and the zh text"
    assert missing([AUTHOR, reader("a", "en")]) == "a reader's approval of the zh text"
    assert "another person" in missing([AUTHOR, reader("a", "en"), reader("a", "zh")])
    assert missing([AUTHOR, reader("a", "en"), reader("b", "zh")]) is None


def test_a_revision_voids_approvals_and_a_rewording_keeps_them():
    read = [AUTHOR, reader("a", "en"), reader("b", "zh")]

    assert approvals([*read, {**AUTHOR, "verdict": "revised"}]) == []
    assert approvals([*read, {**AUTHOR, "verdict": "reworded"}]) == read[1:]


HISTORY = "    - {date: 2026-11-21, by: lw, role: author, verdict: drafted}"
LINES = [
    (
        "{date: 2026-11-22, by: lw, role: second reader, language: en, verdict: approve}",
        "wrote at this item and may not",
    ),
    ("{date: 2026-11-22, by: ann, role: second reader, language: fr, verdict: approve}", "must be en or zh, got 'fr'"),
    (
        "{date: 2026-11-22, by: ann, role: second reader, key: maybe, verdict: approve}",
        "one of agreed, differed, unclear",
    ),
]


@pytest.mark.parametrize(("line", "words"), LINES)
def test_a_wrong_line_of_a_history_is_named_with_its_line(folder, line, words):
    text = text_of("choice").replace(HISTORY, f"{HISTORY}\n    - {line}")
    put(folder, text, "FC-2.1-choice")

    [problem] = load(folder, FRAMEWORK).problems

    assert problem.where == "items/fc/2/FC-2.1-choice.md:18"
    assert words in problem.sentence


# --- the same people --------------------------------------------------------------------------------------------------


def test_surnames_are_found_in_both_languages():
    assert surnames("Team leader Chen and Tang Lin; Ms Qian's call", "en") == {"Chen", "Tang", "Qian"}
    assert surnames("陈班长和李主管，钱女士", "zh") == {"Chen", "Li", "Qian"}


PEOPLE = [
    ("A queue gets", "Team leader Chen's queue gets", "zh", "the en text names Chen, the zh text has no 陈"),
    ("某队列30分钟", "陈班长的队列30分钟", "en", "the zh text names Chen, the en text does not"),
    ("某队列30分钟", "B组30分钟", "en", "the label B stands in one language only"),
]


@pytest.mark.parametrize(("old", "new", "language", "words"), PEOPLE)
def test_a_person_or_label_of_one_language_only_is_named(folder, old, new, language, words):
    item = item_of(folder, "choice", (old, new))

    [problem] = prove(item)

    assert words in problem.sentence
    assert problem.where.endswith(f":{item.body['lines'][language]}")


def test_the_same_person_in_both_languages_is_no_problem(folder):
    item = item_of(
        folder, "choice", ("A queue gets", "Team leader Chen's queue B gets"), ("某队列30分钟", "陈班长的队列B，30分钟")
    )

    assert prove(item) == []


def test_a_placeholder_of_the_template_is_named(folder):
    item = item_of(folder, "choice", ("8 erlangs", "[[entry 1]] 8 erlangs"))

    assert "'[[entry 1]]' of the template is left" in prove(item)[0].sentence


# --- twins ------------------------------------------------------------------------------------------------------------


def test_texts_that_share_most_of_their_runs_are_found_and_others_are_not():
    base = "the queue of the red team was offered ninety calls in half an hour and lost nine of them"
    texts = {
        "one": base,
        "two": base.replace("red team", "blue team").replace("nine of", "seven of"),
        "far": "an agent asks for leave on sunday although the minimum cover of the team would then be broken by one",
    }

    found = alike(texts, 0.4)

    # Of 17 runs of three words in 19 words, a changed word takes three: "red" and "nine" leave 17 - 3 - 3 = 11.
    assert [(one, two) for one, two, _ in found] == [("one", "two")]
    assert found[0][2] == pytest.approx(11 / 17)


def test_near_twins_must_be_enemies_and_equals_are_refused(folder):
    long = "A queue gets 120 calls in 30 minutes, AHT 240 s, on a Monday in May while two agents are away at a course."
    put(
        folder,
        text_of("choice", "FC-2.1-one").replace("A queue gets 120 calls in 30 minutes, AHT 240 s.", long),
        "FC-2.1-one",
    )
    other = (
        long.replace("Monday in May", "Friday in June").replace("at a course", "with a cold").replace("two", "three")
    )
    twin = text_of("choice", "FC-2.1-two").replace("A queue gets 120 calls in 30 minutes, AHT 240 s.", other)
    twin = twin.replace("某队列30分钟进线", "另一条热线半小时（30分钟）共打进来")
    put(folder, twin, "FC-2.1-two")

    said = [problem.sentence for problem in check(load(folder, FRAMEWORK))]
    put(folder, twin.replace("enemies: []", "enemies: [FC-2.1-one]"), "FC-2.1-two")
    after = [problem.sentence for problem in check(load(folder, FRAMEWORK))]

    assert any(
        "of its words are those of FC-2.1-one; reword it, or put FC-2.1-one under `enemies`" in one for one in said
    )
    assert after == []


# --- wording ----------------------------------------------------------------------------------------------------------


def test_school_years_are_those_of_flesch_and_kincaid():
    # The formula of 1975 by hand: 6 words, 2 sentences, 6 syllables: 0.39 * 3 + 11.8 * 1 - 15.59 = -2.62.
    assert grade("The calls wait. Ten agents talk.") == pytest.approx(0.39 * 3 + 11.8 * 7 / 6 - 15.59)


def test_a_hard_sentence_is_hinted_at_in_either_language(folder):
    words = " ".join(["calls"] * 50)
    item = item_of(
        folder, "order", ("Put the steps in order.", f"Sort {words}."), ("请排出先后顺序。", "请" + "排序" * 50 + "。")
    )

    said = [hint.sentence for hint in hints(item)]

    assert said[0].startswith("a sentence of 51 words is hard to read")
    assert said[1].startswith("a sentence of 101 characters is hard to read")


def test_a_measure_without_a_definition_is_hinted_at(folder):
    stem = ("How many erlangs are that?", "What is the occupancy?"), ("话务量是多少爱尔兰？", "占用率是多少？")
    bare = item_of(folder, "number", *stem)
    said = "Occupancy = load ÷ agents. What is the occupancy?", "占用率 = 话务量 ÷ 座席数。占用率是多少？"
    told = item_of(folder, "number", (stem[0][0], said[0]), (stem[1][0], said[1]))

    assert any("occupancy has several formulas in use" in hint.sentence for hint in hints(bare))
    assert not any("occupancy" in hint.sentence for hint in hints(told))


# --- charts of cases -----------------------------------------------------------------------------------------------

CASE = """\
---
kernelspec: {name: python3, display_name: Python 3}
---
+++ {"lang": "en"}

The calls of Monday.

![calls by half hour](chart)

+++ {"lang": "zh"}

周一的来电。

![各时段来电量](chart)

```{code-cell} ipython3
:tags: [chart]

import pandas as pd

from ccskills import reporting


def chart(language):
    reporting.use_language(language)
    starts = pd.date_range("2026-11-02 09:00", periods=4, freq="30min", name="start")
    return reporting.trend_chart(pd.Series([31.0, 44.0, 52.0, 40.0], index=starts, name="calls"))
```
"""


@pytest.fixture
def charted(folder):
    (folder / "cases").mkdir()
    (folder / "cases" / "monday.md").write_text(CASE, "utf-8")
    put(folder, text_of("choice").replace("enemies: []", "enemies: []\n  case: monday"), "FC-2.1-choice")
    return folder


def test_a_chart_is_drawn_once_in_each_language_and_stands_in_the_question(charted):
    assert draw_charts(Shelf(charted)) == ["cases/monday.en.png", "cases/monday.zh.png"]
    assert draw_charts(Shelf(charted)) == []

    bank = load(charted, FRAMEWORK)

    assert bank.problems == ()
    item = bank.items["FC-2.1-choice"]
    assert prove(item) == []
    stem = draw(item).stem
    assert '<img src="data:image/png;base64,' in render_html(stem.en) and stem.en != stem.zh
    assert base64.b64decode(re.search("base64,([^)]*)", stem.zh)[1]).startswith(b"\x89PNG")


def test_a_picture_that_is_missing_or_older_than_its_code_is_named(charted):
    [missing_picture, no_case] = load(charted, FRAMEWORK).problems
    draw_charts(Shelf(charted))
    (charted / "cases" / "monday.md").write_text(CASE.replace("52.0", "53.0"), "utf-8")
    [old_picture, _] = load(charted, FRAMEWORK).problems

    assert missing_picture.where == old_picture.where == "cases/monday.md:19"
    assert "monday.en.png is missing or older than its code; draw it with `academy bank charts`" in old_picture.sentence
    assert "no usable case" in no_case.sentence


def test_a_chart_that_fails_is_named_with_its_case(charted):
    (charted / "cases" / "monday.md").write_text(CASE.replace("52.0", "1 / 0"), "utf-8")

    with pytest.raises(InputError, match=r"cases/monday\.md:19: the chart in en failed with ZeroDivisionError"):
        draw_charts(Shelf(charted))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("![各时段来电量](chart)", "没有图。", "in the text of both languages"), (":tags: [chart]\n", "", "tagged chart")],
)
def test_a_chart_that_one_language_or_the_code_lacks_is_named(charted, old, new, words):
    (charted / "cases" / "monday.md").write_text(CASE.replace(old, new), "utf-8")

    assert words in load(charted, FRAMEWORK).problems[0].sentence


# --- state between draws ----------------------------------------------------------------------------------------------


def test_code_that_keeps_something_between_draws_is_found(folder):
    keeps = (
        "def draw(rng):\n",
        "seen = []\n\ndef draw(rng):\n    seen.append(1)\n",
    )
    counts = ('"tolerance": 0.05}', '"tolerance": 0.05 * len(seen)}')

    problems = prove(item_of(folder, "number", keeps, counts))

    assert ["draws other numbers the second time" in problem.sentence for problem in problems] == [True]


def test_one_bad_seed_in_fifty_is_found(folder):
    old = "    calls = int(rng.integers(60, 240)) * 15\n"
    item = item_of(folder, "number", (old, old + "    assert rng.bit_generator.seed_seq.entropy != 50\n"))

    assert "variant 50: draw failed with AssertionError" in prove(item)[0].sentence


def test_code_that_never_ends_or_ends_the_program_is_named_and_stops_no_other(folder, monkeypatch):
    monkeypatch.setattr("grader.bank.draws.MOST_SECONDS", 0.2)
    old = "    calls = int(rng.integers(60, 240)) * 15\n"

    endless = prove(item_of(folder, "number", (old, old + "    while calls:\n        pass\n")))
    leaving = prove(item_of(folder, "number", (old, old + "    raise SystemExit(3)\n")))

    assert ["took longer than 0.2 s; make its loops end" in problem.sentence for problem in endless] == [True]
    assert ["draw failed with SystemExit: 3" in problem.sentence for problem in leaving] == [True]


# --- length -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ("- [x] 16 erlangs\n", "- [x] 16 erlangs worked\n", []),  # 17 characters to 10
        ("- [ ] 30 erlangs\n", "- [ ] 30 erlangs, all in one\n", []),  # a wrong one may be the longest
        ("- [x] 16爱尔兰\n", "- [x] 16爱尔兰，即平均有十六通在处理\n", [11]),  # 16 to 5
        ("- [x] 16 erlangs\n", "- [x] 16 erlangs, which is the mean of calls in progress\n", [40]),  # 50 to 10
    ],
)
def test_a_key_that_stands_out_by_its_length_is_named_with_its_line(folder, old, new, more):
    problems = prove(item_of(folder, "choice", (old, new)))

    assert [int(re.search(r"by (\d+) characters", one.sentence)[1]) for one in problems] == more
    assert all(one.where.startswith("items/fc/2/FC-2.1-choice.md:") for one in problems)
