"""The one place that writes the marks of a batch: it knows what is done, and saves a submission whole."""

from __future__ import annotations

import glob
import json
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets import TraitError

from grader.errors import GradingError, InputError
from grader.nbcourse._cells import cells_of, flag_unjudged, order_of
from grader.nbcourse._convert import config_of, gradebook, quiet
from grader.nbcourse._files import replace_folder
from grader.nbcourse._kept import grader_version, locked, note, noted
from grader.nbcourse._pipeline import Pipeline, check_words, limits_of, pipeline_of
from grader.nbcourse._plan import Graded, Handed, NotebookPlan, Plan, digest, files_of, hidden_of, over, read_handed
from grader.nbcourse._rows import (
    by_student,
    cell_rows,
    find_or_make_student,
    late_by_student,
    layout_of,
    one_transaction,
    points_by_student,
    write_rows,
)
from grader.nbcourse._steps import run_steps

__all__ = ["Desk", "Outcome", "Standing"]


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook of one submission."""

    student: str
    notebook: str
    state: str
    """``graded``, ``needs a person``, ``missing`` or ``failed``."""
    reason: str
    seconds: float
    unjudged: Mapping[str, str] = field(default_factory=dict)
    """Test cells that no program could judge, and why."""


@dataclass(frozen=True)
class Standing:
    """Where a student stands in an assignment, by the gradebook."""

    student: str
    score: float
    max_score: float
    waiting: tuple[str, ...]
    """Cells that wait for a person, as ``notebook/cell``."""


class Desk:
    """An assignment of a course, open for grading; use it in a ``with``: nobody else grades the course meanwhile.

    ``words`` are settings that go over the course's own, such as ``Execute.timeout=60``; ``limits`` the names that the
    section ``Limits`` may set; ``say`` is told when another grader has to be waited for.
    """

    def __init__(
        self,
        course: Path,
        assignment: str,
        words: Sequence[str] = (),
        *,
        limits: frozenset[str] = frozenset(),
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.course, self.assignment, self._words, self._say = course, assignment, tuple(words), say
        self._config = config_of(course, words)
        check_words(words, limits)
        try:
            with quiet():
                self._where = CourseDirectory(config=self._config)
                self._converter = Autograde(coursedir=self._where, config=self._config, log=_silent())
                self.pipeline: Pipeline = pipeline_of(self._converter, self._config)
                self._late = self.pipeline.late()
                self._limits = limits_of(self._config)
        except TraitError as error:
            raise InputError(f"the configuration of {course} cannot be used: {' '.join(str(error).split())}") from error
        self._stack = ExitStack()

    def __enter__(self) -> Desk:
        with ExitStack() as stack, self._in_one_sentence():
            file = re.fullmatch(r"sqlite:///(.+)", self._where.db_url)
            if file and not Path(self.course, file[1]).is_file():
                raise InputError(
                    f"{self.course} has no gradebook yet, so {self.assignment!r} is not in it: release it first"
                )
            stack.enter_context(locked(self.course, self._say))
            self.submitted = self._submitted()
            stack.enter_context(quiet())
            self._book = stack.enter_context(gradebook(self.course, self._where))
            self.plan = self._plan()
            self._rows = by_student(cell_rows(self._book, self.assignment))
            self._extensions = late_by_student(self._book, self.assignment)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    # --- reading ---

    def chosen(self, students: Sequence[str] | None) -> list[str]:
        """Those whose work is to be graded: everybody who handed in, when nobody is named."""
        for student in students or ():
            if student not in self.submitted:
                raise InputError(f"{student!r} handed in nothing for {self.assignment!r} in {self.course}")
        return list(self.submitted) if students is None else list(dict.fromkeys(students))

    def read(self, student: str) -> Handed:
        """What ``student`` handed in, as data; the course's own steps before the executor are already taken."""
        place = (student, self.assignment)
        handed = read_handed(
            student,
            self.submitted[student],
            sorted(self.plan.notebooks),
            self._where.ignore,
            self.course.joinpath("data", *place),
            self.course / "marks" / student / f"{self.assignment}.json",
        )
        key = digest(handed.digest.encode(), self.plan.digest.encode(), self._extensions.get(student, "").encode())
        return replace(handed, digest=key)

    def prepare(self, handed: Handed) -> Handed:
        """What must be done here before a worker may have it: the course's hook, and steps that only it knows."""
        if self._converter.pre_convert_hook:
            self._hook(self._converter.run_pre_convert_hook, handed)
            handed = self.read(handed.student)
        if self.pipeline.known:
            return handed
        notebooks, wrong = dict(handed.notebooks), dict(handed.wrong)
        for name in [name for name in notebooks if name not in wrong]:
            try:
                steps = [self.pipeline.made_known(step) for step in self.pipeline.before]
                text = run_steps(steps, notebooks[name].decode("utf-8"), self._resources(handed.student, name))
                notebooks[name] = text.encode()
            except Exception as error:
                wrong[name] = f"a step of the course's configuration failed: {type(error).__name__}: {error}"
        return replace(handed, notebooks=notebooks, wrong=wrong)

    def earlier(self, handed: Handed) -> list[Outcome] | None:
        """The outcomes of an earlier run, when nothing that they rest on or that they wrote has changed since."""
        kept = noted(self.course, self.assignment, handed.student)
        if kept.get("digest") != handed.digest or kept.get("marks") != self._marks_of(handed.student):
            return None
        outcomes = []
        for name, words in kept["notebooks"].items():
            if words["state"] == "failed" or not self._stands(handed.student, name, words["text"]):
                return None
            outcomes.append(Outcome(handed.student, name, words["state"], words["reason"], 0.0, words["unjudged"]))
        return outcomes

    # --- writing ---

    def save(self, handed: Handed, results: Mapping[str, Graded | str]) -> list[Outcome]:
        """Write a graded submission: its rows at once, its folder at once, then the note that it is done."""
        results = {**results, **handed.wrong}
        with self._in_one_sentence():
            note(self.course, self.assignment, handed.student, None)
            results = self._book_rows(handed, results)
            self._write_folder(handed, results)
            self._rows |= by_student(cell_rows(self._book, self.assignment, handed.student))
            outcomes = [self._outcome(handed.student, name, results.get(name)) for name in sorted(self.plan.notebooks)]
            words: dict[str, dict[str, Any]] = {}
            for outcome in outcomes:
                result = results.get(outcome.notebook)
                text = digest(result.text.encode()) if isinstance(result, Graded) else ""
                words[outcome.notebook] = {"state": outcome.state, "reason": outcome.reason, "text": text}
                words[outcome.notebook]["unjudged"] = dict(outcome.unjudged)
            kept = {"digest": handed.digest, "marks": self._marks_of(handed.student), "notebooks": words}
            note(self.course, self.assignment, handed.student, kept)
        if self._converter.post_convert_hook:
            self._hook(self._converter.run_post_convert_hook, handed)
        return outcomes

    def standings(self, students: Sequence[str]) -> dict[str, Standing]:
        """Where each of ``students`` stands now; who is not in the gradebook has nothing."""
        points = points_by_student(self._book, self.assignment)
        rows = by_student(cell_rows(self._book, self.assignment))
        cells = [cell for notebook in self.plan.notebooks.values() for cell in notebook.cells.values()]
        total = float(sum(cell.get("points", 0) for cell in cells))
        found = {}
        for student in students:
            waiting = [f"{notebook}/{cell}" for notebook, cell, _, person in rows.get(student, []) if person]
            found[student] = Standing(student, points.get(student, 0.0), total, tuple(sorted(waiting)))
        return found

    # --- inside ---

    def _book_rows(self, handed: Handed, results: dict[str, Graded | str]) -> dict[str, Graded | str]:
        plain = self.pipeline.plain
        try:
            with one_transaction(self._book):
                find_or_make_student(self._book, handed.student, self._converter.create_student)
                write_rows(self._book, self._layout, handed, results, self._late if plain else None)
        except GradingError as error:
            return dict.fromkeys(self.plan.notebooks, str(error))
        finally:
            self._book.db.expunge_all()
        if plain:
            return results
        return {name: self._book_by_steps(handed, name, result) for name, result in results.items()}

    def _book_by_steps(self, handed: Handed, name: str, result: Graded | str) -> Graded | str:
        """The last steps as the course's configuration has them, for one of its own among them."""
        if isinstance(result, str):
            return result
        resources = {**self._resources(handed.student, name), "unjudged": dict(result.unjudged)}
        steps = [self.pipeline.made(step) for step in self.pipeline.booked if step is not flag_unjudged]
        try:
            text = run_steps([*steps, flag_unjudged], result.text, resources)
        except Exception as error:
            return f"a step of the course's configuration failed: {type(error).__name__}: {error}"
        return replace(result, text=text)

    def _write_folder(self, handed: Handed, results: Mapping[str, Graded | str]) -> None:
        texts = {f"{name}.ipynb": r.text.encode() for name, r in results.items() if isinstance(r, Graded)}
        folder = self._folder(handed.student)
        for left in folder.parent.glob(f".{glob.escape(folder.name)}-*"):  # by a run that was killed
            replace_folder(left, {})
            left.rmdir()
        trusted = {name: data for name, data in self.plan.files.items() if name not in self.plan.own}
        own = {name: data for name, data in self.plan.files.items() if name in self.plan.own}
        replace_folder(folder, over({**own, **handed.files}, {**trusted, **texts}))
        self._converter.set_permissions(self.assignment, handed.student)

    def _outcome(self, student: str, name: str, result: Graded | str | None) -> Outcome:
        if result is None:
            return Outcome(student, name, "missing", f"no {name}.ipynb was handed in", 0.0)
        if isinstance(result, str):
            return Outcome(student, name, "failed", result, 0.0)
        reason = "; ".join(f"{cell}: {why}" for cell, why in result.unjudged.items())
        waits = any(person for notebook, _, _, person in self._rows[student] if notebook == name)
        return Outcome(student, name, "needs a person" if waits else "graded", reason, result.seconds, result.unjudged)

    def _marks_of(self, student: str) -> dict[str, float | None]:
        return {f"{notebook}/{cell}": auto for notebook, cell, auto, _ in self._rows.get(student, [])}

    def _stands(self, student: str, name: str, text: str) -> bool:
        """Whether the notebook on disk is the one that was written (none, when none was)."""
        path = self._folder(student) / f"{name}.ipynb"
        return digest(path.read_bytes()) == text if path.is_file() else not text

    def _folder(self, student: str) -> Path:
        return Path(os.path.normpath(self._path(self._where.autograded_directory, student)))

    def _path(self, step: str, student: str) -> str:
        return str(self._where.format_path(step, student, self.assignment))

    def _submitted(self) -> dict[str, Path]:
        """The folders that were handed in, by student, wherever the course's configuration lays them."""
        step, any_one = self._where.submitted_directory, "\0"
        exact = self._path(step, any_one)
        pattern = re.compile(re.escape(exact).replace(re.escape(any_one), "([^/]+)"))
        found = {}
        for name in glob.glob(glob.escape(exact).replace(any_one, "*")):  # noqa: PTH207, an absolute pattern
            match = pattern.fullmatch(name)
            if match and Path(name).is_dir():
                found[match[1]] = Path(name)
        excluded = set(filter(None, self._where.student_id_exclude.split(",")))
        return {student: found[student] for student in sorted(found) if student not in excluded}

    def _plan(self) -> Plan:
        try:
            row = self._book.find_assignment(self.assignment)
        except MissingEntry as error:
            raise InputError(f"assignment {self.assignment!r} is not in the gradebook: publish it first") from error
        source = Path(os.path.normpath(self._path(self._where.source_directory, ".")))
        files = files_of(source, self._where.ignore)
        self._layout = layout_of(row)
        notebooks = {}
        for notebook in row.notebooks:
            cells = cells_of(notebook)
            kernel = json.loads(notebook.kernelspec) if notebook.kernelspec else None
            order = tuple(order_of(source / f"{notebook.name}.ipynb", cells))
            notebooks[str(notebook.name)] = NotebookPlan(str(notebook.name), kernel, cells, order)
        pipeline, own = self.pipeline, self._converter.exclude_overwriting.get(self.assignment, [])
        hidden = hidden_of(Path(os.path.normpath(self._path(self._where.release_directory, "."))), files)
        config = (self.course / "nbgrader_config.py").read_bytes()
        said = repr([(n.name, n.kernelspec, n.cells, n.order) for n in notebooks.values()]) + repr(row.duedate)
        parts = [said, grader_version(), *self._words, *sorted(hidden)]
        parts += [f"{name} {digest(files[name])}" for name in sorted(files)]
        return Plan(
            self.assignment,
            notebooks,
            files,
            frozenset(own),
            hidden,
            pipeline.as_data(pipeline.before) if pipeline.known else (),
            pipeline.as_data(pipeline.after),
            self._limits,
            grader_version(),
            digest(config, *(part.encode(errors="surrogateescape") for part in parts)),
        )

    def _resources(self, student: str, name: str) -> dict[str, Any]:
        words = {"student": student, "assignment": self.assignment, "notebook": name, "db_url": self._where.db_url}
        metadata = {"name": name, "path": str(self._folder(student))}
        plan = self.plan.notebooks[name]
        return {
            "unique_key": name,
            "output_files_dir": f"{name}_files",
            "nbgrader": {**words, "plan": plan},
            "metadata": metadata,
        }

    def _hook(self, hook: Callable[[], None], handed: Handed) -> None:
        self._where.assignment_id, self._where.student_id = self.assignment, handed.student
        self._converter.notebooks = [str(self.submitted[handed.student] / f"{name}.ipynb") for name in handed.notebooks]
        hook()

    @contextmanager
    def _in_one_sentence(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InputError(f"{error.filename or self.course} cannot be used: {error.strerror}") from error
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise InputError(f"the gradebook of {self.course} cannot be used: {said}") from error


def _silent() -> logging.Logger:
    log = logging.Logger("nbgrader")
    log.addHandler(logging.NullHandler())
    return log
