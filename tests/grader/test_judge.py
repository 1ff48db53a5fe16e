"""Test cells judge plain values of the sandbox, and believe nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge import Judge, JudgeServer, Verdict
from grader.sandbox import Limits, Sandbox

CANDIDATE = """
import numpy as np
import pandas as pd
load = 40.0
name = "班组长"
calls = np.array([1, 2, 3])
table = pd.DataFrame({"hour": ["07", "08"], "calls": [100, 120]})

class Always:
    def __eq__(self, other): return True

always = Always()
many = [always]

def erlangs(calls, aht_s=240):
    if calls < 0:
        raise ValueError("calls must not be negative")
    return calls * aht_s / 1800

def double(x):
    return x * 2

def total(frame):
    return frame["calls"].sum()

def odd(x):
    return Always()
"""


@pytest.fixture(scope="module")
def judges() -> Iterator[JudgeServer]:
    with JudgeServer() as server:
        yield server


@pytest.fixture(scope="module", params=["own", "forked"])
def judge(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, judges: JudgeServer
) -> Iterator[Judge]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "calls.csv").write_text("hour,calls\n07,100\n", encoding="utf-8")
    (folder / "helpers.py").write_text("limit = 1e-9\n", encoding="utf-8")
    server = judges if request.param == "forked" else None
    with Sandbox(limits=Limits(cell_s=20)) as sandbox, Judge(folder, sandbox.request, server=server) as found:
        assert sandbox.run(CANDIDATE) == []
        yield found


@pytest.mark.parametrize(
    "test",
    [
        "assert load == 40 and name == '班组长'",
        "assert type(load) is float and isinstance(calls, np.ndarray)",
        "assert np.allclose(calls * 2, [2, 4, 6])",
        "pd.testing.assert_frame_equal(table, pd.DataFrame({'hour': ['07', '08'], 'calls': [100, 120]}))",
        "assert erlangs(300) == 40 and erlangs(calls=300, aht_s=120) == 20",
        "assert total(table) == 220",
        "assert np.allclose(double(calls), calls * 2)",
        "try:\n    erlangs(-1)\n    assert False\nexcept ValueError as error:\n    assert 'negative' in str(error)",
        "assert callable(erlangs) and erlangs is not None",
        "import csv\nassert next(csv.DictReader(open('calls.csv')))['calls'] == '100'",
        "from helpers import limit\nassert abs(load - 40) < limit",
        "def near(a):\n    return abs(a - load) < 1\n\n\nassert [near(x) for x in (40, 50)] == [True, False]",
        "import warnings\nwarnings.warn('only a warning')",
        "print('nothing of this is shown')",
        "'a text as the last value'",
    ],
)
def test_a_test_that_holds_passes(judge: Judge, test: str) -> None:
    assert judge.check(test, 2) == Verdict("passed")


@pytest.mark.parametrize(
    ("test", "ename", "sentence"),
    [
        ("assert load == 41, 'the load is wrong'", "AssertionError", "the load is wrong"),
        ("x = 1\nassert load == 41", "AssertionError", "does not hold: assert load == 41"),
        ("assert nothing == 1", "NameError", "name 'nothing' is not defined"),
        ("assert always == 1", "CannotCross", "always is of the kind 'Always'"),
        ("assert always", "CannotCross", "always is of the kind 'Always'"),
        ("assert 1 in many", "CannotCross", "many is of the kind 'Always'"),
        ("assert abs(always - 1) < 1", "CannotCross", "always is of the kind 'Always'"),
        ("assert np.allclose(always, 1)", "CannotCross", "always is of the kind 'Always'"),
        ("try:\n    assert always == 1\nexcept Exception:\n    pass", "CannotCross", "always is of the kind"),
        ("assert odd(1) == 1", "CannotCross", "the result of odd is of the kind 'Always'"),
        ("assert erlangs(lambda: 1) == 1", "CannotCross", "the test hands function to erlangs, which cannot cross"),
        ("erlangs(-1)", "ValueError", "erlangs raised ValueError: calls must not be negative"),
        ("load == 41", "AssertionError", "the test's last value is False"),
    ],
)
def test_a_test_that_does_not_hold_fails_with_a_sentence(judge: Judge, test: str, ename: str, sentence: str) -> None:
    verdict = judge.check(test, 2)

    assert (verdict.state, verdict.ename) == ("failed", ename)
    assert sentence in verdict.sentence


@pytest.mark.parametrize(("test", "score"), [("1.5", 1.5), ("np.float64(0.5)", 0.5), ("load / 40", 1.0), ("0", 0.0)])
def test_a_number_as_the_last_value_is_partial_credit(judge: Judge, test: str, score: float) -> None:
    assert judge.check(f"import numpy as np\n{test}", 2) == Verdict("score", score)


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ("", "the test cell is empty"),
        ("# q01: nothing but a comment", "the test cell is empty"),
        ("assert load ==", "the test cell is no plain Python"),
        ("%timeit load", "the test cell is no plain Python"),
        ("2.5", "the test gives 2.5 of 2 points"),
        ("-1", "the test gives -1 of 2 points"),
    ],
)
def test_a_test_that_cannot_judge_is_left_to_a_person(judge: Judge, test: str, sentence: str) -> None:
    verdict = judge.check(test, 2)

    assert verdict.state == "unjudged" and sentence in verdict.sentence


def test_what_a_test_defines_serves_the_next_one_unless_the_candidate_has_it(judge: Judge) -> None:
    assert judge.check("helper = 7\nload = 1", 1) == Verdict("passed")
    assert judge.check("assert helper == 7 and load == 40", 1) == Verdict("passed")


def test_what_a_read_only_cell_defines_cannot_be_replaced(tmp_path: Path) -> None:
    with Sandbox() as sandbox, Judge(tmp_path, sandbox.request) as judge:
        given = "import math\ntop = 3\n\n\ndef close(a, b):\n    return abs(a - b) < 1e-9 and top == 3"
        sandbox.run(given)
        judge.give(given)
        sandbox.run("class math:\n    inf = 0\nclose = lambda a, b: True")

        assert judge.check("assert close(1, 2)", 1).state == "failed"
        assert judge.check("assert close(1, 1) and math.inf > 0", 1).state == "passed"


def test_a_module_that_no_test_uses_is_not_imported_at_the_candidates_wish(tmp_path: Path) -> None:
    with Sandbox() as sandbox, Judge(tmp_path, sandbox.request) as judge:
        sandbox.run("import this as found")

        assert "the module this is not one" in judge.check("assert found", 1).sentence


def test_a_value_that_is_too_much_for_a_test_costs_that_test_only(tmp_path: Path) -> None:
    with Sandbox() as sandbox, Judge(tmp_path, sandbox.request, limit_s=1.0) as judge:
        sandbox.run("n, right = 10**12, 1")

        assert judge.check("assert sum(1 for _ in range(n)) == 5", 1).ename == "TimeoutError"
        assert judge.check("assert right == 1", 1).state == "passed"


def test_a_program_that_has_ended_fails_every_later_test(tmp_path: Path) -> None:
    with Sandbox() as sandbox, Judge(tmp_path, sandbox.request) as judge:
        sandbox.run("def stop():\n    import os\n    os._exit(0)")

        assert "the program ended itself" in judge.check("try:\n    stop()\nexcept Exception:\n    pass", 1).sentence
        assert "the program ended itself" in judge.check("assert stop", 1).sentence


def judged(server: JudgeServer, folder: Path, cells: list[str], tests: list[str], given: str = "") -> list[str]:
    """States of the tests after the candidate's cells."""
    with Sandbox() as sandbox, Judge(folder, sandbox.request, server=server) as bench:
        for cell in cells:
            sandbox.run(cell)
        bench.give(given)
        return [bench.check(test, 1).state for test in tests]


