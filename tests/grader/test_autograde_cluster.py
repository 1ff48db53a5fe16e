"""The same on a Dask cluster: its workers return data, only the coordinator writes, a lost worker loses nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader import autograde
from grader.errors import InputError, MissingToolError
from tests.grader import graded_course as course_of


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = course_of.make(tmp_path_factory.mktemp("cluster") / "course")
    for number in range(4):
        course_of.hand_in(root, f"s{number}", load=f"load = 40.0 + {number % 2}")
    return root


def test_without_the_extra_one_sentence_says_what_to_install(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)

    with pytest.raises(MissingToolError, match=r"which is not installed; install it, on every worker too: .+"):
        autograde.batch(course, "hw", scheduler="tcp://127.0.0.1:1")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    # Programs that install another lock of packages would be refused: the workers are this environment's own.
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True) as made:
        yield made


@pytest.mark.filterwarnings("default")
def test_a_cluster_leaves_what_the_processes_of_one_machine_leave(course: Path, cluster: Any, tmp_path: Path) -> None:
    there = course_of.copied(course, tmp_path / "there")
    here = course_of.copied(course, tmp_path / "here")

    report = autograde.batch(there, "hw", scheduler=cluster.scheduler_address)
    autograde.batch(here, "hw", workers=1)

    assert [row.score for row in report.rows] == [5.0, 3.0, 5.0, 3.0]
    assert course_of.tree(there) == course_of.tree(here)
    assert course_of.rows(there) == course_of.rows(here)
    assert workers_of_ours() == []  # those that were kept warm are ended


@pytest.mark.filterwarnings("default")
def test_the_submissions_of_a_lost_worker_are_done_again(course: Path, cluster: Any, tmp_path: Path) -> None:
    root = course_of.copied(course, tmp_path / "lost")
    lost: list[int] = []

    def lose() -> None:
        until = time.monotonic() + 60
        while not workers_of_ours() and time.monotonic() < until:
            time.sleep(0.02)
        parent = workers_of_ours()[0].parent()
        assert parent is not None
        lost.append(parent.pid)
        parent.kill()  # a worker of the cluster, in the middle of a submission

    thread = threading.Thread(target=lose)
    thread.start()
    report = autograde.batch(root, "hw", scheduler=cluster.scheduler_address)
    thread.join()

    assert lost and [row.score for row in report.rows] == [5.0, 3.0, 5.0, 3.0]


@pytest.mark.filterwarnings("default")
def test_an_address_where_no_scheduler_answers_is_one_sentence(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.autograde._cluster._ANSWER_S", 2)

    with pytest.raises(InputError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:1'"):
        autograde.batch(course, "hw", scheduler="tcp://127.0.0.1:1")


def workers_of_ours() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if any("grader.autograde._worker" in word for word in child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found
