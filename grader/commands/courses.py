"""`academy courses`: a trainer's whole way, from a new lesson to feedback in the trainees' hands."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..centre import PROJECT
from ..errors import AcademyError, InputError, MissingToolError, Problem
from ..model import LANGUAGES
from . import courses_enrol
from ._options import Nouns, many, say_problems

__all__ = ["words"]

SOURCE = PROJECT / "courses" / "source"
COURSE = PROJECT / "centre" / "course"


_NAMED = (
    "Most steps take the name of a lesson: the path of its file in courses/source without .md, e.g. "
    "supervisor/01-call-history-to-staffed-day, or shorter supervisor/01; the name of a level takes all its lessons."
)


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    text = "lessons: write, check, build, release, collect, grade, give feedback"
    steps = nouns.add_parser("courses", help=text, description=f"{text.capitalize()}. {_NAMED}").add_subparsers(
        required=True, metavar="STEP"
    )
    _writing(steps)
    _teaching(steps)


def _writing(steps: Nouns) -> None:
    new = steps.add_parser("new", help="begin a lesson: the whole frame, with what is still to be written marked in it")
    new.add_argument("lesson", help="LEVEL/NN-SLUG, e.g. team-leader/02-a-fair-sample; 01 is FC, 02 QA, 03 PM, 04 RP")
    new.add_argument("--domain", required=True, help="whose statements it teaches, e.g. QA")
    new.set_defaults(run=_new)

    check = steps.add_parser("check", help="say what is wrong in a lesson, and whether the built ones are fresh")
    _which(check)
    check.add_argument(
        "--hints", action="store_true", help="say also what a person should look at, though it may be right"
    )
    check.set_defaults(run=_check)

    build = steps.add_parser("build", help="build courses/en and courses/zh from courses/source")
    _which(build)
    build.set_defaults(run=_build)


def _teaching(steps: Nouns) -> None:
    release = _step(steps, "release", "put lessons into the exchange, where trainees fetch them", _release)
    courses_enrol.words(steps, COURSE)
    release.add_argument("--force", action="store_true", help="release although the check finds faults")
    _step(steps, "collect", "take in what trainees have handed in", _collect)
    grade = _step(
        steps, "autograde", "grade what was collected; written tasks wait for a person in formgrader", _autograde
    )
    grade.add_argument("--workers", type=int, metavar="N", help="processes (default: one for each processor)")
    feedback = _step(steps, "feedback", "make the feedback pages and give them back through the exchange", _feedback)
    feedback.add_argument("--waiting", action="store_true", help="also for work that still waits for a marker")
    progress = _step(steps, "progress", "who has handed in, has marks, waits for a marker", _progress, _STATES)
    progress.add_argument("--json", action="store_true", help="print one JSON document instead of a table")


_LESSON = "LEVEL/NN-SLUG or LEVEL/NN, e.g. supervisor/01; a level (supervisor or 3) means all its lessons"


def _which(step: argparse.ArgumentParser) -> None:
    step.add_argument("lesson", nargs="*", help=f"{_LESSON}; without any, all lessons")


_STATES = (
    "The states: not handed in; handed in (in the exchange, collect it); collected (autograde it); waits for a marker "
    "(its written task, in formgrader); marked (give feedback); feedback given. nbgrader has no record of who fetched."
)


def _step(
    steps: Nouns, name: str, text: str, run: Callable[[argparse.Namespace], int], more: str = ""
) -> argparse.ArgumentParser:
    """A step on the course that trainees work in."""
    words = steps.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}. {more}".strip())
    words.add_argument("lesson", help=_LESSON)
    words.add_argument("--language", choices=LANGUAGES, help="only this edition (default: both)")
    words.add_argument(
        "--course",
        type=Path,
        default=COURSE,
        metavar="DIR",
        help="folder of the nbgrader course (default: centre/course)",
    )
    words.set_defaults(run=run)
    return words


# --- writing ----------------------------------------------------------------------------------------------------------


def _new(given: argparse.Namespace) -> int:
    from .. import lessons

    path = lessons.new(SOURCE, given.lesson, given.domain)
    name = path.relative_to(SOURCE).with_suffix("").as_posix()
    print(f"{path.relative_to(PROJECT)} is there; `academy courses check {name}` says what is still to be written")
    return 0


def _chosen(names: Sequence[str]) -> list[Path] | None:
    """The lessons that are named; None when none is."""
    from .. import lessons

    return list(dict.fromkeys(path for name in names for path in lessons.find(SOURCE, name))) or None


def _build(given: argparse.Namespace) -> int:
    from .. import lessons, notebooks

    chosen = _chosen(given.lesson)
    result = lessons.build(SOURCE, PROJECT / "courses", chosen)
    notebooks_ = [name for name in result.written if name.endswith(".ipynb") and "/00-" not in name]
    problems = [*result.problems, *_unproven(notebooks_)]
    say_problems(problems)
    written = len(result.written)
    for name, made in {} if chosen else lessons.pages().items():
        if (PROJECT / name).read_bytes() != made if (PROJECT / name).exists() else True:
            notebooks.replace_file(PROJECT / name, made)
            written += 1
    print(f"{many(len(problems), 'problem')}, {many(written, 'file')} written")
    return 1 if problems else 0


def _check(given: argparse.Namespace) -> int:
    from .. import lessons

    chosen = _chosen(given.lesson)
    found = {path: lessons.check(path) for path in chosen or lessons.lessons_in(SOURCE)}
    sound = [path for path, problems in found.items() if not problems]
    names = [path.relative_to(SOURCE).with_suffix(".ipynb") for path in sound]
    problems = [problem for path in found for problem in found[path]]
    # Code stands once for both editions, so one of them proves it; `build` proves each that it writes.
    problems += _unproven([f"{LANGUAGES[0]}/{name}" for name in names])
    say_problems(problems)
    for path in found.keys() - set(sound):
        name = path.relative_to(SOURCE).with_suffix("").as_posix()
        print(f"{name}: its solutions are run against its tests when its other faults are mended", file=sys.stderr)
    stale = lessons.stale(SOURCE, PROJECT / "courses", chosen)
    made = {} if chosen else lessons.pages()
    stale += [name for name in made if not (PROJECT / name).exists() or (PROJECT / name).read_bytes() != made[name]]
    for name in stale:
        if (PROJECT / name).exists() or (PROJECT / "courses" / name).exists():
            print(f"{name} is not what its source builds; run `academy courses build`")
        else:
            print(f"{name} is not there yet; run `academy courses build`")
    for hint in [hint for path in sound for hint in lessons.hints(path)] if given.hints else ():
        print(f"hint: {hint}")
    print(f"{many(len(problems), 'problem')}, {many(len(stale), 'stale file')}")
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
            path = (SOURCE / lesson).with_suffix(".md")
            for cell, why in autograde.unjudgeable(lessons.source(path, language), engine).items():
                todo = "the judge sees plain values and functions only; mend the test or its solution"
                where = f"{path.relative_to(SOURCE)}:{lessons.line_of(path, cell)}"
                problems.append(Problem(where, f"the solution ({language}) does not pass {cell!r}: {why}; {todo}"))
    return problems


# --- teaching ---------------------------------------------------------------------------------------------------------


def _editions(given: argparse.Namespace) -> Iterator[tuple[Path, str, str]]:
    """Source, language and nbgrader's name of every edition that is meant."""
    from .. import lessons

    for path in lessons.find(SOURCE, given.lesson):
        for language in [given.language] if given.language else LANGUAGES:
            yield path, language, lessons.assignment(path, language)


