"""nbgrader's converters, gradebook and configuration, called in this process and without their noise."""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import Config, DeferredConfigString, PyFileConfigLoader

from grader.errors import InputError

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


def convert(course: Path, verb: type, assignment: str, student: str) -> str | None:
    """Run one of nbgrader's converters; returns why it failed, None when it did not."""
    config, log = config_of(course), _Log()
    where = CourseDirectory(config=config, log=log.logger)
    where.assignment_id, where.student_id = assignment, student
    converter = verb(coursedir=where, config=config, log=log.logger)
    converter.force = True
    with quiet():
        try:
            converter.start()
        except NbGraderException as error:
            return log.reason(str(error))
    return None


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
def gradebook(course: Path, where: CourseDirectory | None = None) -> Iterator[Any]:
    """The gradebook of a course, open; nbgrader makes one that is not there."""
    tools = str(Path(sys.executable).parent)
    if tools not in os.environ.get("PATH", "").split(os.pathsep):
        # nbgrader calls `alembic` by its bare name when it makes a gradebook
        os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", "")])
    where = where or CourseDirectory(config=config_of(course))
    with quiet(), Gradebook(where.db_url, where.course_id) as book:
        yield book


def config_of(course: Path, words: Sequence[str] = ()) -> Config:
    """The configuration of a course folder as nbgrader reads it, then ``words`` such as ``Execute.timeout=60``."""
    path = course / "nbgrader_config.py"
    if not path.is_file():
        raise InputError(f"{course} holds no nbgrader_config.py: it is not a course folder")
    try:
        config = PyFileConfigLoader(path.name, path=str(course)).load_config()
    except Exception as error:  # it is a program: anything can happen in it
        raise InputError(f"{path} cannot be read: {type(error).__name__}: {' '.join(str(error).split())}") from error
    for word in words:
        key, equals, value = word.partition("=")
        section, _, name = key.partition(".")
        if not (equals and section and name.isidentifier()):
            raise InputError(f"a setting is written Class.name=value, e.g. Execute.timeout=60, got {word!r}")
        config[section][name] = DeferredConfigString(value)
    config.CourseDirectory.root = str(course.resolve())
    return config
