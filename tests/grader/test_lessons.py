"""Lessons are built into two languages, the same bytes every time; a broken one says where and stops only itself."""

import json
import re

import pytest

from grader import lessons
from grader.errors import LessonError
from tests.grader.sample_lesson import EXERCISE, HOMES, LESSON, MADE, NAME, WRITTEN, faults, line_of, write

OTHER = LESSON.replace(NAME, "supervisor/02-other")


def test_a_sound_lesson_has_no_fault(tmp_path):
    assert faults(write(tmp_path, LESSON)) == []


BROKEN = [
    # what is replaced, by what, where the fault is then named, what it says
    ("kernelspec: {name: python3, display_name: Python 3}\n", "", "---\nlesson", "JupyterLab asks for a kernel"),
    ("title: {en: Workload, zh: 话务负荷}", "title: {en: Workload, zh: Workload}", "title:", "must be Chinese"),
    ("level: 3", "level: 2", "level: 2", "stands in the folder team-leader/"),
    ("level: 3", "level: three", "level: three", "whole number from 1 to 5, got 'three'"),
    ("minutes: 60", "minutes: 600", "minutes: 600", "from 15 to 120, got 600"),
    ("[FC-3.3]", "[FC-3.9]", "[FC-3.9]", "'FC-3.9' is none"),
    ("[FC-3.3]", "[FC-2.1]", "[FC-2.1]", "FC-2.1 is of level 2"),
    ("[FC-3.3]", "[FC-3.3, FC-3.3]", "[FC-3.3, FC", "stands twice"),
    ("needs: []", "needs: [team-leader/01-nowhere]", "needs:", "no other lesson 'team-leader/01-nowhere'"),
    ("needs: []", "wants: []", "wants:", "`wants` is no entry"),
    ("3月3日进线1250通", "3月3日进线1520通", "# 话务负荷", "1250 is in the English cell"),
    ("3月3日", "4月3日", "# 话务负荷", "4 is in the Chinese cell"),
    ("# 话务负荷\n", "## 话务负荷\n", "## 话务负荷", "headings of the levels [1], its Chinese cell [2]"),
    ("# Workload", "# Workload 负荷", "# Workload 负荷", "an English cell holds '负'"),
    ("3月3日进线1250通，", "3月3日进线1250通,", "3月3日", "full-width punctuation"),
    ("进线1250通", "进线 1250通", "3月3日", "no space stands between"),
    ("进线1250通，", "**进线1250通，**多了，", "# 话务负荷", "let the punctuation follow"),
    ("进线1250通，", "**（A）**进线1250通，共**2**条，", "3月3日", "let the punctuation follow"),
    ('+++ {"lang": "zh"}\n\n# 话务负荷\n\n按来电量算座席数（FC-3.3）。3月3日进线1250通，`x`可以不写。\n', "",
     "# Workload", "1 en and 0 zh"),
    ('+++ {"lang": "en"}\n\n# Workload', "+++\n\n# Workload", "# Workload", "must say its language"),
    (':lang: zh\n\nlanguage = "zh"', '\nlanguage = "zh"', 'language = "en"', "1 en and 0 zh"),
    ("grade_id: e2, points", "grade_id: e1, points", "# Exercise 2: check", "must be unique, and 'e1'"),
    ("grade_id: e1-answer", "grade_id: e 1-answer", "agents1 = None", "letters, digits, - and _"),
    ("grade_id: e2, points: 2", "grade_id: e2, points: 0", "# Exercise 2: check", "points above 0, got 0"),
    ("grade_id: e2-answer", "grade_id: e2-answer, points: 1", "agents2 = None", "only a graded cell has points"),
    ("task: false, grade_id: e2,", "task: true, grade_id: e2,", "# Exercise 2: check", "flags must make it"),
    ("agents1 = 17 + 4\n### END SOLUTION", "agents1 = 17 + 4", "### BEGIN SOLUTION\nagents1", "must have its"),
    ("### BEGIN HIDDEN TESTS\nassert agents3 == math.ceil(20.4)\n### END HIDDEN TESTS\n", "",
     "# Exercise 3: check", "between ### BEGIN HIDDEN TESTS"),
    ('assert agents3 is not None, {"en": "no answer", "zh": "没有作答"}[language]\n', "", "# Exercise 3: check",
     "a check that the learner sees"),
    ("assert agents3 == math.ceil(20.4)", "math.ceil(20.4)", "# Exercise 3: check", "tests must decide"),
    ("import math\n\nfrom ccskills import lesson\n\nassert agents3",
     "from ccskills import lesson\n\nassert agents3", "assert agents3 == math", "uses 'math', which the judge"),
    ("agents3 = 17 + 4", "agents3 = 17 +", "agents3 = 17 +", "must be plain Python"),
    ("agents3 = 17 + 4", "%time 1", "%time 1", "without magics"),
    ("grade: false, solution: true, locked: false, task: false, grade_id: e1-answer",
     "grade: false, solution: false, locked: true, task: false, grade_id: e1-answer", "# Exercise 1: check",
     "must come after the cell with its answer"),
    ('+++ {"lang": "en", "editable": false, "deletable": false}', '+++ {"lang": "en"}', "Write a note.", "read-only"),
    ("| 2 | the finding |", "| 3 | the finding |", "Write a note.", "add up to the 3 of the cell, got 4"),
    ("A secret model answer.", "## Task\n\nA secret model answer.", "## Task", "deletes the whole text"),
    (WRITTEN, "", "---\nkernelspec", "must have one written task"),
    (EXERCISE.replace("@", "2") + EXERCISE.replace("@", "3"), "", "---\nkernelspec", "3 to 6 exercises, this one has"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "other", "place", "says"), BROKEN)