def _released(given: argparse.Namespace) -> list[str]:
    """The editions that are meant, as far as the course has them."""
    from .. import nbcourse

    wanted = [name for _, _, name in _editions(given)]
    there = set(nbcourse.assignments(given.course))
    found = [name for name in wanted if name in there]
    if not found:
        raise InputError(
            f"{given.lesson} is not released in {given.course}; run `academy courses release {given.lesson}` first"
        )
    return found


def _release(given: argparse.Namespace) -> int:
    from .. import lessons, nbcourse

    course: Path = given.course
    paths = lessons.find(SOURCE, given.lesson)
    if not (course / "nbgrader_config.py").exists():
        nbcourse.create(course, course_id="academy", exchange=course.parent / "exchange")
        print(f"{course} is a course of nbgrader now; its trainees' exchange is {course.parent / 'exchange'}")
    problems = [problem for path in paths for problem in ([] if given.force else lessons.check(path))]
    broken = {problem.where.rpartition(".md:")[0] for problem in problems}
    sound = {
        name: (path, language)
        for path, language, name in _editions(given)
        if path.relative_to(SOURCE).with_suffix("").as_posix() not in broken
    }

    def put(name: str) -> None:
        lessons.release(course, *sound[name])
        print(f"{name} is released")

    failed = _each(list(sound), put)
    say_problems(problems)
    return 1 if problems else failed


