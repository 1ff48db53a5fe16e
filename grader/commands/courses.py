"""`academy courses`: lessons are checked and built."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..centre import PROJECT
from ..errors import MissingToolError, Problem
from ..model import LANGUAGES
from ._options import Nouns, many, say_problems

__all__ = ["words"]


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    steps = nouns.add_parser("courses", help="lessons: check and build").add_subparsers(required=True, metavar="STEP")
    build = steps.add_parser("build", help="build courses/en and courses/zh from courses/source")
    build.set_defaults(run=_build)
    check = steps.add_parser("check", help="say what is wrong in a lesson, and whether the built ones are fresh")
    check.set_defaults(run=_check)


def _build(given: argparse.Namespace) -> int:
    from .. import lessons

    result = lessons.build(PROJECT / "courses" / "source", PROJECT / "courses")
    problems = [*result.problems, *_unproven(result.written)]
    say_problems(problems)
    print(f"{many(len(result.written), 'notebook')} written")
    return 1 if problems else 0


def _check(given: argparse.Namespace) -> int:
    from .. import lessons

    source = PROJECT / "courses" / "source"
    found = {path: lessons.check(path) for path in sorted(source.rglob("*.md"))}
    sound = [path.relative_to(source).with_suffix(".ipynb") for path, problems in found.items() if not problems]
    problems = [problem for path in found for problem in found[path]]
    problems += _unproven([f"{language}/{name}" for name in sound for language in LANGUAGES])
    say_problems(problems)
    stale = lessons.stale(source, PROJECT / "courses")
    for name in stale:
        print(f"{name} is not what its source builds; run `academy courses build`")
    print(f"{many(len(problems), 'problem')}, {many(len(stale), 'stale notebook')}")
    return 1 if problems or stale else 0


def _unproven(built: Sequence[str]) -> list[Problem]:
    """Tests of lessons, by the names of their notebooks, that cannot be judged; none where no sandbox can be made."""
    from .. import autograde, lessons, sandbox

    problems = []
    try:
        if built:
            sandbox.check_tools()
    except MissingToolError as error:
        print(f"the tests of the lessons were not tried: {error}", file=sys.stderr)
        return []
    with autograde.Engine() as engine:
        for name in built:
            language, _, lesson = name.partition("/")
            path = (PROJECT / "courses" / "source" / lesson).with_suffix(".md")
            for cell, why in autograde.unjudgeable(lessons.source(path, language), engine).items():
                todo = "the judge sees plain values and functions only; mend the test or its solution"
                where = f"{path.relative_to(PROJECT / 'courses' / 'source')}:1"
                problems.append(Problem(where, f"the solution ({language}) does not pass {cell!r}: {why}; {todo}"))
    return problems
