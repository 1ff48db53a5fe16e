"""What every lesson brings, what is built beside its notebook, and what stands above all lessons."""

import json
import re

import pytest

from ccskills import __version__
from ccskills.quiz import Quiz
from grader import lessons
from grader.commands.zh import catalogue
from grader.errors import InputError, LessonError
from grader.lessons.glossary import misused
from tests.grader.sample_lesson import CLOSING, LESSON, NAME, WRITTEN, faults, line_of, write

BROKEN = [
    # what is replaced, by what, where the fault is then named, what it says
    (f'lesson.begin("{NAME}", language)', 'lesson.begin("supervisor/02-other", language)', "from ccskills import data",
     f'must hold `lesson.begin("{NAME}", language)`'),
    (f'lesson.begin("{NAME}", language)', "", "---\nkernelspec", "must hold `lesson.begin"),
    ("ours = data.centre()", "get_ipython().InteractiveTB", "from ccskills import data", "take the lines with Inter"),
    ("explore.staffing(language)", "1", "---\nkernelspec", "a widget to play with"),
    ("lesson.quiz()", "1", "---\nkernelspec", "one cell `lesson.quiz()`, this one has 0"),
    ("print(reporting.describe(chart))\n", "", "chart = reporting", "a chart comes with its sentence"),
    ("print(reporting.describe(chart))\n", "ours.intervals.plot()\n", "chart = reporting", "charts can be described"),
    ("<summary>Hint</summary>\n\nCount **them**.\n\n</details>\n\n+++ {\"lang\": \"zh\"}\n\n### 练习2",
     "Hint</details>\n\n+++ {\"lang\": \"zh\"}\n\n### 练习2", "agents2 = None", "exercise 2 has no hint in en"),
    ("grade_id: e2-answer", "grade_id: second", "agents2 = None", "must be e2-answer, got 'second'"),
    ("grade_id: e2, points", "grade_id: e4, points", "# Exercise 2: check",
     "check of exercise e2 is e2 or e2a, got 'e4'"),
    ('lesson.passed("e2")\n', "", "# Exercise 2: check", 'end what the learner sees with `lesson.passed("e2")`'),
    ("# Exercise 2: check  练习2：检查", "# Check", "# Check", "opens with its name for the feedback"),
    ("(FC-3.3). On", ". On", "  statements: [", "FC-3.3 is named in no goal and no heading (en)"),
    ("（FC-3.3）。3月", "。3月", "  statements: [", "FC-3.3 is named in no goal and no heading (zh)"),
    ("### Exercise 1 (2 points): people", "##### Exercise 1", "##### Exercise 1", "of level 5 follows one of level 2"),
    ("## Exercises", "# Exercises", "# Exercises", "one heading of level 1"),
    ("- Divide, never multiply.", "Divide.", "## On one page", "has none (en); add one"),
    ("- Divide, never multiply.", "- Divide. " + "word " * 450, "## On one page", "at most 450 words, and has 451"),
    (CLOSING, CLOSING.partition("+++")[0], "+++ {\"lang\": \"en\"}\n\n## Exercises", "holds no code"),
    ("On 3 March 1,250 calls came.", "![](c.png) 3 March 1,250", "# Workload", "a picture needs a text"),
    ("### 练习1（2分）：人数", "### 练习1（2分）：坐席", "### 练习1（2分）：坐席",
     "says '座席', and here stands '坐席'"),
    ("`x` is free.", "WRITE: the story", "WRITE: the story", "still to be written: 'the story'"),
    (WRITTEN, WRITTEN + WRITTEN.replace('"note"', '"more"'), '"grade_id": "more"', "this is one more"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "other", "place", "says"), BROKEN)
def test_what_is_missing_of_the_shape_is_named_with_its_line(part, other, place, says, tmp_path):
    assert LESSON.count(part) == 1
    text = LESSON.replace(part, other)

    found = faults(write(tmp_path, text))

    line = line_of(text, place)
    near = [f"{NAME}.md:{line + more}: " for more in (0, 2)]  # a cell begins after its +++ line and an empty one
    assert [problem for problem in found if problem.startswith(tuple(near)) and says in problem], found


def sidecar(path, language="en", *, released=False):
    if released:
        return json.loads(lessons.handout(path, language)[f"{path.stem}.lesson.json"])
    lessons.build(path.parents[1], path.parents[2])
    return json.loads((path.parents[2] / language / f"{NAME}.lesson.json").read_text("utf-8"))


