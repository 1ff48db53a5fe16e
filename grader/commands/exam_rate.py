"""`academy exam rate`: people mark answers blind, each in a booklet of their own."""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..model import LANGUAGES
from ._options import Nouns, known, language, many, read, step, tell
from .zh import wide

__all__ = ["words"]

if TYPE_CHECKING:
    from ..certify.rating import Comparison
    from ..marking import Agreement


def words(steps: Nouns) -> None:
    """Enter the step."""
    rate = step(
        steps, "rate", "give a marker the answers to mark, without names, and take the marks in", _rate, apart=True,
        reads=lambda given: bool(given.report),
    )  # fmt: skip
    what = rate.add_mutually_exclusive_group()
    what.add_argument("--take", type=Path, metavar="FILE", help="take in the file of marks that --by saved")
    what.add_argument("--report", action="store_true", help="what is still to be marked, and how far markers agree")
    rate.add_argument(
        "--folder", type=Path, metavar="DIR", help="where the booklet goes (default: office/SITTING of the centre)"
    )
    rate.add_argument("--language", choices=LANGUAGES, default=language(), help="of the booklet (default: %(default)s)")
    rate.epilog = (
        "Without --take and --report it writes the booklet of --by: a page to open in a browser, to mark in, and to "
        "save the file of marks from. How many have to mark each answer stands in scheme.yml (markers); where they lie "
        "apart, one more does."
    )


def _rate(given: argparse.Namespace) -> int:
    if given.report:
        return _report(given)
    return _booklet(given) if given.take is None else _take(given)


def _booklet(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import booklet

    with certify.Academy(known(given.centre)) as academy:
        made = booklet.booklet(academy, given.sitting, given.by, given.language)
        folder = given.folder or academy.centre.office / given.sitting
        who = re.sub(r"[^\w.-]+", "-", given.by)
        path = folder / f"{given.sitting}-marks-of-{who}.html"
        if made.files:
            path = path.with_suffix("") / "booklet.html"
        if made.answers:
            _write(path, made.html, made.files)
    lines = [f"{many(made.answers, 'answer')} to be marked by {given.by}"]
    if made.withheld:
        lines.append(
            f"{made.withheld} more for others: near the candidate, ordered by this marker, or of another domain"
        )
    if made.answers:
        lines += [
            str(path),
            f"Give {'its folder, with all that is in it,' if made.files else 'this file'} to the marker. "
            "The marks come back with: "
            f"academy exam rate {given.sitting} --by '{given.by}' --take FILE",
        ]
    document = {
        "sitting": given.sitting,
        "marker": given.by,
        "answers": made.answers,
        "withheld": made.withheld,
        "file": str(path) if made.answers else None,
        "files": sorted(made.files),
    }
    tell(given, document, lines)
    return 0


def _write(path: Path, page: str, files: Mapping[str, bytes]) -> None:
    """The page and what it links to; what an earlier booklet left there goes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if files:
            shutil.rmtree(path.parent / "files", ignore_errors=True)
        for name, data in {path.name: page.encode(), **files}.items():
            part = path.parent / name
            part.parent.mkdir(exist_ok=True, mode=0o700)
            part.write_bytes(data)
            part.chmod(0o600)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); give another --folder") from error


def _take(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import booklet, rating

    with certify.Academy(known(given.centre)) as academy:
        marks = booklet.read_marks(academy, given.sitting, given.by, read(given.take))
        names = {place: f"answer {number} in {given.take.name}" for number, place in enumerate(marks, start=1)}
        done = rating.take(academy, given.sitting, given.by, marks, names)
        left = rating.left_for(academy, given.sitting, given.by)
    lines = [f"{many(len(done.taken), 'mark')} of {given.by} taken in, {many(len(done.settled), 'answer')} settled"]
    if done.known:
        lines.append(f"{len(done.known)} {'was' if len(done.known) == 1 else 'were'} known already")
    if done.late:
        lines.append(f"{len(done.late)} came too late: all the marks that were needed are there")
    if done.another:
        lines.append(f"{many(len(done.another), 'answer')} to be marked by one more, because the markers lie apart")
    if left:
        lines.append(f"{many(left, 'answer')} left for {given.by}")
    tell(given, {"sitting": given.sitting, "marker": given.by, **asdict(done), "left": left}, lines)
    return 0


def _report(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import rating

    with certify.Academy(known(given.centre)) as academy:
        found = rating.compare(academy, given.sitting, given.language)
        rules = academy.scheme.marking
    tell(given, {"sitting": given.sitting, **asdict(found)}, _lines(found, rules.difference, rules.kappa))
    return 0


def _lines(found: Comparison, difference: float, kappa: float) -> Iterator[str]:
    yield f"{found.settled} of {many(found.answers, 'answer')} settled, {many(found.wanted, 'mark')} still to be given"
    if found.overall is None:
        yield "No answer has two marks yet."
        return
    rows = [("all answers", found.overall), *found.by_question.items()]
    heads = f"{'n':>4} {'equal':>6} {f'<= {difference:g}':>6} {'kappa':>6} {'ICC':>6}"
    yield ""
    yield f"{'first two marks of each answer':40} {heads}"
    yield from (f"{_first(name)} {_figures(one)}" for name, one in rows)
    yield ""
    yield f"{'marker':40} {heads}  gives more by"
    yield from (f"{_first(name)} {_figures(one)}  {one.lean:+.2f}" for name, one in found.by_marker.items())
    if found.overall.answers < 30:
        yield "Below 30 answers these figures describe and prove nothing."
    elif found.overall.kappa is not None and found.overall.kappa < kappa:
        yield f"Weighted kappa is below the {kappa:g} of the scheme: let the markers meet over the rubric."


def _first(name: str) -> str:
    """The first cell of a row, as wide as its head whatever the script."""
    return name[:40] + " " * max(40 - wide(name[:40]), 0)


def _figures(one: Agreement) -> str:
    shares = (one.equal, one.within, one.kappa, one.icc)
    return f"{one.answers:>4} " + " ".join(f"{'-' if share is None else f'{share:.2f}':>6}" for share in shares)
