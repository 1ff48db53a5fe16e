"""`academy autograde`: the submissions of any nbgrader course, many at once."""

from __future__ import annotations

import argparse
from pathlib import Path

from ._options import Nouns

__all__ = ["words"]


def words(nouns: Nouns) -> None:
    """Enter the command."""
    command = nouns.add_parser("autograde", help="grade the submissions of any nbgrader course, many at once")
    command.add_argument("course", type=Path, help="folder of the course, with its nbgrader_config.py")
    command.add_argument("assignment", help="its name in the gradebook")
    command.add_argument("--student", action="append", metavar="ID", help="only this one's; once for each")
    command.add_argument("--workers", type=int, metavar="N", help="processes (default: one for each processor)")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the final table there too")
    command.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a setting over the course's own, e.g. Execute.timeout=60 or Limits.memory_mb=4096",
    )
    command.add_argument("--force", action="store_true", help="grade again what is graded and unchanged")
    command.add_argument("--scheduler", metavar="ADDRESS", help="grade on the Dask cluster of this scheduler instead")
    command.set_defaults(run=_autograde)


def _autograde(given: argparse.Namespace) -> int:
    from .. import autograde

    if given.json is not None:
        autograde.check_writable(given.json)
    report = autograde.batch(
        given.course,
        given.assignment,
        given.student,
        workers=given.workers,
        scheduler=given.scheduler,
        words=given.config,
        force=given.force,
        watch=autograde.Screen(),
    )
    print(autograde.table(report))
    if given.json is not None:
        autograde.write_json(report, given.json)
    return 0 if report.all_graded else 1