def test_the_file_beside_a_notebook_says_where_names_come_from_and_holds_hints_solutions_and_a_quiz(tmp_path):
    made = sidecar(write(tmp_path / "source", LESSON), "zh")

    assert (made["lesson"], made["language"], made["title"]) == (NAME, "zh", "话务负荷")
    assert (made["minutes"], made["ccskills"]) == (60, __version__)
    assert made["names"] == dict.fromkeys(["language", "data", "explore", "lesson", "reporting", "ours", "chart"], "")
    assert made["answers"] == {"agents1": "e1", "agents2": "e2", "agents3": "e3"}
    assert [one["id"] for one in made["exercises"]] == ["e1", "e2", "e3"]
    first = made["exercises"][0]
    assert (first["title"], first["checks"], first["solution"]) == ("练习1：人数", ["e1"], "agents1 = 17 + 4")
    assert first["tests"] == {"e1": "assert agents1 == math.ceil(20.4)"}
    assert first["hints"] == [{"text": "数一数。", "html": "<p>数一数。</p>"}]
    assert {one["statement"] for one in made["quiz"]["questions"]} <= {"FC-3.3"}


def test_a_worked_solution_speaks_the_language_of_its_edition(tmp_path):
    code = "# whole people\n# 人是整数\nagents1 = 17 + 4  # round up  要向上取整\nleft = 0  # 50 %"
    path = write(tmp_path / "source", LESSON.replace("agents1 = 17 + 4", code))

    said = {language: sidecar(path, language)["exercises"][0]["solution"] for language in ("en", "zh")}

    assert said["en"] == "# whole people\nagents1 = 17 + 4  # round up\nleft = 0  # 50 %"
    assert said["zh"] == "# 人是整数\nagents1 = 17 + 4  # 要向上取整\nleft = 0  # 50 %"


def test_several_hints_stay_apart_in_their_order(tmp_path):
    more = "Count **them**.\n\n</details>\n\n<details><summary>More</summary>\n\nTwice.\n\n</details>"
    path = write(tmp_path / "source", LESSON.replace("Count **them**.\n\n</details>", more))

    hints = sidecar(path)["exercises"][1]["hints"]

    assert [one["html"] for one in hints] == ["<p>Count <strong>them</strong>.</p>", "<p>Twice.</p>"]


def test_what_goes_out_for_marks_holds_no_worked_solution(tmp_path):
    path = write(tmp_path / "source", LESSON)

    made = sidecar(path, released=True)

    assert "17 + 4" not in json.dumps(made)
    assert not any({"solution", "tests"} & set(one) for one in made["exercises"])
    assert [one["hints"] for one in made["exercises"]] == [one["hints"] for one in sidecar(path)["exercises"]]


def test_the_quiz_of_a_lesson_opens_as_it_is(tmp_path):
    path = write(tmp_path / "source", LESSON)
    lessons.build(path.parents[1], tmp_path)

    quiz = Quiz(tmp_path / "en" / f"{NAME}.lesson.json")

    assert quiz.document["title"] == {"en": "Workload: practice", "zh": "话务负荷：练习"}
    assert quiz.progress.name == "01-workload.progress.jsonl"


def test_the_summary_is_the_last_section_on_a_page_of_its_own(tmp_path):
    path = write(tmp_path / "source", LESSON)

    pages = {
        language: lessons.handout(path, language)[f"{path.stem}-summary.html"].decode() for language in ("en", "zh")
    }

    assert "<li>Divide, never multiply.</li>" in pages["en"]
    assert '<html lang="zh-CN">' in pages["zh"] and "<li>用除法，不用乘法。</li>" in pages["zh"]
    for page in pages.values():
        assert "Count" not in page and not re.search(r"https?:|<script|<link|src=", page)


@pytest.mark.parametrize(
    ("label", "kept"),
    [("话务负荷", True), ("Workload by interval", True), ("每个时段的话务负荷按哪一年来算", False)],
)
def test_a_first_column_of_short_labels_stays_on_one_line_of_the_summary(tmp_path, label, kept):
    rows = f"| A | B |\n|---|---|\n| {label} | 除以占用率 |\n"
    path = write(tmp_path / "source", LESSON.replace("- 用除法，不用乘法。", f"- 用除法，不用乘法。\n\n{rows}"))

    page = lessons.handout(path, "zh")[f"{path.stem}-summary.html"].decode()

    assert label in page and ('<table class="labelled">' in page) == kept


