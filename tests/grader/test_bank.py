"""The bank: sound files become items, and every broken file gets its line and one sentence."""

import pytest

from grader.bank import draw, load, prove
from grader.errors import ItemError
from grader.model import Bilingual
from tests.grader.bank_texts import BODIES, CHOICE, FRAMEWORK, NUMBER, item_of, items_folder, line_of, put, text_of

folder = pytest.fixture(items_folder)


@pytest.mark.parametrize("kind", BODIES)
def test_a_sound_item_of_every_kind_loads_and_proves_itself(folder, kind):
    item = item_of(folder, kind)

    assert prove(item) == []
    assert (item.kind, item.domain, item.level, item.path) == (kind, "FC", 2, f"items/fc/2/FC-2.1-{kind}.md")


def test_a_choice_keeps_stem_options_reasons_and_key(folder):
    question = draw(item_of(folder, "choice"), None)

    assert question.stem.en == "A queue gets 120 calls in 30 minutes, AHT 240 s. How large is the load?"
    assert [option.text.zh for option in question.options] == ["8爱尔兰", "16爱尔兰", "30爱尔兰"]
    assert question.options[2].reason == Bilingual("120 calls are divided by 4 minutes.", "用120通除以了4分钟。")
    assert (question.key, question.points) == ("b", 1.0)


def test_multi_order_and_match_have_their_keys(folder):
    assert draw(item_of(folder, "multi"), None).key == ("a", "c")
    assert draw(item_of(folder, "order"), None).key == ("a", "b", "c", "d")
    match = draw(item_of(folder, "match"), None)
    assert match.key == {"a": "a", "b": "b", "c": "b"}  # two measures share a unit
    assert [target.text.en for target in match.targets] == ["erlang", "second", "percent"]


def test_a_text_has_its_rubric_and_sample_answers(folder):
    item = item_of(folder, "text")

    assert draw(item, None).points == 4
    assert [line.points for line in draw(item, None).rubric] == [1, 3]
    assert [points for points, _ in item.body["samples"]["zh"]] == [4, 1]


def test_a_seed_always_gives_the_same_question_and_another_seed_another(folder):
    item = item_of(folder, "number")

    one, again, other = draw(item, 101), draw(item, 101), draw(item, 102)

    assert one == again
    assert one.key != other.key
    calls = one.stem.en.split()[3]
    assert calls in one.stem.zh and calls in one.reasons.zh
    assert one.key == int(calls.replace(",", "")) / 7.5  # 1800 s / 240 s
    assert (one.tolerance, one.variant) == (0.05, 101)


def test_a_drawn_value_may_be_a_word_in_each_language(folder):
    change = ('"tolerance": 0.05}', '"tolerance": 0.05, "day": {"en": "Monday", "zh": "星期一"}}')
    stems = (("A queue gets", "On {{day}} a queue gets"), ("某队列30分钟", "{{day}}，某队列30分钟"))
    item = item_of(folder, "number", change, *stems)

    assert draw(item, 101).stem.en.startswith("On Monday a queue")
    assert draw(item, 101).stem.zh.startswith("星期一，某队列")
    assert prove(item) == []


def test_variant_and_draw_must_go_together(folder):
    with pytest.raises(ItemError, match=r"FC-2\.1-number\.md:\d+: .* a variant \(a seed\) must be named"):
        draw(item_of(folder, "number"))
    with pytest.raises(ItemError, match="has no variant 7"):
        draw(item_of(folder, "choice"), 7)


def test_a_case_stands_above_the_stem_and_counts_in_the_digest(folder):
    alone = item_of(folder, "choice")
    (folder / "cases").mkdir()
    case = '---\nkernelspec: {name: python3}\n---\n+++ {"lang": "en"}\n\nA bank.\n\n+++ {"lang": "zh"}\n\n某银行。\n'
    (folder / "cases" / "bank.md").write_text(case, encoding="utf-8")

    told = item_of(folder, "choice", ("  enemies: []", "  enemies: []\n  case: bank"))

    assert draw(told, None).stem.en.startswith("A bank.\n\nA queue gets")
    assert draw(told, None).stem.zh.startswith("某银行。\n\n某队列")
    (folder / "cases" / "bank.md").write_text(case.replace("A bank", "A small bank"), encoding="utf-8")
    changed = load(folder, FRAMEWORK).items["FC-2.1-choice"]
    assert len({alone.source_digest, told.source_digest, changed.source_digest}) == 3


