"""`academy exam statistics` and `academy exam panel`: what the answers say, and the panel that sets a cut."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError, RuleBroken
from ..model import LANGUAGES
from ._options import Nouns, by, centre, known, language, many, read, say_problems, step, tell

if TYPE_CHECKING:
    from ..certify.statistics import Statistics

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the steps."""
    statistics = step(
        steps, "statistics", "items and forms of a marked sitting: how hard, how telling, how reliable, fit or not",
        _statistics, acts=False,
    )  # fmt: skip
    statistics.add_argument(
        "--options", action="store_true", help="who chose what for every item, not flagged ones only"
    )
    statistics.add_argument("--csv", type=Path, metavar="FILE", help="write the table of items there, too")
    panel = steps.add_parser("panel", help="the judges who set the cut score of a form, in two rounds")
    parts = panel.add_subparsers(required=True, metavar="PART")
    sheet = _part(parts, "sheet", "write a sheet for each judge into the office's papers", _sheet)
    sheet.add_argument("--form", help="the form to be judged; needed for the first round")
    sheet.add_argument("--round", type=int, choices=(1, 2), default=1, help="default: %(default)s")
    sheet.add_argument(
        "--judge", action="append", default=[], metavar="NAME",
        help="who judges, once for each; a second round goes to all of the first when nobody is named",
    )  # fmt: skip
    sheet.add_argument("--language", choices=LANGUAGES, default=language(), help="of the sheet (default: %(default)s)")
    by(sheet)
    rate = _part(parts, "rate", "take in the sheets that the judges have filled", _rate)
    rate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a filled sheet, CSV as Excel saves it")
    by(rate)
    _part(parts, "show", "both rounds, the spread of the judges, the check, and what is still open", _show)
    settle = _part(parts, "set", "make the cut of the second round the cut of the form", _set)
    settle.add_argument("--reason", default="", help="why, when the cut lies outside of what the judges can answer for")
    by(settle)


def _part(parts: Nouns, name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    made = parts.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
    made.add_argument("panel", help="name of the panel, e.g. TL-2026-A")
    centre(made)
    made.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    made.set_defaults(run=run)
    return made


def _statistics(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import statistics
    from ._figures import statistics_lines

    with certify.Academy(known(given.centre)) as academy:
        found = statistics.statistics(academy, given.sitting)
    if given.csv is not None:
        _write_items(given.csv, found)
    forms = [
        asdict(form) | {"fit": form.fitness.fit, "verdict": form.fitness.sentence} for form in found.forms
    ]  # what is computed is told, too
    tell(given, asdict(found) | {"forms": forms}, statistics_lines(found, options=given.options))
    return 0


def _write_items(path: Path, found: Statistics) -> None:
    from ._figures import ITEM_HEADS, item_cells

    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(ITEM_HEADS)
            table.writerows(item_cells(form.form, row) for form in found.forms for row in form.items)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); name a file in a folder that exists") from error


def _sheet(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import panel

    with certify.Academy(known(given.centre)) as academy:
        paths = panel.write_sheets(academy, given.panel, given.round, given.form, given.judge, given.language, given.by)
    tell(given, {"panel": given.panel, "round": given.round, "sheets": paths}, map(str, paths))
    return 0


def _rate(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import panel

    taken: dict[str, list[str]] = {}
    refused: dict[str, str] = {}
    with certify.Academy(known(given.centre)) as academy:
        for path in given.files:  # a sheet that cannot be used stops no other
            try:
                taken[str(path)] = panel.rate(academy, given.panel, path.name, read(path), given.by)
            except (InputError, RuleBroken) as error:
                refused[str(path)] = str(error)
    say_problems(list(refused.values()))
    lines = [f"{name}: ratings of {', '.join(judges)}" for name, judges in taken.items()]
    lines.append(f"{many(len(taken), 'sheet')} taken in, {len(refused)} could not be")
    tell(given, {"panel": given.panel, "taken": taken, "refused": refused}, lines)
    return 1 if refused else 0


def _show(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import panel
    from ._figures import panel_lines

    with certify.Academy(known(given.centre)) as academy:
        seen = panel.look(academy, given.panel)
    tell(given, asdict(seen), panel_lines(seen))
    return 0


def _set(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import panel

    with certify.Academy(known(given.centre)) as academy:
        cut = panel.settle(academy, given.panel, given.by, given.reason)
    line = f"the cut is {cut.points:g} points, standard error {cut.se:.2f}, {cut.method} by {len(cut.judges)} judges"
    tell(given, asdict(cut), [line])
    return 0
