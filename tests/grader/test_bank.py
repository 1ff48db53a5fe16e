"""The bank: sound files become items, every broken file gets its line and one sentence, unfair items are named."""

from pathlib import Path

import pytest

from grader.bank import check, draw, load, prove
from grader.errors import ItemError
from grader.model import Bilingual
from grader.rules import load_framework

FRAMEWORK = load_framework(Path(__file__).parents[2] / "question_bank" / "framework.yml")

HEADER = """\
---
kernelspec: {name: python3, display_name: Python 3}
item:
  id: ID
  version: 1
  kind: KIND
  statement: FC-2.1
  cognitive: A
  minutes: 2
  use: exam
  status: review
  difficulty: 0.65
  variants: VARIANTS
  enemies: []
  sources: [O11, K6]
  history:
    - {date: 2026-11-21, by: lw, role: author, verdict: drafted}
---
"""
CHOICE = """\
+++ {"lang": "en"}

A queue gets 120 calls in 30 minutes, AHT 240 s. How large is the load?

- [ ] 8 erlangs
  120 × 240 s are spread over 3600 s instead of 1800 s.
- [x] 16 erlangs
  120 × 240 s ÷ 1800 s.
- [ ] 30 erlangs
  120 calls are divided by 4 minutes.

+++ {"lang": "zh"}

某队列30分钟进线120通，平均处理时长240秒，话务量是多少？

- [ ] 8爱尔兰
  把120通 × 240秒摊到了3600秒，而不是1800秒。
- [x] 16爱尔兰
  120通 × 240秒 ÷ 1800秒。
- [ ] 30爱尔兰
  用120通除以了4分钟。
"""
NUMBER = """\
+++ {"lang": "en"}

A queue gets {{calls}} calls in 30 minutes, AHT 240 s. How many erlangs are that?

+++ {"lang": "zh"}

某队列30分钟进线{{calls}}通，平均处理时长240秒，话务量是多少爱尔兰？

+++ {"lang": "en", "part": "reason"}

{{calls}} × 240 ÷ 1800.

+++ {"lang": "zh", "part": "reason"}

{{calls}} × 240 ÷ 1800。

```{code-cell} ipython3
:tags: [draw]

def draw(rng):
    calls = int(rng.integers(60, 240)) * 15
    return {"calls": f"{calls:,}", "key": calls * 240 / 1800, "tolerance": 0.05}
```
"""
MULTI = """\
+++ {"lang": "en"}

Which belong to handling time? Choose two.

- [x] talk
  Yes, the caller is on the line.
- [ ] lunch
  No, this is planned absence.
- [x] wrap-up
  Yes, the contact still takes the agent.
- [ ] training
  No, this is planned absence.
- [ ] waiting for a call
  No, this is idle time.

+++ {"lang": "zh"}

哪些属于处理时长？请选两项。

- [x] 通话
  是，客户在线上。
- [ ] 午餐
  不是，属于计划内缺勤。
- [x] 话后处理
  是，座席仍在处理这通来电。
- [ ] 培训
  不是，属于计划内缺勤。
- [ ] 等待来电
  不是，属于空闲时间。
"""
ORDER = """\
+++ {"lang": "en"}

Put the steps in order.

1. count the calls
2. multiply by AHT
3. divide by the interval
4. compare with the positions

+++ {"lang": "zh"}

请排出先后顺序。

1. 统计来电量
2. 乘以平均处理时长
3. 除以时段长度
4. 与在岗座席比较

+++ {"lang": "en", "part": "reason"}

Load first, then the comparison.

+++ {"lang": "zh", "part": "reason"}

先算话务量，再比较。
"""
MATCH = """\
+++ {"lang": "en"}

Match each measure with its unit.

| measure | unit |
|---|---|
| load | erlang |
| AHT | second |
| wait | second |
| | percent |

+++ {"lang": "zh"}

把指标与单位配对。

| 指标 | 单位 |
|---|---|
| 话务量 | 爱尔兰 |
| 平均处理时长 | 秒 |
| 等待时长 | 秒 |
| | 百分比 |

+++ {"lang": "en", "part": "reason"}

Times are in seconds.

+++ {"lang": "zh", "part": "reason"}

时长以秒计。
"""
TEXT = """\
+++ {"lang": "en"}

Explain to a new agent what an erlang is, in about 60 words.

+++ {"lang": "zh"}

向新座席说明什么是爱尔兰，100字左右。

+++ {"lang": "en", "part": "rubric"}

- (1) says that it is a load
- (3) says how it is computed

+++ {"lang": "zh", "part": "rubric"}

- (1) 说明它表示话务量
- (3) 说明计算方法

+++ {"lang": "en", "part": "sample", "points": 4}

One agent's full hour of work; calls times AHT over the interval.

+++ {"lang": "zh", "part": "sample", "points": 4}

一名座席满负荷工作一小时；来电量乘以平均处理时长，再除以时段长度。

+++ {"lang": "zh", "part": "sample", "points": 1}

就是话务量。
"""
BODIES = {"choice": CHOICE, "number": NUMBER, "multi": MULTI, "order": ORDER, "match": MATCH, "text": TEXT}


