"""Unfair items are named, each at its line, and so is what only all items side by side give away."""

from pathlib import Path

import pytest

from grader.bank import check, load, prove
from tests.grader.bank_texts import FRAMEWORK, ORDER, item_of, items_folder, line_of, put, text_of

folder = pytest.fixture(items_folder)

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