def test_a_helper_that_a_test_defines_cannot_be_replaced_by_the_candidate(judges: JudgeServer, tmp_path: Path) -> None:
    cells = ["agrees = lambda a, b: True\nlevel = 0.5"]
    tests = ["def agrees(a, b):\n    return abs(a - b) < 1e-9\nassert agrees(0.5, level)", "assert agrees(0.8, level)"]

    assert judged(judges, tmp_path, cells, tests) == ["passed", "failed"]


def test_a_helper_of_a_test_that_fails_serves_the_next_test(judges: JudgeServer, tmp_path: Path) -> None:
    tests = ["near = lambda a, b: abs(a - b) < 1e-9\nassert near(1, level)", "assert near(0.5, level)"]

    assert judged(judges, tmp_path, ["level = 0.5"], tests) == ["failed", "passed"]


def test_a_constant_of_a_read_only_cell_cannot_be_replaced(judges: JudgeServer, tmp_path: Path) -> None:
    given = "TOLERANCE = 1e-6\n\ndef near(a, b):\n    return abs(a - b) <= TOLERANCE"

    states = judged(judges, tmp_path, ["level = 0.5", "TOLERANCE = 1e99"], ["assert near(0.8, level)"], given)

    assert states == ["failed"]


def test_one_module_does_not_answer_for_another(judges: JudgeServer, tmp_path: Path) -> None:
    # Logarithms of negative numbers are masked there, and what is masked is close to everything.
    masked = judged(
        judges, tmp_path, ["import numpy.ma as np\ngrowth = [-1.0]"], ["assert np.allclose(np.log(growth), [2])"]
    )
    usual = judged(judges, tmp_path, ["import numpy as np\nimport math"], ["assert np.isclose(math.pi, np.pi)"])

    assert (masked, usual) == (["failed"], ["passed"])