def text_of(kind: str, item_id: str | None = None) -> str:
    header = HEADER.replace("ID", item_id or f"FC-2.1-{kind}").replace("KIND", kind)
    return header.replace("VARIANTS", "[101, 102]" if kind == "number" else "[]") + BODIES[kind]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "items" / "fc" / "2").mkdir(parents=True)
    return tmp_path


def put(folder: Path, text: str, name: str) -> None:
    (folder / "items" / "fc" / "2" / f"{name}.md").write_text(text, encoding="utf-8")


def line_of(text: str, place: int | str) -> int:
    """A line given by its number, or by what first stands on it."""
    return place if isinstance(place, int) else text[: text.index(place)].count("\n") + 1


def item_of(folder: Path, kind: str, *changes: tuple[str, str]):
    text = text_of(kind)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    put(folder, text, f"FC-2.1-{kind}")
    bank = load(folder, FRAMEWORK)
    assert bank.problems == ()
    return bank.items[f"FC-2.1-{kind}"]


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


DRAW = "    calls = int(rng.integers(60, 240)) * 15\n"
UNFAIR = [
    # the two languages
    (
        "choice",
        "30分钟进线120通",
        "30分钟进线125通",
        "某队列",
        "stem: the languages differ in numbers (en alone has 120; zh alone has 125)",
    ),
    ("choice", "16爱尔兰", "18爱尔兰", "18爱尔兰", "option b: the languages differ in numbers"),
    ("number", "进线{{calls}}通", "进线{{call}}通", 25, "stem: {{call}}, {{calls}} stands in one language only"),
    ("choice", "120", "{{calls}}", 21, "names in double braces need a cell tagged draw"),
    ("order", "请排出先后顺序。", "Put the steps in order.", 30, "the zh text must be Chinese"),
    ("choice", "，平均处理时长", ",平均处理时长", "某队列", "half-width punctuation"),
    ("choice", "30分钟进线", "30 分钟进线", "某队列", "a space between Chinese and Latin or digits"),
    # draws
    (
        "number",
        DRAW,
        DRAW + "    calls = 90 // (rng.bit_generator.seed_seq.entropy - 33)\n",
        "calls = 90 //",
        "variant 33: draw failed with ZeroDivisionError",
    ),
    (
        "number",
        DRAW,
        "    calls = 90\n    import random; calls += random.random() > 2\n    assert calls < 3, calls\n",
        "assert calls < 3",
        "variant 101: draw failed with AssertionError: 90",
    ),
    (
        "number",
        '"key": calls * 240 / 1800',
        '"key": float("nan")',
        "def draw",
        "variant 101: draw must return `key` as a finite number, got nan",
    ),
    ("number", '"tolerance": 0.05', '"tolerance": -1', "def draw", "`tolerance` must be 0 or more, got -1"),
    (
        "number",
        '"tolerance": 0.05',
        '"tol": 0.05',
        "def draw",
        "draw must return `tolerance` as a finite number, got None",
    ),
    ("number", 'f"{calls:,}"', "calls / 7", "def draw", "return it as text, rounded as wanted"),
    ("number", 'f"{calls:,}"', "[calls]", "def draw", "must be a number, a text or {en: ..., zh: ...}"),
    ("number", "def draw(rng)", "def drawn(rng)", "def draw", "must define `def draw(rng):`"),
    ("number", "def draw(rng):", "def draw(rng)", "def draw", "SyntaxError"),
    (
        "number",
        DRAW,
        "    import numpy as np\n    calls = int(np.random.default_rng().integers(10**15))\n",
        "def draw",
        "draws other numbers the second time",
    ),
    ("number", DRAW, "    calls = 90\n", "def draw", "variants 101 and 102 are the same question"),
    # options
    ("choice", "8 erlangs", "16.0 erlangs", "- [x] 16 erlangs", "a and b say the same"),
    (
        "choice",
        "- [ ] 30 erlangs\n  120 calls",
        "- [ ] none of the above\n  120 calls",
        27,
        "'none of the above' is a catch-all",
    ),
    ("choice", "- [ ] 30爱尔兰", "- [ ] 以上都不对", "以上都不对", "is a catch-all"),
    ("multi", "- [ ] lunch", "- [ ] always lunch", 25, "option b: 'always' stands in wrong options only"),
    ("multi", "- [ ] 午餐", "- [ ] 一律午餐", 40, "option b: '一律' stands in wrong options only"),
    ("multi", "Choose two.", "Choose.", 21, 'the stem must say how many options are right: "Choose two"'),
    ("choice", "How large is the load?", "How large is $\\frac{a}{b}$?", 21, "the exam page shows no TeX"),
    ("order", ORDER[ORDER.index('+++ {"lang": "en", "part"') :], "", 21, "the worked answer is missing"),
]