def test_a_fault_is_named_with_its_line(part, other, place, says, tmp_path):
    assert LESSON.count(part) == 1
    text = LESSON.replace(part, other)

    found = faults(write(tmp_path, text))

    line = line_of(text, place)
    assert [problem for problem in found if problem.startswith(f"{NAME}.md:{line}: ") and says in problem], found


def test_text_that_is_no_lesson_at_all_is_one_sentence(tmp_path):
    (tmp_path / "supervisor").mkdir()
    (tmp_path / f"{NAME}.md").write_bytes(b"---\nlesson: {}\n---\n\xff\n")

    assert faults(tmp_path / f"{NAME}.md") == [
        f"{NAME}.md:4: the file must be UTF-8 text, this line is not; save it as UTF-8"
    ]


def test_a_file_name_without_its_place_is_refused(tmp_path):
    assert "named as 01-shift-basics.md" in faults(write(tmp_path, LESSON, "supervisor/workload"))[0]


def test_the_source_notebook_is_one_language_with_its_solutions(tmp_path):
    path = write(tmp_path, LESSON)

    english, chinese = (json.dumps(lessons.source(path, language), ensure_ascii=False) for language in ("en", "zh"))

    assert "On 3 March" in english
    assert "3月3日" not in english
    assert 'language = \\"zh\\"' in chinese
    assert 'language = \\"en\\"' not in chinese
    assert all("agents1 = 17 + 4" in text and "A secret model answer" in text for text in (english, chinese))


def test_a_folded_check_shows_its_name_in_the_language_of_the_edition_only(tmp_path):
    path = write(tmp_path / "source", LESSON)

    first = {
        language: [
            "".join(cell["source"]).partition("\n")[0]
            for cell in json.loads(lessons.built(path, language))["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade") and cell["cell_type"] == "code"
        ]
        for language in ("en", "zh")
    }

    assert first["en"] == [f"# Exercise {number}: check" for number in range(1, len(first["en"]) + 1)]
    assert first["zh"] == [f"# 练习{number}：检查" for number in range(1, len(first["zh"]) + 1)]
    assert len(first["en"]) == len(first["zh"]) >= 3


