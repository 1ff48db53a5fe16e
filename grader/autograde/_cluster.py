"""The same on a Dask cluster: its workers get submissions as data and return data; nothing is written there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from grader import nbcourse
from grader.autograde._worker import Results, Worker
from grader.errors import GradingError, InputError, MissingToolError
from grader.nbcourse import Handed, Plan
from grader.sandbox import Limits

__all__ = ["grade_there"]

_ANSWER_S = 20
_AHEAD = 2
"""Submissions under way for each thread of the cluster: one that runs, one that waits there."""
_mine = threading.local()
_all: list[Worker] = []
_lock = threading.Lock()


def grade_there(
    address: str, plan: Plan, limits: Limits, todo: Iterator[Handed], say: Callable[[str], None]
) -> Iterator[tuple[Handed, Results]]:
    """Grade everything in ``todo`` on the cluster of the scheduler at ``address``; yields results as they come.

    Dask gives the submissions of a worker that is lost to another one.
    """
    distributed = _distributed()
    with _client(distributed, address) as client:
        say(f"the cluster at {address} has {len(client.nthreads())} workers")
        shared = client.submit(_as_it_is, plan, pure=False)  # a task: a new worker can get it again, whoever is lost
        under_way: dict[Any, Handed] = {}
        try:
            while True:
                free = max(1, sum(client.nthreads().values())) * _AHEAD - len(under_way)
                for _, handed in zip(range(free), todo, strict=False):
                    task = client.submit(grade_on_worker, shared, limits, handed, pure=False)
                    under_way[task] = handed
                if not under_way:
                    return
                for task in distributed.wait(list(under_way), return_when="FIRST_COMPLETED").done:
                    handed = under_way.pop(task)
                    yield handed, _results(task, handed)
        finally:
            with suppress(Exception):  # a worker that is lost has ended its own
                client.run(forget)


def grade_on_worker(plan: Plan, limits: Limits, handed: Handed) -> Results:
    """On a worker of the cluster: grade one submission in a process of its own, which stays warm for the next."""
    if nbcourse.grader_version() != plan.grader:
        raise InputError("a worker of the cluster has another version of this program or of its packages; update it")
    worker: Worker | None = getattr(_mine, "worker", None)
    if worker is None or worker not in _all or (worker.plan.digest, worker.limits) != (plan.digest, limits):
        _drop(worker)
        worker = _mine.worker = Worker(plan, limits)
        with _lock:
            _all.append(worker)
    for last in (False, True):
        try:
            worker.send(handed)
            return worker.receive()
        except EOFError as error:
            if worker not in _all:
                raise GradingError("the batch was stopped") from error
            worker.renew()
            if last:
                raise GradingError("the process that graded it ended twice; look at the submission") from error
    raise AssertionError


def forget() -> None:
    """On a worker of the cluster: end the processes that were kept warm."""
    with _lock:
        while _all:
            _all.pop().close()


def _drop(worker: Worker | None) -> None:
    with _lock:
        if worker is not None and worker in _all:
            _all.remove(worker)
            worker.close()


def _as_it_is(plan: Plan) -> Plan:
    return plan


def _results(task: Any, handed: Handed) -> Results:
    try:
        results: Results = task.result()
    except (InputError, MissingToolError):
        raise  # no submission could be graded there
    except CancelledError as error:
        raise GradingError("the scheduler of the cluster is gone; call again, what is graded stays graded") from error
    except Exception as error:  # Dask's own, when it gave the submission to several workers and lost them all
        return dict.fromkeys(handed.notebooks, f"the cluster could not grade it: {type(error).__name__}: {error}")
    return results


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise MissingToolError(
            "grading on a cluster needs dask.distributed, which is not installed; install it, on every worker too: "
            "uv pip install 'dask[distributed]'"
        ) from error


@contextmanager
def _client(distributed: Any, address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout=_ANSWER_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(f"no Dask scheduler answers at {address!r}: {' '.join(str(error).split())}") from error
    with client:
        yield client
