"""What every test leaves behind as it found it, and which files begin."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

os.environ["ACADEMY_LANGUAGE"] = "en"  # whatever the terminal speaks; a test that is about Chinese asks for it

LONGEST = (
    "grader/test_attacks.py",
    "e2e/test_demo.py",
    "e2e/test_lesson_levels.py",
    "grader/test_autograde_batch.py",
    "grader/test_autograde.py",
    "grader/test_autograde_cheats.py",
    "e2e/test_exam_page.py",
    "e2e/test_exam_kept.py",
    "grader/test_main.py",
    "e2e/test_saves.py",
    "test_benchmarks.py",
    "grader/test_autograde_course.py",
    "e2e/test_lesson_loop.py",
    "e2e/test_learning_hub.py",
    "e2e/test_hub.py",
    "e2e/test_hr_page.py",
    "grader/test_autograde_cluster.py",
    "e2e/test_exam_axe.py",
    "e2e/test_start.py",
    "grader/test_store_killed.py",
    "grader/test_courses_loop.py",
    "test_style.py",
    "e2e/test_lesson_pages.py",
    "grader/test_certify_work.py",
    "grader/test_certify_trace.py",
)
"""The files that take longest, the longest first: one of them at the end would leave the other processors idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; within a file, and among the others, the order stays."""
    tests = Path(__file__).parent
    if gone := [name for name in LONGEST if not (tests / name).is_file()]:
        raise pytest.UsageError(
            f"tests/conftest.py names {gone[0]} among the longest files, and there is none; mend it"
        )
    rank = {tests / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


def pytest_collection_finish() -> None:
    """All tests and what they import stay until the end: nobody need look for garbage among them time and again."""
    gc.collect()
    gc.freeze()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where all is tested by several processes, somebody else's verifier comes over the network while others begin."""
    config = session.config
    several = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if several and config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.collectonly:
        words = [sys.executable, str(Path(__file__).parent / "grader" / "outside_verifier.py")]
        # What fails here is tried again, and told, by the first test that needs it.
        fetching = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        config.add_cleanup(fetching.wait)


@pytest.fixture(autouse=True)
def session_language() -> Iterator[None]:
    """A test that lets charts speak Chinese, itself or through code that it runs, leaves the next one its English.

    Nothing is imported for that: most tests draw nothing and should not wait for matplotlib.
    """
    drawing = sys.modules.get("matplotlib")
    with drawing.rc_context() if drawing else nullcontext():
        yield
        if reporting := sys.modules.get("ccskills.reporting"):
            reporting.use_language("en")
    if not drawing and (loaded := sys.modules.get("matplotlib")):
        loaded.rcdefaults()