def test_a_built_notebook_keeps_the_marks_of_nbgrader_and_nothing_of_the_answers(tmp_path):
    path = write(tmp_path, LESSON)

    made = json.loads(lessons.built(path, "zh"))
    marks = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in made["cells"] if "nbgrader" in cell["metadata"]}

    assert not re.search("SOLUTION|HIDDEN|17 \\+ 4|ceil|secret|保密", json.dumps(made, ensure_ascii=False))
    assert sorted(marks) == ["e1", "e1-answer", "e2", "e2-answer", "e3", "e3-answer", "note"]
    assert "raise NotImplementedError()" in "".join(marks["e1-answer"]["source"])
    assert marks["e1"]["metadata"]["nbgrader"]["points"] == 2
    assert len(marks["e1"]["metadata"]["nbgrader"]["checksum"]) == 32
    assert marks["e1"]["metadata"]["editable"] is False
    assert "YOUR ANSWER HERE" in "".join(marks["note"]["source"])
    assert made["metadata"]["lesson"]["title"]["zh"] == "话务负荷"
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])


def test_building_twice_gives_the_same_bytes_and_writes_once(tmp_path):
    write(tmp_path / "source", LESSON)

    first = lessons.build(tmp_path / "source", tmp_path)
    content = {name: (tmp_path / name).read_bytes() for name in first.written}
    again = lessons.build(tmp_path / "source", tmp_path)

    assert sorted(first.written) == sorted(MADE + HOMES)
    assert first.problems == ()
    assert again == lessons.BuildResult((), ())
    assert {name: (tmp_path / name).read_bytes() for name in first.written} == content
    assert content[f"en/{NAME}.ipynb"] == lessons.built(tmp_path / f"source/{NAME}.md", "en")


def test_a_broken_lesson_stops_only_itself_and_keeps_its_old_notebooks(tmp_path):
    path = write(tmp_path / "source", LESSON)
    write(tmp_path / "source", OTHER, "supervisor/02-other")
    lessons.build(tmp_path / "source", tmp_path)
    old = (tmp_path / f"en/{NAME}.ipynb").read_bytes()
    path.write_text(LESSON.replace("minutes: 60", "minutes: many"), "utf-8")
    write(tmp_path / "source", OTHER.replace("1,250", "1,300").replace("1250", "1300"), "supervisor/02-other")

    result = lessons.build(tmp_path / "source", tmp_path)

    assert [problem.where for problem in result.problems] == [f"{NAME}.md:6"]
    assert [name for name in result.written if name not in HOMES] == [
        "en/supervisor/02-other.ipynb",
        "zh/supervisor/02-other.ipynb",
    ]
    assert (tmp_path / f"en/{NAME}.ipynb").read_bytes() == old
    assert lessons.stale(tmp_path / "source", tmp_path) == [f"en/{NAME}.ipynb", f"zh/{NAME}.ipynb"]


def test_notebooks_of_a_lesson_that_is_gone_are_stale_and_then_removed(tmp_path):
    write(tmp_path / "source", LESSON)
    gone = write(tmp_path / "source", OTHER, "supervisor/02-other")
    lessons.build(tmp_path / "source", tmp_path)
    (tmp_path / "en/supervisor/my notes.ipynb").write_text("{}")
    gone.unlink()

    before = lessons.stale(tmp_path / "source", tmp_path)
    result = lessons.build(tmp_path / "source", tmp_path)

    gone_files = sorted(name.replace("01-workload", "02-other") for name in MADE)
    assert before == sorted([*HOMES, *gone_files])
    assert sorted(result.removed) == gone_files
    assert lessons.stale(tmp_path / "source", tmp_path) == []
    assert (tmp_path / "en/supervisor/my notes.ipynb").exists()


def test_a_missing_and_a_changed_notebook_are_stale(tmp_path):
    write(tmp_path / "source", LESSON)
    lessons.build(tmp_path / "source", tmp_path)
    (tmp_path / f"en/{NAME}.ipynb").unlink()
    (tmp_path / f"zh/{NAME}.ipynb").write_bytes((tmp_path / f"zh/{NAME}.ipynb").read_bytes() + b"\n")

    assert lessons.stale(tmp_path / "source", tmp_path) == [f"en/{NAME}.ipynb", f"zh/{NAME}.ipynb"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(LessonError, match="nowhere/ is none"):
        lessons.build(tmp_path / "nowhere", tmp_path)
