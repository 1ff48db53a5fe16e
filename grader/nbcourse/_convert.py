"""nbgrader's converters, gradebook and configuration, called in this process and without their noise."""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets.config.loader import Config, PyFileConfigLoader

from grader.errors import AcademyError, GradingError, InputError

__all__ = ["CONFIG", "Preprocessor", "config_of", "convert", "gradebook", "quiet"]

Preprocessor = Callable[[Any, Any], tuple[Any, Any]]

# Lists may name functions: nbconvert imports the name. The order has reasons: our `normalise` must come before
# OverwriteCells, which gives up on a test cell whose flags were changed; `restore_missing` after it, since what it
# adds is already as in the gradebook; `flag_unjudged` after SaveAutoGrades, whose verdict it takes back.
CONFIG = '''"""nbgrader's configuration of this course; formgrader reads it too. Yours to extend."""

from pathlib import Path

c = get_config()  # noqa: F821
root = Path(__file__).resolve().parent

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.db_url = f"sqlite:///{{root / 'gradebook.db'}}"
c.Exchange.root = str((root / {exchange!r}).resolve())
c.Exchange.timestamp_format = "%Y-%m-%d %H:%M:%S %Z"  # trainees read it

c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "grader.nbcourse._cells.normalise",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "grader.nbcourse._cells.restore_missing",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    {executor!r},
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "grader.nbcourse._cells.flag_unjudged",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.exporter_class = "grader.nbcourse._page.FeedbackPage"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "grader.nbcourse._cells.hide_tests",
    "grader.nbcourse._page.summarise",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# A submission is shown in the trainer's browser: its HTML and scripts must not run there.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {{
    "markdown2html": "grader.nbcourse._show.markdown",
    "clean_html": "grader.nbcourse._show.clean",
}}
'''


def convert(
    course: Path, verb: type, assignment: str, student: str, notebook: str = "*", execute: Preprocessor | None = None
) -> tuple[str | None, Mapping[str, str]]:
    """Run one of nbgrader's converters; returns why it failed (None: it did not) and the cells that were not judged."""
    config, log = config_of(course), _Log()
    raised: list[Exception] = []
    unjudged: dict[str, str] = {}
    where = CourseDirectory(config=config, log=log.logger)
    where.assignment_id, where.student_id, where.notebook_id = assignment, student, notebook
    where.ignore = [*where.ignore, *_links(course / "submitted" / student / assignment)]
    converter = verb(coursedir=where, config=config, log=log.logger)
    converter.force = True
    if verb is Autograde:
        steps = converter.autograde_preprocessors
        if execute is not None:
            steps = [execute if n == 0 or step is Execute else step for n, step in enumerate(steps)]
        converter.autograde_preprocessors = [_watched(step, raised, unjudged) for step in steps]
    with quiet():
        try:
            converter.start()
        except NbGraderException as error:
            if raised and not isinstance(raised[0], GradingError) and isinstance(raised[0], AcademyError):
                raise raised[0] from None  # a missing tool stops the batch: no submission could be graded
            return str(raised[0]) if raised else log.reason(str(error)), unjudged
    return None, unjudged


def _watched(step: Any, raised: list[Exception], unjudged: dict[str, str]) -> Any:
    """The preprocessor ``step``, a function or its name, with what it raises and leaves unjudged written down."""
    if isinstance(step, str):
        module, _, name = step.rpartition(".")
        step = getattr(import_module(module), name)
    if isinstance(step, type):
        return step

    def watched(notebook: Any, resources: Any) -> tuple[Any, Any]:
        try:
            notebook, resources = step(notebook, resources)
        except Exception as error:
            raised.append(error)
            raise
        unjudged.update(resources.get("unjudged", {}))
        return notebook, resources

    return watched


class _Log:
    """nbgrader's log, kept instead of printed; nbgrader tells the cause of a failure nowhere else."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.logger = logging.Logger("nbgrader", logging.WARNING)
        handler = logging.Handler()
        handler.emit = lambda record: self.lines.append(record.getMessage())  # type: ignore[method-assign]
        self.logger.addHandler(handler)

    def reason(self, otherwise: str) -> str:
        """What the first traceback ended with: nbgrader logs the cause, then raises something vague."""
        traces = [line for line in self.lines if line.startswith("Traceback")]
        return re.sub(r"\A[\w.]+: ", "", traces[0].strip().splitlines()[-1]) if traces else otherwise


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings that nbgrader's own code causes in nbformat, SQLAlchemy and datetime."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def gradebook(course: Path) -> Iterator[Any]:
    tools = str(Path(sys.executable).parent)
    if tools not in os.environ.get("PATH", "").split(os.pathsep):
        # nbgrader calls `alembic` by its bare name when it makes a gradebook
        os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", "")])
    where = CourseDirectory(config=config_of(course))
    with quiet(), Gradebook(where.db_url, where.course_id) as book:
        yield book


def config_of(course: Path) -> Config:
    """The configuration of a course folder as nbgrader reads it."""
    if not (course / "nbgrader_config.py").is_file():
        raise InputError(f"{course} holds no nbgrader_config.py: it is not a course folder")
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course.resolve())
    return config


def _links(folder: Path) -> list[str]:
    """Names of symbolic links in a submission: nbgrader would copy what they point at."""
    return sorted({path.name for path in folder.rglob("*") if path.is_symlink()})
