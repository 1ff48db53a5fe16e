"""Submissions graded by worker processes of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing.connection import wait

from grader.autograde._worker import Results, Worker
from grader.errors import GradingError
from grader.nbcourse import Handed, Plan
from grader.sandbox import Limits

__all__ = ["grade_here"]

_LOST = "the process that graded it ended twice; look at the submission, then grade it again"
_TICK_S = 1.0


def grade_here(
    plan: Plan, limits: Limits, todo: Iterator[Handed], workers: int, say: Callable[[str], None]
) -> Iterator[tuple[Handed, Results]]:
    """Grade everything in ``todo`` with so many processes; yields each submission with its results as it is done.

    A submission whose process ends is done once more in a fresh one. ``say`` is told when grading must be slow.
    """
    told = False
    with ExitStack() as stack:
        busy: dict[Worker, tuple[Handed, int]] = {}
        first = [handed for _, handed in zip(range(workers), todo, strict=False)]
        started = [stack.enter_context(Worker(plan, limits)) for _ in first]  # no more processes than there is work
        for worker, handed in zip(started, first, strict=True):
            _send(worker, handed)
            busy[worker] = (handed, 1)
        while busy:
            lines = {worker.fileno(): worker for worker in busy}
            ready = [lines[number] for number in wait(list(lines), _TICK_S) if isinstance(number, int)]
            for worker in [*ready, *(one for one in busy if one.late and one not in ready)]:
                handed, tries = busy.pop(worker)
                try:
                    results = worker.receive()
                except EOFError:
                    worker.renew()
                    if tries == 1:
                        _send(worker, handed)
                        busy[worker] = (handed, 2)
                        continue
                    results = dict.fromkeys(handed.notebooks, _LOST)
                following = next(todo, None)  # before this one is saved: no worker waits for the gradebook
                if following is not None:
                    _send(worker, following)
                    busy[worker] = (following, 1)
                if worker.cold and not told:
                    say(worker.cold)
                    told = True
                yield handed, results


def _send(worker: Worker, handed: Handed) -> None:
    try:
        worker.send(handed)
    except EOFError:  # it ended while idle
        worker.renew()
        try:
            worker.send(handed)
        except EOFError as error:
            raise GradingError("no worker process can be started; what it said stands above") from error