def _each(names: Sequence[str], do: Callable[[str], None]) -> int:
    """Do it for every assignment; one that fails says why and stops no other."""
    failed = 0
    for name in names:
        try:
            do(name)
        except AcademyError as error:
            failed += 1
            print(f"academy: {name}: {error}", file=sys.stderr)
    return 1 if failed else 0


def _collect(given: argparse.Namespace) -> int:
    from .. import nbcourse

    def collect(name: str) -> None:
        students = nbcourse.collect(given.course, name)
        print(f"{name}: taken in from {many(len(students), 'trainee')}{': ' if students else ''}{', '.join(students)}")

    return _each(_released(given), collect)


def _autograde(given: argparse.Namespace) -> int:
    from .. import autograde

    def grade(name: str) -> None:
        report = autograde.batch(given.course, name, workers=given.workers, watch=autograde.Screen())
        print(f"{name}\n{autograde.table(report)}")
        if any(row.outcome == "failed" for row in report.rows):
            raise InputError("some work could not be graded; the table says why")

    handed = [name for name in _released(given) if any(given.course.glob(f"submitted/*/{name}"))]
    if not handed:
        print("nothing is collected yet; run `academy courses collect` when trainees have handed in")
    return _each(handed, grade)


def _feedback(given: argparse.Namespace) -> int:
    from .. import nbcourse

    def give(name: str) -> None:
        rows = nbcourse.whereabouts(given.course, name)
        graded = [row for row in rows if row.score is not None]
        ready = [row.student for row in graded if given.waiting or not row.waiting]
        waits = [row.student for row in graded if row.student not in ready]
        if ready:
            nbcourse.feedback(given.course, name, ready)
            nbcourse.return_feedback(given.course, name)
        print(
            f"{name}: feedback for {', '.join(ready) or 'nobody'}"
            + (f"; {', '.join(waits)} wait for a marker" if waits else "")
        )

    return _each(_released(given), give)


def _progress(given: argparse.Namespace) -> int:
    found = {name: list(_standings(given.course, name)) for name in _released(given)}
    if given.json:
        print(json.dumps(found, indent=1))
        return 0
    for name, rows in found.items():
        lines = [("trainee", "state", "handed in at", "points", "")]
        for row in rows:
            points = "" if row["score"] is None else f"{row['score']:g} of {row['max_score']:g}"
            notes = [", ".join(row["waiting"]), *([] if row["on_roster"] else ["not on the roster"])]
            lines.append((row["student"], row["state"], row["handed_in"], points, "  ".join(filter(None, notes))))
        widths = [max(len(line[column]) for line in lines) for column in range(4)]
        print(name)
        for line in lines:
            cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
            print("  ".join(["", *cells, line[4]]).rstrip())
    return 0


def _standings(course: Path, name: str) -> Iterator[dict[str, Any]]:
    """Everybody of the course, and whether on its roster; who is not, and has handed in nothing, only looked."""
    from .. import nbcourse
    from ..launch import shelf

    roster = shelf.accounts(course)
    for row in nbcourse.whereabouts(course, name):
        on_roster = row.student in roster if roster else not row.is_login
        if on_roster or row.handed_in or not row.is_login:
            told = dataclasses.asdict(row)
            del told["is_login"]
            yield told | {"on_roster": on_roster}
