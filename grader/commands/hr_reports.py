"""`academy hr matrix | gaps | expiring | results | ready | history | report`: what HR reads from the registry."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ._options import Nouns, answers_in, by, centre, day, known, language, many, read, tell

if TYPE_CHECKING:
    from ..reports import Listed, Overview

__all__ = ["words"]

SHOWN = 40
_PERSONAL = "It holds personal data: for HR and the people concerned."


def words(steps: Nouns) -> None:
    """Enter the steps."""
    _list(steps, "matrix", "who holds which level, and the domains of each newest result", _matrix)
    found = _list(steps, "gaps", "what each person lacks for the level that the job asks for", _gaps)
    found.add_argument("--next", action="store_true", help="also what everybody lacks for the next level")
    found = _list(steps, "expiring", "certificates to renew, soonest first, with the days left", _expiring)
    found.add_argument("--days", type=_days, help="only those that end within so many days, e.g. 90")
    _list(steps, "results", "every confirmed decision with points and domains", _results)
    _list(
        steps, "ready", "who is ready for the next level by results, ability and potential, and what is missing", _ready
    )
    _history_words(steps)
    _appraise_words(steps)
    report = steps.add_parser(
        "report",
        help="write the HR page and the Excel workbook, or the paper of a month",
        description="Writes hr.html and hr.xlsx into the centre's reports/ folder; with --month the report of that "
        f"month instead, as a PDF in each language. {_PERSONAL}",
    )
    report.add_argument("--language", choices=("en", "zh"), default=language(), help="language that opens first")
    report.add_argument("--month", type=_month, metavar="YYYY-MM", help="the report of a month as PDF, e.g. 2026-11")
    report.add_argument("--only", choices=("page", "workbook"), help="write only this one of the two")
    report.add_argument("--json", action="store_true", help="print the paths as one JSON document")
    centre(report)
    report.set_defaults(run=_report)


def _list(
    steps: Nouns, name: str, text: str, make: Callable[[Overview, argparse.Namespace], Listed]
) -> argparse.ArgumentParser:
    found = steps.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}. {_PERSONAL}")
    found.add_argument("--site", help="only people of this site, written as in the roster")
    found.add_argument("--team", help="only people of this team")
    found.add_argument("--level", type=int, metavar="N", help="only who holds level N, or has a job that asks for it")
    _answer(found)
    found.set_defaults(run=lambda given: _tell_list(given, make))
    return found


def _history_words(steps: Nouns) -> None:
    text = "what the registry says of one person, from the first day on"
    found = steps.add_parser("history", help=text, description=f"{text[:1].upper()}{text[1:]}. {_PERSONAL}")
    found.add_argument("person", help="staff number, e.g. A1001")
    _answer(found)
    found.set_defaults(run=_history)


def _appraise_words(steps: Nouns) -> None:
    found = steps.add_parser(
        "appraise",
        help="record how somebody's results or potential were appraised",
        description="Records an appraisal, as the centre's own procedure gave it, for `academy hr ready`. Ratings, how "
        "many appraisers are wanted and for how long an appraisal counts stand in scheme.yml under `promotion`. A CSV "
        "file has the columns person, part, rating, on, appraiser, evidence; all of its rows are recorded or none.",
    )
    found.add_argument("person", nargs="?", help="staff number of who was appraised, e.g. A1001")
    found.add_argument("--part", help="what was appraised: results or potential")
    found.add_argument("--rating", help="a rating of the scheme's scale, e.g. sound")
    found.add_argument("--on", type=day, help="the day of the appraisal (default: today)")
    found.add_argument("--appraiser", metavar="WHO", help="who appraised (default: who is named by --by)")
    found.add_argument("--evidence", help="on what it rests, e.g. 'scorecard of 2026 Q3'")
    found.add_argument("--file", type=Path, metavar="CSV", help="many appraisals at once")
    found.add_argument("--json", action="store_true", help="print one JSON document instead of a line")
    centre(found)
    by(found)
    found.set_defaults(run=_appraise)


def _answer(found: argparse.ArgumentParser) -> None:
    found.add_argument("--csv", type=Path, metavar="FILE", help="write all rows there, so that Excel opens them")
    found.add_argument("--json", action="store_true", help="print all rows as one JSON document")
    found.add_argument(
        "--rows", type=int, default=SHOWN, help="rows on the screen; 0 for all of them (default: %(default)s)"
    )
    answers_in(found, "of headings and words")
    centre(found)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"whole days are wanted, e.g. 90, got {text!r}")
    return int(text)


def _month(text: str) -> date:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"a month such as 2026-11 is wanted, got {text!r}")
    return date.fromisoformat(f"{text}-01")


def today() -> date:
    """The day of a report."""
    return datetime.now(UTC).date()


def _tell_list(given: argparse.Namespace, make: Callable[[Overview, argparse.Namespace], Listed]) -> int:
    from .. import certify, reports

    with certify.Academy(known(given.centre)) as academy:
        shown = reports.overview(academy.store, academy.framework, academy.scheme, today())
    _tell(given, make(shown, given))
    return 0


def _tell(given: argparse.Namespace, found: Listed) -> None:
    from .. import reports
    from ..reports.words import WORDS

    if given.csv is not None:
        _write_csv(given.csv, found, given.language)
        return
    if given.json:
        for line in reports.as_json(found):
            print(line)
        return
    lines = reports.as_lines(found, given.language, given.rows)
    print("\n".join(lines.shown))
    if lines.more:
        print(WORDS["more_rows"].say(given.language).format(lines.more))


def _write_csv(path: Path, found: Listed, language: str) -> None:
    from .. import reports

    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            count = reports.as_csv(found, language, file)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); name a file in a folder that exists") from error
    print(f"{path}: {many(count, 'row')}" if language == "en" else f"{path}：{count}行")


def _fits(shown: Overview, given: argparse.Namespace) -> Callable[[int], bool]:
    from .. import reports

    levels = len(shown.framework.levels)
    if given.level is not None and not 1 <= given.level <= levels:
        raise InputError(f"--level is a number from 1 to {levels}, got {given.level}")
    for name, wanted, known_ones in (("site", given.site, shown.people.site), ("team", given.team, shown.people.team)):
        if wanted is not None and wanted not in set(known_ones):
            some = ", ".join(sorted(filter(None, set(known_ones)))[:5]) or "none"
            raise InputError(f"nobody is of the {name} {wanted!r}; the registry has e.g. {some}")
    return reports.chosen(shown, given.site, given.team, given.level)


def _matrix(shown: Overview, given: argparse.Namespace) -> Listed:
    from .. import reports

    return reports.matrix(shown, _fits(shown, given))


def _gaps(shown: Overview, given: argparse.Namespace) -> Listed:
    from .. import reports

    return reports.gaps(shown, _fits(shown, given), beyond=given.next)


def _expiring(shown: Overview, given: argparse.Namespace) -> Listed:
    from .. import reports

    return reports.expiring(shown, _fits(shown, given), given.days)


def _results(shown: Overview, given: argparse.Namespace) -> Listed:
    from .. import reports

    return reports.results(shown, _fits(shown, given))


def _ready(shown: Overview, given: argparse.Namespace) -> Listed:
    from .. import reports

    if shown.scheme.promotion is None:
        raise InputError("the scheme has no table `promotion`; write one into scheme.yml, as docs/hr.md shows")
    return reports.ready(shown, shown.scheme.promotion, _fits(shown, given))


def _history(given: argparse.Namespace) -> int:
    from .. import certify, reports

    with certify.Academy(known(given.centre)) as academy:
        _tell(given, reports.history(academy.store, academy.framework, academy.scheme, given.person))
    return 0


def _appraise(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import appraising

    if (given.person is None) is (given.file is None):
        raise InputError("name one person, or give a file with --file")
    if given.file is not None:
        rows = appraising.read_appraisals(given.file.name, read(given.file))
    else:
        if missing := [f"--{name}" for name in ("part", "rating", "evidence") if not getattr(given, name)]:
            raise InputError(f"an appraisal of one person needs {', '.join(missing)}")
        on = (given.on or today()).isoformat()
        rows = [
            appraising.Appraisal(
                given.person, given.part, given.rating, on, given.appraiser or given.by, given.evidence.strip()
            )
        ]
    with certify.Academy(known(given.centre)) as academy:
        new = appraising.record(academy, rows, given.by, given.file.name if given.file else "")
    tell(
        given,
        {"recorded": new, "known": len(rows) - new},
        [f"{many(new, 'appraisal')} recorded, {len(rows) - new} known already"],
    )
    return 0


def _report(given: argparse.Namespace) -> int:
    from .. import certify, reports

    if given.month is not None and given.month > today():
        raise InputError(f"{given.month:%Y-%m} has not begun; give a month that has")
    with certify.Academy(known(given.centre)) as academy:
        rules, folder = (academy.framework, academy.scheme), academy.centre.reports
        if given.month is None:
            paths = reports.write(academy.store, *rules, folder, given.language, only=given.only)
        else:
            paths = reports.write_month(academy.store, *rules, academy.issuer.name, folder, given.month, today())
    tell(given, [str(path) for path in paths], map(str, paths))
    return 0
