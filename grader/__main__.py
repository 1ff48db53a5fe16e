"""The command `academy`: words in, one step of the story done, a sentence or a table out; no rule lives here."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from .centre import PROJECT
from .errors import AcademyError, InputError

__all__ = ["main", "parser"]

if TYPE_CHECKING:
    from .certify import Candidate

Run = Callable[[argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 2 with one sentence on stderr when it could not."""
    given = parser().parse_args(words)
    try:
        run: Run = given.run
        return run(given)
    except AcademyError as error:
        print(f"academy: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("academy: stopped; what was acknowledged is kept", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """Every command with its options; docs/reference/commands.md is written from it."""
    root = argparse.ArgumentParser(prog="academy", description="Train and certify the people of a contact centre.")
    nouns = root.add_subparsers(title="commands", required=True, metavar="COMMAND")

    demo = nouns.add_parser("demo", help="the whole certifying journey, headless, with twelve scripted candidates")
    demo.add_argument(
        "--folder", type=Path, default=PROJECT / "demo-centre", help="where the demo's centre is made anew"
    )
    demo.set_defaults(run=_demo)

    start = nouns.add_parser("start", help="open JupyterLab on a training centre of one's own, made on the first call")
    start.add_argument("--trainer", action="store_true", help="the trainer's view: sources, bank, formgrader")
    start.add_argument(
        "--language", choices=("en", "zh"), default=_language(), help="language of the pages (default: %(default)s)"
    )
    start.add_argument("--port", type=int, default=8888, help="port of the server (default: %(default)s)")
    start.add_argument("--no-browser", action="store_true", help="only print the address")
    _centre(start)
    start.set_defaults(run=_start)

    test = nouns.add_parser("test", help="run the tests", add_help=False)
    test.add_argument("words", nargs=argparse.REMAINDER, help="passed on to pytest")
    test.set_defaults(run=_test)

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
    verify.set_defaults(run=_registry_verify)
    return root


# --- the words ---

Nouns = argparse._SubParsersAction  # argparse has no public name for it


def _courses(steps: Nouns[argparse.ArgumentParser]) -> None:
    build = steps.add_parser("build", help="build courses/en and courses/zh from courses/source")
    build.set_defaults(run=_courses_build)
    check = steps.add_parser("check", help="say what is wrong in a lesson, and whether the built ones are fresh")
    check.set_defaults(run=_courses_check)


def _bank(steps: Nouns[argparse.ArgumentParser]) -> None:
    check = steps.add_parser("check", help="prove every item of the bank")
    check.add_argument("--bank", type=Path, default=PROJECT / "question_bank", help="folder of the bank")
    check.set_defaults(run=_bank_check)


def _exam(steps: Nouns[argparse.ArgumentParser]) -> None:
    schedule = _exam_step(steps, "schedule", "assemble the forms and make a seat for every candidate", _exam_schedule)
    schedule.add_argument(
        "--level", type=int, choices=range(1, 6), required=True, help="1 senior agent to 5 general manager"
    )
    schedule.add_argument("--candidate", action="append", required=True, metavar="PERSON[:LANGUAGE[:EXTRA_MIN]]")
    schedule.add_argument(
        "--opens", type=_moment, default=None, metavar="TIME", help="e.g. 2026-11-21T09:00+08:00 (default: now)"
    )
    schedule.add_argument("--hours", type=float, default=4, help="how long the room stays open (default: %(default)s)")
    schedule.add_argument(
        "--minutes", type=int, required=True, help="working time of a seat, written part and practical"
    )
    schedule.add_argument("--items", type=int, default=None, help="scored items (default: what the scheme says)")
    schedule.add_argument("--purpose", default="certification", help="certification, practice or demonstration")

    grant = steps.add_parser("extra-time", help="give a seat extra time")
    grant.add_argument("seat")
    grant.add_argument("minutes", type=int)
    grant.add_argument("--reason", required=True)
    _centre(grant)
    _by(grant)
    grant.set_defaults(run=_exam_extra_time)

    _exam_step(steps, "close", "collect what was handed in", _exam_close)
    mark = _exam_step(steps, "mark", "mark by program, and take over the marks given in formgrader", _exam_mark)
    mark.add_argument(
        "--manual-only", action="store_true", help="only take over the marks given in formgrader, as --by's"
    )
    _exam_step(steps, "decide", "propose the decisions from marks and cuts", _exam_decide)
    _exam_step(steps, "confirm", "confirm the decisions as the second person", _exam_confirm)
    _exam_step(steps, "issue", "issue the certificates of those who passed", _exam_issue)
    _exam_step(steps, "show", "the table of a sitting: people, marks, decisions, certificates", _exam_show)


def _hr(steps: Nouns[argparse.ArgumentParser]) -> None:
    load = steps.add_parser("import", help="import people from an Excel or CSV file")
    load.add_argument("file", type=Path)
    load.add_argument("--dry-run", action="store_true", help="only say what would be done")
    _centre(load)
    _by(load)
    load.set_defaults(run=_hr_import)
    report = steps.add_parser("report", help="write the HR page and the Excel workbook")
    report.add_argument("--language", choices=("en", "zh"), default=_language(), help="language that opens first")
    _centre(report)
    report.set_defaults(run=_hr_report)


def _cert(steps: Nouns[argparse.ArgumentParser]) -> None:
    verify = steps.add_parser("verify", help="check a certificate file, without any network")
    verify.add_argument("file", type=Path)
    verify.add_argument(
        "--issuer", metavar="DID", help="a did:key that you trust (default: the centre's)"
    )
    verify.add_argument("--language", choices=("en", "zh"), default=_language())
    _centre(verify)
    verify.set_defaults(run=_cert_verify)


def _exam_step(steps: Nouns[argparse.ArgumentParser], name: str, text: str, run: Run) -> argparse.ArgumentParser:
    step = steps.add_parser(name, help=text)
    step.add_argument("sitting")
    _centre(step)
    _by(step)
    step.set_defaults(run=run)
    return step


def _centre(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--centre", type=Path, default=PROJECT / "centre", help="folder of the centre (default: centre/)"
    )


def _by(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--by", default=getpass.getuser(), help="who does this, as the registry will say (default: %(default)s)"
    )


def _language() -> str:
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"


def _moment(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a time such as 2026-11-21T09:00+08:00 is wanted, got {text!r}") from None
    return when.astimezone(UTC)


# --- the steps ---
# What a step needs is imported when it runs: `academy --help` must not wait for Jupyter.


def _demo(given: argparse.Namespace) -> int:
    from . import demo

    return demo.run(given.folder)


def _start(given: argparse.Namespace) -> int:
    from . import launch

    return launch.start(
        given.centre, trainer=given.trainer, language=given.language, port=given.port, browser=not given.no_browser
    )


def _test(given: argparse.Namespace) -> int:
    os.chdir(PROJECT)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *given.words])


def _courses_build(given: argparse.Namespace) -> int:
    from . import lessons

    result = lessons.build(PROJECT / "courses" / "source", PROJECT / "courses")
    _say_problems(result.problems)
    print(f"{len(result.written)} notebooks written")
    return 1 if result.problems else 0


def _courses_check(given: argparse.Namespace) -> int:
    from . import lessons

    source = PROJECT / "courses" / "source"
    problems = [problem for path in sorted(source.rglob("*.md")) for problem in lessons.check(path)]
    _say_problems(problems)
    stale = lessons.stale(source, PROJECT / "courses")
    for name in stale:
        print(f"{name} is not what its source builds; run `academy courses build`")
    print(f"{len(problems)} problems, {len(stale)} stale notebooks")
    return 1 if problems or stale else 0


def _bank_check(given: argparse.Namespace) -> int:
    from . import bank, rules

    found = bank.load(given.bank, rules.load_framework(given.bank / "framework.yml"))
    problems = [*found.problems, *bank.check(found)]
    _say_problems(problems)
    print(f"{len(found.items)} items read, {len(problems)} problems")
    return 1 if problems else 0


def _exam_schedule(given: argparse.Namespace) -> int:
    from . import certify

    opens = given.opens or datetime.now(UTC)
    with certify.Academy(given.centre) as academy:
        cards = certify.schedule(
            academy,
            given.sitting,
            given.level,
            [_candidate(text) for text in given.candidate],
            opens_at=opens,
            closes_at=opens + timedelta(hours=given.hours),
            minutes=given.minutes,
            length=given.items,
            purpose=given.purpose,
            by=given.by,
        )
    for card in cards:
        print(f"{card.seat}  {card.code}  {card.person}  {card.name}  {card.language}")
    return 0


def _candidate(text: str) -> Candidate:
    from .certify import Candidate

    person, language, extra = (*text.split(":"), "", "")[:3]
    if language not in ("", "en", "zh") or not (extra or "0").isdigit():
        raise InputError(f"a candidate is written PERSON[:en|zh[:EXTRA_MIN]], e.g. A0017:zh:15, got {text!r}")
    return Candidate(person, language or "zh", int(extra or 0), "granted with the seat" if extra else "")


def _exam_extra_time(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(given.centre) as academy:
        certify.grant(academy, given.seat, given.minutes, given.reason, given.by)
    print(f"{given.seat} has {given.minutes} minutes more: {given.reason}")
    return 0


def _exam_close(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(given.centre) as academy:
        absent = certify.close(academy, given.sitting, given.by)
    print(f"{given.sitting} is closed; handed in nothing: {', '.join(absent) or 'nobody'}")
    return 0


def _exam_mark(given: argparse.Namespace) -> int:
    from . import certify, sandbox

    sandbox.check_tools()
    with certify.Academy(given.centre) as academy:
        if not given.manual_only:
            for outcome in certify.mark(academy, given.sitting):
                print(f"{outcome.student:12} {outcome.notebook:10} {outcome.state:15} {outcome.reason}")
        taken = certify.take_manual_marks(academy, given.sitting, given.by)
    print(f"{taken} marks of {given.by} taken over from formgrader")
    return 0


def _exam_decide(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(given.centre) as academy:
        for decision in certify.decide(academy, given.sitting, given.by):
            print(f"{decision.seat:20} {decision.outcome:7} {'; '.join(decision.reasons)}")
    print("Proposed. A second person confirms: academy exam confirm")
    return 0


def _exam_confirm(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(given.centre) as academy:
        print(f"{len(certify.confirm(academy, given.sitting, given.by))} decisions confirmed by {given.by}")
    return 0


def _exam_issue(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(given.centre) as academy:
        issued = certify.issue(academy, given.sitting, given.by)
        for number in issued.numbers:
            print(academy.centre.certificates / f"{number}.json")
    _say_problems(issued.refused)
    print(f"{len(issued.numbers)} certificates issued, {len(issued.refused)} could not be")
    return 1 if issued.refused else 0


def _exam_show(given: argparse.Namespace) -> int:
    from . import certify, reports

    with certify.Academy(given.centre) as academy:
        academy.sitting(given.sitting)
        print(reports.decision_text(academy.store, given.sitting))
    return 0


def _hr_import(given: argparse.Namespace) -> int:
    from . import people
    from .store import Store

    roster = people.read_roster(given.file, datetime.now(UTC).date())
    _say_problems(roster.problems)
    if given.dry_run:
        print(f"{len(roster.people)} people would be imported, {len(roster.problems)} rows have a problem")
        return 1 if roster.problems else 0
    with Store(given.centre / "registry.db") as store:
        known = {row["person"]: row for row in store.rows("people")}
        new = [one for one in roster.people if any(known.get(one["person"], {}).get(key) != one[key] for key in one)]
        store.append_all([("person.recorded", one["person"], one) for one in new], given.by)
    print(f"{len(new)} people imported or changed, {len(roster.people) - len(new)} as they were, ", end="")
    print(f"{len(roster.problems)} rows left out")
    return 1 if roster.problems else 0


def _hr_report(given: argparse.Namespace) -> int:
    from . import certify, reports

    with certify.Academy(given.centre) as academy:
        for path in reports.write(academy.store, academy.framework, academy.centre.reports, given.language):
            print(path)
    return 0


def _cert_verify(given: argparse.Namespace) -> int:
    from . import certificates

    trusted = given.issuer or certificates.did(certificates.load_key(given.centre / "keys" / "issuer.pem"))
    verification = certificates.verify(_read(given.file), datetime.now(UTC), trusted, given.language)
    for sentence in verification.sentences:
        print(sentence)
    return 0 if verification.ok else 1


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give the path of a file") from error


def _registry_verify(given: argparse.Namespace) -> int:
    from .store import Store

    with Store(given.centre / "registry.db") as store:
        broken = store.verify()
        count = len(store.events())
    for sentence in broken:
        print(sentence)
    print(f"{count} facts, {'the chain holds' if not broken else f'{len(broken)} breaks'}")
    return 1 if broken else 0


def _say_problems(problems: Sequence[object]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