BROKEN = [
    # header
    ("choice", "---\nkernelspec", "kernelspec", 1, "must begin with a header"),
    ("choice", "  minutes: 2", "  minutes: [2", 10, "not valid YAML"),
    ("choice", "  minutes: 2", "  version: 2", 9, "duplicate key"),
    ("choice", "  minutes: 2", "  minutes: soon", 9, "`minutes` must be a number above 0 and up to 30, got 'soon'"),
    ("choice", "  minutes: 2\n", "", 3, "must hold `minutes`"),
    ("choice", "  minutes: 2", "  minutes: 2\n  author: lw", 10, "`author` is no entry of an item"),
    ("choice", "kind: choice", "kind: essay", 6, "one of choice, multi, number, order, match, text, code, got 'essay'"),
    (
        "choice",
        "statement: FC-2.1",
        "statement: FC-2.9",
        7,
        "a code of framework.yml such as FC-2.1, and 'FC-2.9' is none",
    ),
    (
        "choice",
        "statement: FC-2.1",
        "statement: QA-2.1",
        4,
        "must begin with the statement's code and a hyphen, QA-2.1-",
    ),
    (
        "choice",
        "id: FC-2.1-choice",
        "id: FC-2.1-other",
        4,
        "must be items/fc/2/FC-2.1-other.md, it is items/fc/2/FC-2.1-choice.md",
    ),
    ("choice", "id: FC-2.1-choice", "id: Load", 4, "such as FC-2.1-workload, got 'Load'"),
    ("choice", "cognitive: A", "cognitive: B", 8, "one of R, A, E, got 'B'"),
    ("choice", "difficulty: 0.65", "difficulty: 65", 12, "a share above 0 and below 1, e.g. 0.65, got 65"),
    ("choice", "status: review", "status: approved", 11, "role: second reader and verdict: approve"),
    ("choice", "date: 2026-11-21", "date: yesterday", 17, "must be written as 2026-11-21, got 'yesterday'"),
    ("choice", "role: author, ", "", 17, "role is missing"),
    (
        "choice",
        "kernelspec: {name: python3, display_name: Python 3}",
        "kernelspec: {name: ir}",
        2,
        "kernelspec: {name: python3",
    ),
    ("choice", "  enemies: []", "  enemies: []\n  case: no-such", 15, "no usable case cases/no-such.md"),
    ("choice", "  enemies: []", "  enemies: []\n  unit: {en: a, zh: 人}", 15, "only an item of kind number has a unit"),
    ("choice", "variants: []", "variants: [101]", 13, "nothing is drawn here"),
    ("number", "variants: [101, 102]", "variants: []", 13, "reviewed draws only"),
    ("number", "variants: [101, 102]", "variants: [101, 101]", 13, "different whole numbers"),
    # text
    ("choice", CHOICE[CHOICE.index('+++ {"lang": "zh"}') :], "", 1, "the text in zh is missing"),
    ("choice", '+++ {"lang": "zh"}', "+++", "某队列", "must say its language"),
    ("choice", '+++ {"lang": "zh"}', '+++ {"lang": "en"}', "某队列", "the stem in en is here a second time"),
    ("choice", "- [ ] 8 erlangs", "- [x] 8 erlangs", 23, "exactly one right option `- [x]`, got 2"),
    ("choice", "- [x] 16 erlangs", "- [ ] 16 erlangs", 23, "exactly one right option `- [x]`, got 0"),
    ("choice", "- [ ] 30爱尔兰\n  用120通除以了4分钟。\n", "", "某队列", "has 2 entries in its list and the en text 3"),
    ("choice", "- [x] 16爱尔兰", "- [ ] 16爱尔兰", "- [ ] 16爱尔兰", "marked otherwise than in en"),
    (
        "choice",
        "- [ ] 8爱尔兰\n  把120通 × 240秒摊到了3600秒，而不是1800秒。",
        "- [ ] 8爱尔兰",
        "- [ ] 8爱尔兰",
        "in one language only",
    ),
    ("choice", "- [ ] 8 erlangs", "- 8 erlangs", 23, "the last list must hold options only"),
    (
        "choice",
        "  120 calls are divided by 4 minutes.\n",
        "  x\n\nThat is all.\n",
        30,
        "must end with a task list of options",
    ),
    (
        "choice",
        "- [ ] 30 erlangs\n  120 calls are divided by 4 minutes.\n",
        "",
        "某队列",
        "zh text has 3 entries in its list and the en text 2",
    ),
    ("number", "How many erlangs are that?", "How many?\n\n- [x] 16", 23, "takes no options"),
    ("number", NUMBER[NUMBER.index("```") :], "", 6, "takes its key from a cell tagged draw"),
    ("number", ":tags: [draw]\n", "", "def draw", "must carry the tag draw"),
    ("number", '+++ {"lang": "zh", "part": "reason"}', '+++ {"lang": "zh", "part": "why"}', 33, "got 'why'"),
    ("order", "1. count the calls", "1. count\n   the calls", 23, "must stand on one line"),
    ("match", "| AHT | second |", "| AHT | |", 26, "the right side of a pair must not be empty"),
    (
        "text",
        "- (3) says how it is computed",
        "- (2) says how it is computed",
        34,
        "gives [1.0, 3.0] points in zh and [1.0, 2.0] in en",
    ),
    (
        "text",
        "- (3) says how it is computed",
        "- says how it is computed",
        30,
        "must be `- (2) what earns the two points`",
    ),
    (
        "text",
        '"lang": "en", "part": "sample", "points": 4',
        '"lang": "en", "part": "sample"',
        39,
        'say its "points", 0 to 4, got None',
    ),
    (
        "text",
        '"lang": "en", "part": "sample", "points": 4',
        '"lang": "en", "part": "sample", "points": 2',
        1,
        "earns all 4 points is missing",
    ),
]