def test_the_home_notebook_lists_the_lessons_of_its_level(tmp_path):
    write(tmp_path / "source", LESSON)
    write(tmp_path / "source", LESSON.replace(NAME, "supervisor/02-other"), "supervisor/02-other")
    lessons.build(tmp_path / "source", tmp_path)

    cells = json.loads((tmp_path / "zh/supervisor/00-home.ipynb").read_text("utf-8"))["cells"]
    text = ["".join(cell["source"]) for cell in cells]

    assert "# 主管：学到哪里了" in text[0] and "2课，约2小时" in text[0]
    assert re.findall(r"^1\. \*\*\[话务负荷\]\((.+?)\)\*\*（60分钟）$", text[0], re.M) == [
        "01-workload.ipynb",
        "02-other.ipynb",
    ]
    assert text[1] == 'from ccskills import lesson\n\nlesson.home(3, "zh")'


def test_a_lesson_is_found_by_its_name_its_place_its_level_and_the_number_of_that(tmp_path):
    one = write(tmp_path, LESSON)
    two = write(tmp_path, LESSON, "supervisor/02-other")
    write(tmp_path, LESSON, "manager/01-cost")

    assert lessons.find(tmp_path, NAME) == lessons.find(tmp_path, "supervisor/01") == [one]
    assert lessons.find(tmp_path, "supervisor") == lessons.find(tmp_path, "3") == [one, two]
    with pytest.raises(LessonError, match=r"no lesson or level 'supervisor/07'; the lessons are: manager/01-cost, sup"):
        lessons.find(tmp_path, "supervisor/07")


# --- a new lesson -----------------------------------------------------------------------------------------------------


def test_a_new_lesson_has_every_part_and_says_line_by_line_what_is_to_be_written(tmp_path):
    path = lessons.new(tmp_path, "team-leader/02-a-fair-sample", "QA")

    found = faults(path)

    assert len(found) > 40
    assert all("still to be written: " in problem for problem in found)
    assert f"{path.stem}.md:" in found[0]
    told = [catalogue().said(problem).partition("还没有写：")[2] for problem in found[1:]]
    assert "“the task. A marker reads it”" in told  # what the author is asked stands in quotation marks, without colon
    assert all(one[0] == "“" and one[-1] == "”" and one[-2] not in ":：" for one in told), told
    text = path.read_text("utf-8")
    assert re.search(r"statements: \[QA-2.1, .*QA-2.\d\]", text)
    assert 'lesson.begin("team-leader/02-a-fair-sample", language)' in text


def test_a_new_lesson_whose_marks_are_all_replaced_by_words_is_sound(tmp_path):
    path = lessons.new(tmp_path, "manager/03-a-scorecard-that-moves", "PM")
    text = path.read_text("utf-8").replace('"WRITE: solution"', "7").replace('"WRITE: what decides"', "7")
    text = re.sub(r"WRITE:", "A text on", re.sub(r"待写：", "一段文字", text))
    path.write_text(text, "utf-8")

    assert faults(path) == []
    assert lessons.build(tmp_path, tmp_path / "built").problems == ()


@pytest.mark.parametrize(
    ("name", "domain", "says"),
    [
        ("team-leader/sample", "QA", "a lesson is named LEVEL/NN-SLUG"),
        ("boss/02-sample", "QA", "with a level among senior-agent, team-leader"),
        ("team-leader/02-sample", "ZZ", "level 2 has no domain 'ZZ'; it has "),
        (
            "team-leader/03-sample",
            "QA",
            "the lesson on QA of a level has the number 02, a further one 05 or more, got 03",
        ),
    ],
)
def test_a_new_lesson_that_fits_nowhere_is_refused_in_one_sentence(name, domain, says, tmp_path):
    with pytest.raises(InputError, match=re.escape(says)):
        lessons.new(tmp_path, name, domain)


def test_a_new_lesson_overwrites_nothing(tmp_path):
    path = write(tmp_path, LESSON, "team-leader/02-sample")

    with pytest.raises(LessonError, match="is there already"):
        lessons.new(tmp_path, "team-leader/02-sample", "QA")

    assert path.read_text("utf-8") == LESSON


def test_hints_look_at_what_is_no_fault(tmp_path):
    path = write(tmp_path, LESSON)

    said = " ".join(str(hint) for hint in lessons.hints(path))

    assert "FC-3.1, FC-3.2, FC-3.4, FC-3.5, FC-3.6 of the same domain and level" in said
    assert "no real data is used" in said
    assert "explains no usual mistake" in said


# --- words ------------------------------------------------------------------------------------------------------------


def test_words_that_the_glossary_replaces_are_found_with_their_term():
    assert list(misused("坐席的服务级别", "zh")) == [("坐席", "座席"), ("服务级别", "服务水平")]
    assert list(misused("the agents", "en")) == []
