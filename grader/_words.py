"""The words of the command `academy`: its nouns, steps and options, each naming the function that does it."""

from __future__ import annotations

import argparse
import getpass
import math
import os
from datetime import UTC, datetime
from pathlib import Path

from .centre import PROJECT

__all__ = ["parser"]

PURPOSES = ("certification", "practice", "demonstration")


def parser() -> argparse.ArgumentParser:
    """Every command with its options; docs/reference/commands.md is written from it."""
    root = argparse.ArgumentParser(prog="academy", description="Train and certify the people of a contact centre.")
    nouns = root.add_subparsers(title="commands", required=True, metavar="COMMAND")

    demo = nouns.add_parser("demo", help="the whole certifying journey, headless, with twelve scripted candidates")
    demo.add_argument(
        "--folder", type=Path, default=PROJECT / "demo-centre", help="where the demo's centre is made anew"
    )
    demo.set_defaults(run="demo")

    start = nouns.add_parser("start", help="open JupyterLab on a training centre of one's own, made on the first call")
    start.add_argument("--trainer", action="store_true", help="the trainer's view: sources, bank, formgrader")
    start.add_argument(
        "--language", choices=("en", "zh"), default=_language(), help="language of the pages (default: %(default)s)"
    )
    _server(start)
    _centre(start)
    start.set_defaults(run="start")

    test = nouns.add_parser("test", help="run the tests", add_help=False)
    test.add_argument("words", nargs=argparse.REMAINDER, help="passed on to pytest")
    test.set_defaults(run="test")

    _autograde(nouns.add_parser("autograde", help="grade the submissions of any nbgrader course, many at once"))
    _courses(nouns.add_parser("courses", help="lessons: check and build").add_subparsers(required=True, metavar="STEP"))
    _bank(nouns.add_parser("bank", help="the question bank: check").add_subparsers(required=True, metavar="STEP"))
    _exam(nouns.add_parser("exam", help="an exam, step by step").add_subparsers(required=True, metavar="STEP"))
    _hr(nouns.add_parser("hr", help="people and reports").add_subparsers(required=True, metavar="STEP"))
    _cert(nouns.add_parser("cert", help="certificates").add_subparsers(required=True, metavar="STEP"))
    registry = nouns.add_parser("registry", help="the record of everything").add_subparsers(
        required=True, metavar="STEP"
    )
    verify = registry.add_parser("verify", help="check that no fact was changed, removed or moved")
    _centre(verify)
    verify.set_defaults(run="registry_verify")
    return root


def _autograde(words: argparse.ArgumentParser) -> None:
    words.add_argument("course", type=Path, help="folder of the course, with its nbgrader_config.py")
    words.add_argument("assignment", help="its name in the gradebook")
    words.add_argument("--student", action="append", metavar="ID", help="only this one's; once for each")
    words.add_argument("--workers", type=int, metavar="N", help="processes (default: one for each processor)")
    words.add_argument("--json", type=Path, metavar="FILE", help="write the final table there too")
    words.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a setting over the course's own, e.g. Execute.timeout=60 or Limits.memory_mb=4096",
    )
    words.add_argument("--force", action="store_true", help="grade again what is graded and unchanged")
    words.add_argument("--scheduler", metavar="ADDRESS", help="grade on the Dask cluster of this scheduler instead")
    words.set_defaults(run="autograde")


Nouns = argparse._SubParsersAction  # argparse has no public name for it


def _courses(steps: Nouns[argparse.ArgumentParser]) -> None:
    build = steps.add_parser("build", help="build courses/en and courses/zh from courses/source")
    build.set_defaults(run="courses_build")
    check = steps.add_parser("check", help="say what is wrong in a lesson, and whether the built ones are fresh")
    check.set_defaults(run="courses_check")


def _bank(steps: Nouns[argparse.ArgumentParser]) -> None:
    check = steps.add_parser("check", help="prove every item of the bank")
    check.add_argument("--bank", type=Path, default=PROJECT / "question_bank", help="folder of the bank")
    check.set_defaults(run="bank_check")


