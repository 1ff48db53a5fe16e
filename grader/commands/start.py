"""`academy demo`, `academy start`, `academy test`: the whole journey, one's own centre, the tests."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..centre import PROJECT
from ._options import Nouns, centre, language, server

__all__ = ["words"]


def words(nouns: Nouns) -> None:
    """Enter the three commands."""
    demo = nouns.add_parser("demo", help="the whole certifying journey, headless, with twelve scripted candidates")
    demo.add_argument(
        "--folder", type=Path, default=PROJECT / "demo-centre", help="where the demo's centre is made anew"
    )
    demo.set_defaults(run=_demo)

    start = nouns.add_parser("start", help="open JupyterLab on a training centre of one's own, made on the first call")
    start.add_argument("--trainer", action="store_true", help="the trainer's view: sources, bank, formgrader")
    start.add_argument(
        "--language", choices=("en", "zh"), default=language(), help="language of the pages (default: %(default)s)"
    )
    server(start)
    centre(start)
    start.set_defaults(run=_start)

    test = nouns.add_parser("test", help="run the tests", add_help=False)
    test.add_argument("words", nargs=argparse.REMAINDER, help="passed on to pytest")
    test.set_defaults(run=_test)


def _demo(given: argparse.Namespace) -> int:
    from .. import demo

    return demo.run(given.folder, language())


def _start(given: argparse.Namespace) -> int:
    from .. import launch

    launch.start(
        given.centre, trainer=given.trainer, language=given.language, port=given.port, browser=not given.no_browser
    )
    return 0


def _test(given: argparse.Namespace) -> int:
    os.chdir(PROJECT)
    sys.stdout.flush()
    # A file of tests is the unit: what its tests share is made once. The longest begin, as tests/conftest.py says.
    several = ["-n", str(len(os.sched_getaffinity(0))), "--dist", "loadfile", "--no-loadscope-reorder"]
    slowest = ["--durations", "10", "--durations-min", "1"]
    # The tests start this project's programs some hundred times; none of them is to be compiled each time anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *several, *slowest, *given.words])
