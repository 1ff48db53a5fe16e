"""A fork of the judge's server knows nothing of other submissions, and is ended with all that it started."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.errors import GradingError
from grader.judge import Judge, JudgeServer, Verdict, _server

PASSED = Verdict("passed")


def nothing(question: Mapping[str, Any]) -> dict[str, Any]:
    """A candidate who has defined nothing."""
    return {"missing": True}


@pytest.fixture(scope="module")
def judges() -> Iterator[JudgeServer]:
    with JudgeServer() as server:
        yield server


def forks(server: JudgeServer) -> list[psutil.Process]:
    return psutil.Process(server._process.pid).children(recursive=True)


def test_nothing_of_one_submission_is_there_for_the_next(judges: JudgeServer, tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("limit = 1\n", encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    with Judge(tmp_path, nothing, server=judges) as first:
        first.give("def near(a):\n    return True")
        left = "import helpers, numpy as np\nnp.allclose = None\nleft = near(1)\nimport builtins\nbuiltins.abs = None"
        assert first.check(left, 1) == PASSED
        assert first.check("assert left and helpers.limit == 1", 1) == PASSED

        with Judge(other, nothing, server=judges) as second:
            assert second.check("assert left", 1).ename == "NameError"
            assert second.check("assert near(1)", 1).ename == "NameError"
            assert second.check("import helpers", 1).ename == "ModuleNotFoundError"
            assert second.check("import numpy as np\nassert np.allclose(abs(-1), 1)", 1) == PASSED
            assert second.check(f"import os\nassert os.getcwd() == {str(other)!r} and os.listdir() == []", 1) == PASSED


def test_each_fork_draws_test_data_of_its_own(judges: JudgeServer, tmp_path: Path) -> None:
    draw = "import random\nimport numpy as np\nopen('drawn', 'a').write(f'{random.random()} {np.random.random()} ')"
    for _ in range(3):
        with Judge(tmp_path, nothing, server=judges) as judge:
            assert judge.check(f"{draw}\nNone", 1) == PASSED

    assert len(set((tmp_path / "drawn").read_text("utf-8").split())) == 6


def test_a_fork_is_ended_with_all_that_it_started(judges: JudgeServer, tmp_path: Path) -> None:
    with Judge(tmp_path, nothing, server=judges) as judge:
        judge.check("import subprocess\nsubprocess.Popen(['sleep', '60'])\nNone", 1)
        running = forks(judges)
        assert [process.name() for process in running][-1] == "sleep" and len(running) == 2

    assert psutil.wait_procs(running, timeout=10)[1] == []
    assert forks(judges) == []


def test_two_submissions_can_be_judged_at_once(judges: JudgeServer, tmp_path: Path) -> None:
    with Judge(tmp_path, nothing, server=judges) as first, Judge(tmp_path, nothing, server=judges) as second:
        assert first.check("mine = 1", 1) == second.check("mine = 2", 1) == PASSED

        assert first.check("assert mine == 1", 1) == second.check("assert mine == 2", 1) == PASSED


def test_a_test_that_hangs_is_ended_and_what_was_given_is_given_again(judges: JudgeServer, tmp_path: Path) -> None:
    with Judge(tmp_path, nothing, limit_s=1.0, server=judges) as judge:
        judge.give("def near(a):\n    return a == 1")

        assert judge.check("while True: pass", 1).ename == "TimeoutError"
        assert judge.check("import os\nos._exit(0)", 1).ename == "TimeoutError"
        assert judge.check("assert near(1)", 1) == PASSED


def test_what_is_given_may_hang_and_costs_the_tests_and_nothing_else(judges: JudgeServer, tmp_path: Path) -> None:
    with Judge(tmp_path, nothing, limit_s=1.0, server=judges) as judge:
        judge.give("class Slow:\n    while True: pass")

        assert judge.check("assert True", 1).state == "failed"
    with Judge(tmp_path, nothing, server=judges) as judge:
        assert judge.check("assert True", 1) == PASSED


def test_a_judge_that_does_not_start_costs_nobody_a_mark(judges: JudgeServer, tmp_path: Path) -> None:
    file = tmp_path / "no-folder"
    file.touch()

    with Judge(file, nothing, server=judges) as judge, pytest.raises(GradingError, match="the judge does not start"):
        judge.check("assert True", 1)


def test_a_server_that_has_ended_or_hangs_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with JudgeServer() as server:
        with Judge(tmp_path, nothing, server=server) as judge:
            assert judge.check("assert True", 1) == PASSED
            (fork,) = forks(server)
            server._process.kill()
            assert psutil.wait_procs([fork], timeout=10)[1] == []
            assert judge.check("assert True", 1).state == "failed"
            assert judge.check("assert True", 1) == PASSED
        monkeypatch.setattr(_server, "_ANSWER_S", 1.0)
        server._process.send_signal(signal.SIGSTOP)
        with Judge(tmp_path, nothing, server=server) as judge:
            assert judge.check("assert True", 1) == PASSED
    with pytest.raises(GradingError, match="its server is closed"), Judge(tmp_path, nothing, server=server) as judge:
        judge.check("assert True", 1)


def test_no_judge_outlives_a_grader_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import pathlib, time\nfrom grader.judge import Judge\n"
        f"judge = Judge(pathlib.Path({str(tmp_path)!r}), dict)\njudge.check('1', 1)\n"
        "print(judge._server._process.pid, flush=True)\ntime.sleep(60)"
    )
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    server = psutil.Process(int(grader.stdout.readline()))
    processes = [server, *server.children()]
    assert len(processes) == 2

    grader.kill()
    grader.communicate()

    assert psutil.wait_procs(processes, timeout=10)[1] == []