@pytest.mark.parametrize(("kind", "old", "new", "line", "words"), UNFAIR)
def test_an_unfair_item_is_named_with_its_line(folder, kind, old, new, line, words):
    problems = prove(item_of(folder, kind, (old, new)))
    broken = text_of(kind).replace(old, new)

    found = [problem for problem in problems if words in problem.sentence]
    assert found, [str(problem) for problem in problems]
    assert found[0].where == f"items/fc/2/FC-2.1-{kind}.md:{line_of(broken, line)}"


def test_an_option_without_a_reason_is_named(folder):
    item = item_of(
        folder,
        "choice",
        ("- [ ] 30 erlangs\n  120 calls are divided by 4 minutes.", "- [ ] 30 erlangs"),
        ("- [ ] 30爱尔兰\n  用120通除以了4分钟。", "- [ ] 30爱尔兰"),
    )

    assert [(problem.where, problem.sentence[:28]) for problem in prove(item)] == [
        ("items/fc/2/FC-2.1-choice.md:27", "option c lacks its reason; n")
    ]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("12,000 calls at 0.80", "12000通，0.8"),
        ("1,200 calls until June 30", "截至6月30日有1200通"),
        ("May I call back in May? On 3 May I cannot.", "5月给您回电，好吗？5月3日不行。"),
        ("80% in 20 s", "20秒内80％"),
        ("8 million yuan of 1.2 billion, not 35,000", "12亿元中的800万元，不是3.5万"),
        ("1 of 2", "２中取１"),
        ("100, 200 and 300", "100，200和300"),
        ("write 80 words on 3 calls", "就3通来电写150字"),
    ],
)
def test_the_same_numbers_written_in_the_manner_of_each_language_agree(folder, english, chinese):
    item = item_of(folder, "order", ("Put the steps in order.", english), ("请排出先后顺序。", f"请排序：{chinese}。"))

    assert prove(item) == []


def many(folder: Path, count: int, change) -> list:
    for number in range(count):
        name = f"FC-2.1-many-{number}"
        text = text_of("choice", name).replace("A queue gets", f"Queue number {'i' * (number + 1)} gets")
        put(folder, change(text, number), name)
    bank = load(folder, FRAMEWORK)
    assert bank.problems == () and len(bank.items) == count
    # The copies are alike, which is said at each of them; here only what the choices show together matters.
    return [problem for problem in check(bank) if problem.where == "items"]


def in_place(text: str, number: int) -> str:
    """Exchange the right option, which stands second, with the first, itself or the third."""
    lines = text.split("\n")
    options = [index for index, line in enumerate(lines) if line.startswith("- [")]
    for right, other in ((options[1], options[number % 3]), (options[4], options[3 + number % 3])):
        lines[right], lines[other] = lines[other], lines[right]
    return "\n".join(lines)


def test_a_bank_that_varies_place_and_length_gives_nothing_away(folder):
    assert many(folder, 9, in_place) == []


def test_a_key_that_stands_too_often_in_one_place_is_named(folder):
    problems = many(folder, 9, lambda text, number: text)

    # 9 of 9 at one of 3 places by chance: 3 ** -9.
    assert [problem.sentence for problem in problems] == [
        "option b is the right one in 9 of 9 choice items, more than chance gives"
    ]


def test_a_right_option_that_is_too_often_the_longest_is_named_per_language(folder):
    problems = many(
        folder, 9, lambda text, number: in_place(text.replace("16 erlangs", "16 erlangs (the load)"), number)
    )

    assert len(problems) == 1
    assert problems[0].sentence.startswith("in en the right option is the longest in 9 of 9 choice items")
    assert "FC-2.1-many-0" in problems[0].sentence


def test_unknown_enemies_and_equal_stems_are_named(folder):
    put(folder, text_of("choice").replace("enemies: []", "enemies: [FC-2.1-nobody]"), "FC-2.1-choice")
    put(folder, text_of("choice", "FC-2.1-twin"), "FC-2.1-twin")

    problems = check(load(folder, FRAMEWORK))

    assert [str(problem) for problem in problems] == [
        "items/fc/2/FC-2.1-choice.md:21: `enemies` entry 1, 'FC-2.1-nobody', is no other item of the bank",
        "items/fc/2/FC-2.1-twin.md:21: the English stem is word for word that of FC-2.1-choice",
        "items/fc/2/FC-2.1-twin.md:32: the Chinese stem is word for word that of FC-2.1-choice",
    ]
