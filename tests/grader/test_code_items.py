"""Items answered by lines of code: written, proved, shown without their tests, run behind the walls, marked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader import bank, exams, forms, marking
from grader.authoring import Shelf, new
from grader.autograde import Engine, failures
from grader.bank.source import compose
from grader.errors import InputError, RoomError
from grader.exams import SeatPlan
from grader.model import Bilingual, Form, Item, Slot
from grader.rules import load_framework
from grader.seats.paper import check_paper, check_value

FRAMEWORK = load_framework(Path(__file__).parents[2] / "question_bank" / "framework.yml")
NAME = "FC-3.3-agents-for-a-half-hour"
ITEM = """\
---
kernelspec: {name: python3, display_name: Python 3}
item:
  id: FC-3.3-agents-for-a-half-hour
  version: 1
  kind: code
  statement: FC-3.3
  cognitive: A
  minutes: 4
  use: exam
  status: review
  difficulty: 0.5
  variants: [101, 102]
  enemies: []
  sources: [O11, K6]
  history:
    - {date: 2026-11-22, by: lw, role: author, verdict: drafted}
---
+++ {"lang": "en"}

A half hour brings {{calls}} calls, average handle time {{aht}} s. Call the load in erlangs `load` and the agents that
80 % within 20 s needs by Erlang C `agents`.

+++ {"lang": "zh"}

某半小时来电{{calls}}通，平均处理时长{{aht}}秒。话务量（爱尔兰）命名为`load`。

按Erlang C达到80%、20秒所需的座席数命名为`agents`。

+++ {"lang": "en", "part": "reason"}

Calls times handle time by 1,800 s, then the smallest number that reaches the target.

+++ {"lang": "zh", "part": "reason"}

来电量乘以处理时长，除以1800秒，再取达到目标的最小座席数。

```{code-cell} ipython3
:tags: [draw]

def draw(rng):
    return {"calls": 10 * int(rng.integers(8, 20)), "aht": 10 * int(rng.integers(18, 30))}
```

```{code-cell} ipython3
:tags: [given]

from ccskills import staffing

calls, aht_s = {{calls}}, {{aht}}
```

```{code-cell} ipython3
:tags: [solution]

load = staffing.offered_load(calls, aht_s)
agents = staffing.agents_required(load, aht_s, service_level=0.8, within_s=20)
```

```{code-cell} ipython3
:tags: [test]

assert abs(load - {{calls}} * {{aht}} / 1800) < 0.01, "load is calls times handle time by 1,800 s"
```

