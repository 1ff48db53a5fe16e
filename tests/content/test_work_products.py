"""The tasks of levels 4 and 5: what to hand in, limits, anonymity, rubrics with anchors, the same in both languages."""

from __future__ import annotations

import re

import pytest

from grader import exams
from grader.centre import PROJECT
from grader.certify.tasks import criteria_of, hand_tasks
from grader.exams import Practical
from grader.rules import load_framework, load_scheme

BANK = PROJECT / "question_bank"
FRAMEWORK = load_framework(BANK / "framework.yml")
SCHEME = load_scheme(BANK / "scheme.yml", FRAMEWORK)
TASKS = {"manager": 4, "general-manager": 5}


def task(name: str) -> Practical:
    return exams.read_practical(BANK / "practicals" / f"{name}.md", BANK)


@pytest.mark.parametrize("name", TASKS)
def test_a_work_product_is_of_a_level_whose_practical_takes_days(name: str) -> None:
    found = task(name)

    assert (found.id, found.level, found.minutes) == (name, TASKS[name], 0)
    assert SCHEME.level(found.level).practical_days and found.work is not None
    for code in found.source.header["practical"]["statements"]:
        assert FRAMEWORK.statement(code).code == code


@pytest.mark.parametrize("level", range(1, 6))
def test_each_level_has_one_practical_of_the_kind_that_the_scheme_gives(level: int) -> None:
    paths = sorted((BANK / "practicals").glob("*.md"))
    mine = [one for one in (exams.read_practical(path, BANK) for path in paths) if one.level == level]

    assert len(mine) == 1
    rules = SCHEME.level(level)
    assert (mine[0].work is None) is (rules.practical_days is None)
    if rules.practical_minutes:
        assert mine[0].minutes <= rules.practical_minutes


@pytest.mark.parametrize("name", TASKS)
def test_sixty_points_in_lines_of_four_each_with_its_anchors_in_both_languages(name: str) -> None:
    tasks = hand_tasks(task(name))

    total = 0.0
    for words in tasks.values():
        rubric = criteria_of(words)
        total += sum(line.points for line in rubric)
        for line in rubric:
            assert line.points == 4
            assert [anchor for anchor in "420" if f"{anchor}: " in line.text.en] == ["4", "2", "0"], line.text.en
            assert [anchor for anchor in "420" if f"{anchor}分：" in line.text.zh] == ["4", "2", "0"], line.text.zh
            assert re.match(r"\*\*.+\*\*", line.text.en) and re.match(r"\*\*.+\*\*", line.text.zh)
    assert total == 60


@pytest.mark.parametrize("name", TASKS)
def test_the_task_says_what_to_hand_in_how_long_and_what_is_made_anonymous(name: str) -> None:
    found = task(name)
    assert found.work is not None
    said = {
        language: "\n".join(cell.source for cell in found.source.cells if cell.language == language)
        for language in ("en", "zh")
    }

    for one in found.work.files:
        names = [f"{one.name}.{format_}" for format_ in one.formats]
        assert all(any(f"`{file}`" in text for file in names) for text in said.values()), one.name
    assert "**Anonymous.**" in said["en"] and "**匿名**" in said["zh"]
    for number in ("36", "60", *re.findall(r"at most (\d+) pages", said["en"])):
        assert number in said["en"] and number in said["zh"]
    assert re.findall(r"不超过(\d+)页", said["zh"]) == re.findall(r"at most (\d+) pages", said["en"])
    assert "**How each line is marked.**" in said["en"] and "**评分方法**" in said["zh"]


def test_level_five_ends_with_an_interview_of_its_own_rubric() -> None:
    found = task("general-manager")
    assert found.work is not None and found.work.interview is not None

    interview = found.work.interview
    assert (interview.part, interview.minutes, interview.panel) == ("interview", 40, 3)
    assert "40 minutes" in SCHEME.level(5).practical.en and "40分钟" in SCHEME.level(5).practical.zh
    assert [line.points for line in criteria_of(hand_tasks(found)["interview"])] == [4] * 5
    assert {one.part for one in found.work.files} == {"w1"}


@pytest.mark.parametrize("name", ["manager", "general-manager", "senior-agent", "supervisor"])
def test_chinese_is_set_as_chinese_and_both_languages_have_the_same_headings(name: str) -> None:
    cells = [cell for cell in task(name).source.cells if cell.kind == "markdown"]
    heads = {
        language: [
            line.partition(" ")[0]
            for cell in cells
            if cell.language == language
            for line in cell.source.split("\n")
            if line.startswith("#")
        ]
        for language in ("en", "zh")
    }
    chinese = "\n".join(cell.source for cell in cells if cell.language == "zh")
    plain = re.sub(r"`[^`]*`|\*\*|^\|.*?\|$", "", chinese, flags=re.M)

    assert heads["en"] == heads["zh"]
    assert not re.findall(r"[一-鿿][,;:?!]", plain)
    assert not re.findall(
        r"[一-鿿] [A-Za-z0-9]|[A-Za-z0-9] [一-鿿]", re.sub(r"^#+ |^\d+\. |^- ", "", plain, flags=re.M)
    )
    for word in SCHEME.blocked_words:
        assert word.casefold() not in "\n".join(cell.source for cell in cells).casefold()