def _exam(steps: Nouns[argparse.ArgumentParser]) -> None:
    schedule = _exam_step(steps, "schedule", "assemble the forms and make a seat for every candidate", "exam_schedule")
    schedule.add_argument(
        "--level", type=int, choices=range(1, 6), required=True, help="1 senior agent to 5 general manager"
    )
    schedule.add_argument(
        "--candidate",
        action="append",
        required=True,
        metavar="PERSON[:LANGUAGE[:EXTRA_MIN]]",
        help="who sits, e.g. A1001, A1001:en or A1001:zh:15; once for each (default language: the roster's)",
    )
    schedule.add_argument(
        "--opens", type=_moment, default=None, metavar="TIME", help="e.g. 2026-11-21T09:00+08:00 (default: now)"
    )
    schedule.add_argument("--hours", type=_hours, default=4, help="how long the room stays open (default: %(default)s)")
    schedule.add_argument(
        "--minutes", type=int, required=True, help="working time of a seat, written part and practical"
    )
    schedule.add_argument("--items", type=int, default=None, help="scored items (default: what the scheme says)")
    schedule.add_argument("--purpose", choices=PURPOSES, default="certification", help="default: %(default)s")

    room = steps.add_parser(
        "open", help="open the exam room of a centre in JupyterLab, for candidates with their codes"
    )
    _server(room)
    _centre(room)
    room.set_defaults(run="exam_open")

    grant = steps.add_parser("extra-time", help="give a seat extra time")
    grant.add_argument("seat", help="number of the seat, e.g. TL-2026-11-03")
    grant.add_argument("minutes", type=int, help="how many more")
    grant.add_argument("--reason", required=True, help="why, as the registry will say")
    _centre(grant)
    _by(grant)
    grant.set_defaults(run="exam_extra_time")

    _exam_step(steps, "close", "collect what was handed in", "exam_close")
    mark = _exam_step(steps, "mark", "mark by program, and take over the marks given in formgrader", "exam_mark")
    mark.add_argument(
        "--manual-only", action="store_true", help="only take over the marks given in formgrader, as --by's"
    )
    _exam_step(steps, "decide", "propose the decisions from marks and cuts", "exam_decide")
    _exam_step(steps, "confirm", "confirm the decisions as the second person", "exam_confirm")
    _exam_step(steps, "issue", "issue the certificates of those who passed", "exam_issue")
    _exam_step(steps, "show", "the table of a sitting: people, marks, decisions, certificates", "exam_show")


def _hr(steps: Nouns[argparse.ArgumentParser]) -> None:
    load = steps.add_parser("import", help="import people from an Excel or CSV file")
    load.add_argument("file", type=Path, help="people.xlsx or people.csv, headings in English or Chinese")
    load.add_argument("--dry-run", action="store_true", help="only say what would be done")
    _centre(load)
    _by(load)
    load.set_defaults(run="hr_import")
    report = steps.add_parser("report", help="write the HR page and the Excel workbook")
    report.add_argument("--language", choices=("en", "zh"), default=_language(), help="language that opens first")
    _centre(report)
    report.set_defaults(run="hr_report")


def _cert(steps: Nouns[argparse.ArgumentParser]) -> None:
    verify = steps.add_parser("verify", help="check a certificate file, without any network")
    verify.add_argument("file", type=Path, help="the certificate's .json")
    verify.add_argument(
        "--issuer", metavar="DID", help="the did:key that you trust (default: this centre's, if it has a key)"
    )
    verify.add_argument("--language", choices=("en", "zh"), default=_language(), help="of the answer")
    _centre(verify)
    verify.set_defaults(run="cert_verify")
    issuer = steps.add_parser(
        "issuer", help="print the did:key of this centre: what others check its certificates against"
    )
    _centre(issuer)
    issuer.set_defaults(run="cert_issuer")


def _exam_step(steps: Nouns[argparse.ArgumentParser], name: str, text: str, run: str) -> argparse.ArgumentParser:
    step = steps.add_parser(name, help=text)
    step.add_argument("sitting", help="name of the sitting, e.g. TL-2026-11")
    _centre(step)
    _by(step)
    step.set_defaults(run=run)
    return step


def _centre(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--centre", type=Path, default=PROJECT / "centre", help="folder of the centre (default: centre/)"
    )


def _server(words: argparse.ArgumentParser) -> None:
    words.add_argument("--port", type=_port, default=8888, help="port of the server (default: %(default)s)")
    words.add_argument("--no-browser", action="store_true", help="only print the address")


def _by(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--by", default=getpass.getuser(), help="who does this, as the registry will say (default: %(default)s)"
    )


def _language() -> str:
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"a time such as 2026-11-21T09:00+08:00 is wanted, got {text!r}") from None


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = math.nan
    if not 0 < hours <= 24 * 366:
        raise argparse.ArgumentTypeError(f"hours from 0 to {24 * 366} (a year) are wanted, got {text!r}")
    return hours


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65485):
        raise argparse.ArgumentTypeError(f"a port from 1 to 65485 is wanted, got {text!r}")
    return int(text)