```{code-cell} ipython3
:tags: [test]

assert agents == staffing.agents_required({{calls}} * {{aht}} / 1800, {{aht}}, service_level=0.8, within_s=20)
```
"""


def loaded(tmp_path: Path, *changes: tuple[str, str]) -> tuple[Item | None, list[str]]:
    text = ITEM
    for old, new_ in changes:
        assert old in text
        text = text.replace(old, new_)
    path = tmp_path / "items" / "fc" / "3" / f"{NAME}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    item, problems = bank.load_one(tmp_path, path, FRAMEWORK)
    return item, [str(one) for one in [*problems, *(bank.prove(item) if item else [])]]


@pytest.fixture
def slot(tmp_path: Path) -> Slot:
    item, problems = loaded(tmp_path)
    assert item and problems == []
    return Slot("q01", bank.draw(item, 101))


def paper_of(slot: Slot, language: str) -> dict[str, Any]:
    form = Form("F", 3, 0, (slot,), (), 0.5, "")
    plan = SeatPlan("S-1", "S", "P1", "Li", language, 60, "", "", Bilingual("T", "题"), "practice")
    made: dict[str, Any] = exams.paper(form, plan, None)
    return made


def test_a_sound_item_draws_its_numbers_into_text_and_code(slot: Slot) -> None:
    task = slot.question.code

    assert task is not None and "{{" not in task.given + "".join(task.tests) + slot.question.key
    calls = task.given.split("= ")[1].split(",")[0]
    assert f"{calls} calls" in slot.question.stem.en and f"来电{calls}通" in slot.question.stem.zh


@pytest.mark.parametrize(
    ("old", "new_", "words"),
    [
        ("load = staffing.offered_load(calls, aht_s)", "load = calls", "the solution does not pass test 1"),
        ("assert abs(load -", "assert True or abs(load -", "test 1 passes without any answer"),
        ("erlangs `load`", "erlangs load", "the en text does not name it in backticks"),
        ("命名为`agents`", "命名为agents", "the zh text does not name it in backticks"),
        (":tags: [solution]\n", ":tags: [other]\n", "the author's own lines are missing"),
        ("[solution]", "[solutions]", "the author's own lines are missing"),
        ("calls, aht_s = {{calls}}, {{aht}}", "calls, aht_s = 1 / 0, {{aht}}", "ZeroDivisionError"),
        ("load = staffing.offered_load", "x = 1\n" * 8 + "load = staffing.offered_load", "at most 8"),
        (":tags: [test]\n", ":tags: [given]\n", "one cell tagged given"),
        ("assert agents ==", "while True: pass\nassert agents ==", "took longer than"),
    ],
)  # fmt: skip
def test_an_unsound_item_is_named(tmp_path: Path, old: str, new_: str, words: str) -> None:
    problems = loaded(tmp_path, (old, new_))[1]

    assert any(words in problem for problem in problems), problems
    assert all(problem.startswith(f"items/fc/3/{NAME}.md:") for problem in problems)


def test_the_paper_shows_what_is_given_and_no_test_or_solution(slot: Slot) -> None:
    for language in ("en", "zh"):
        paper = paper_of(slot, language)
        question = paper["questions"][0]
        check_paper(paper)

        assert question["given"].startswith("from ccskills import staffing")
        text = json.dumps(paper, ensure_ascii=False)
        assert "assert" not in text and "offered_load" not in text and "agents_required" not in text


def test_a_sealed_form_keeps_the_task(tmp_path: Path) -> None:
    item = loaded(tmp_path)[0]
    assert item is not None
    form = forms.freeze("F", 3, [bank.draw(item, 102)], {item.id: 0.5}, [], 7)

    assert forms.from_json(json.loads(json.dumps(forms.to_json(form)))) == form


def test_lines_of_code_are_kept_as_text_and_not_without_end(slot: Slot) -> None:
    question = paper_of(slot, "en")["questions"][0]

    check_value(question, "load = 16\nagents = 20")
    with pytest.raises(RoomError, match="a text of at most 2000 characters"):
        check_value(question, "x" * 2001)


def test_each_test_that_the_lines_pass_is_its_share_of_the_point(slot: Slot) -> None:
    task = slot.question.code
    assert task is not None
    cheat = (
        "class Any:\n    __eq__ = lambda self, other: True\n    __sub__ = lambda self, other: 0\nload = agents = Any()"
    )
    earned = {}
    with Engine(warm=True) as engine:
        for name, lines in {
            "right": slot.question.key,
            "half": "load = calls * aht_s / 1800",
            "nothing": "pass",
            "broken": "load = (",
            "shadow": "staffing.agents_required = lambda *_, **__: 1\nload, agents = 0, 1",
            "cheat": cheat,
            "exit": "import os\nos._exit(0)",
        }.items():
            earned[name] = marking.mark_code(slot, failures(task, lines, engine).count("")).points

    assert earned == {"right": 1.0, "half": 0.5, "nothing": 0, "broken": 0, "shadow": 0, "cheat": 0, "exit": 0}


def test_until_its_tests_have_run_an_answer_has_no_mark(slot: Slot) -> None:
    waiting = marking.mark(slot, "load = 16")

    assert (waiting.points, waiting.note) == (None, "waits for its tests")
    assert marking.mark(slot, " \n").points == 0
    with pytest.raises(InputError, match="has 2 tests, and 3 are said to be passed"):
        marking.mark_code(slot, 3)


def test_a_template_of_code_waits_for_its_words_only(tmp_path: Path) -> None:
    shelf = Shelf(Path(__file__).parents[2] / "question_bank")
    draft = new.template(new.header(shelf, "FC-3.3", "code", "own-lines", "ann", cognitive="A", minutes=3))
    path = tmp_path / "items" / "fc" / "3" / "FC-3.3-own-lines.md"
    path.parent.mkdir(parents=True)
    path.write_text(compose(draft), "utf-8")

    item, problems = bank.load_one(tmp_path, path, FRAMEWORK)

    assert item and problems == []
    said = [one.sentence for one in bank.prove(item)]
    assert said and all("of the template is left; write it" in one for one in said)
