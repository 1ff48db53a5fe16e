"""The solver writes nothing to the terminal, even what heeds no option, and all other output stays."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import scipy.optimize

from ccskills import finance, staffing
from ccskills._quiet import quiet
from ccskills.scheduling._model import Model

LINE = b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();\n"  # HiGHS issue 2783
C = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)


@pytest.fixture(autouse=True)
def talking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver as it is on its worst days: it prints as C does, some of it held back, and then solves."""
    real = scipy.optimize.milp

    def milp(*given: Any, **named: Any) -> Any:
        C.printf(LINE)
        os.write(1, LINE)
        return real(*given, **named)

    monkeypatch.setattr(scipy.optimize, "milp", milp)


def plan() -> None:
    staffing.capacity_plan([50, 50, 52, 54, 56, 56], start_headcount=53, attrition=0.03, overtime=0.05)


def projects() -> None:
    chosen = finance.choose_projects(["knowledge base", "bot", "scheduling"], [40, 60, 55], [60, 80, 76], 115)

    assert chosen == ["bot", "scheduling"]  # of all pairs within 115, 80 + 76 is the most


def programme() -> None:
    model = Model()
    number = model.variables(1, 1.0, whole=True)
    model.rows(1, [(0, number, 1.0)], 2.5, np.inf)

    answer = model.solve()

    assert answer is not None and answer.values.tolist() == [3]


@pytest.mark.parametrize("solve", [plan, programme, projects])
def test_nothing_that_the_solver_prints_is_seen(solve: Callable[[], None], capfd: pytest.CaptureFixture[str]) -> None:
    print("before", flush=True)
    solve()
    print("after", flush=True)

    C.fflush(None)
    assert capfd.readouterr().out == "before\nafter\n"


def test_the_terminal_is_back_after_an_error_and_when_many_solve_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), quiet():
        raise ZeroDivisionError
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: programme(), range(12)))

    os.write(1, b"here\n")
    assert capfd.readouterr().out == "here\n"


def test_no_file_stays_open() -> None:
    first = os.dup(1)
    os.close(first)
    for _ in range(5):
        with quiet():
            pass

    again = os.dup(1)
    os.close(again)
    assert again == first
