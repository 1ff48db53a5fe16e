"""nbgrader's own run of a submission, for comparison: its converter, its Execute or another, its own writing."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets.config.loader import PyFileConfigLoader


def autograde(course: Path, assignment: str, student: str, execute: Any = Execute) -> None:
    """As ``nbgrader autograde`` with the course's configuration, ``execute`` in the place of its executor."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    log = logging.Logger("nbgrader", logging.CRITICAL)
    where = CourseDirectory(config=config, log=log)
    where.assignment_id, where.student_id = assignment, student
    converter = Autograde(coursedir=where, config=config, log=log)
    converter.force = True
    steps = converter.autograde_preprocessors
    converter.autograde_preprocessors = [execute, *steps[1:]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        converter.start()


def generate(course: Path, assignment: str) -> None:
    """As ``nbgrader generate_assignment`` with the course's configuration."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    log = logging.Logger("nbgrader", logging.CRITICAL)
    where = CourseDirectory(config=config, log=log)
    where.assignment_id = assignment
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        GenerateAssignment(coursedir=where, config=config, log=log).start()