@pytest.mark.parametrize(("kind", "old", "new", "line", "words"), BROKEN)
def test_a_broken_file_is_named_with_its_line_and_stops_no_other(folder, kind, old, new, line, words):
    assert old in text_of(kind)
    broken = text_of(kind).replace(old, new)
    put(folder, broken, f"FC-2.1-{kind}")
    put(folder, text_of("order", "FC-2.1-good"), "FC-2.1-good")

    bank = load(folder, FRAMEWORK)

    found = [problem for problem in bank.problems if words in problem.sentence]
    assert found, [str(problem) for problem in bank.problems]
    assert found[0].where == f"items/fc/2/FC-2.1-{kind}.md:{line_of(broken, line)}"
    assert all("\n" not in problem.sentence for problem in bank.problems)
    assert list(bank.items) == ["FC-2.1-good"]


def test_an_id_that_is_used_twice_is_named_at_the_copy(folder):
    put(folder, text_of("choice"), "FC-2.1-choice")
    put(folder, text_of("choice"), "FC-2.1-copy")

    bank = load(folder, FRAMEWORK)

    assert [problem.where for problem in bank.problems] == ["items/fc/2/FC-2.1-copy.md:4"]
    assert "no two files share an id" in bank.problems[0].sentence
    assert list(bank.items) == ["FC-2.1-choice"]


def test_a_folder_without_items_is_refused(tmp_path):
    with pytest.raises(ItemError, match="a folder with items/ in it"):
        load(tmp_path, FRAMEWORK)


def test_the_points_of_an_exam_text_are_four(folder):
    text = text_of("text").replace("(3)", "(2)").replace('"points": 4', '"points": 3')
    put(folder, text, "FC-2.1-text")

    assert [str(problem) for problem in load(folder, FRAMEWORK).problems] == [
        "items/fc/2/FC-2.1-text.md:6: the rubric of an exam text must sum to 4 points, got 3"
    ]
