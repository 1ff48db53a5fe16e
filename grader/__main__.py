"""The command `academy`: words in, one step of the story done, a sentence or a table out; no rule lives here."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ._words import parser
from .centre import PROJECT, Centre
from .errors import AcademyError, InputError, MissingToolError, Problem
from .model import LANGUAGES

__all__ = ["main", "parser"]

if TYPE_CHECKING:
    from .certify import Candidate

Run = Callable[[argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 2 with one sentence on stderr when it could not."""
    given = parser().parse_args(words)
    try:
        run: Run = globals()[f"_{given.run}"]
        return run(given)
    except AcademyError as error:
        print(f"academy: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our lines has read enough (`academy ... | head`); Python must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("academy: stopped; what was acknowledged is kept", file=sys.stderr)
        return 130


# --- the steps ---
# What a step needs is imported when it runs: `academy --help` must not wait for Jupyter.


def _demo(given: argparse.Namespace) -> int:
    from . import demo

    return demo.run(given.folder)


def _start(given: argparse.Namespace) -> int:
    from . import launch

    launch.start(
        given.centre, trainer=given.trainer, language=given.language, port=given.port, browser=not given.no_browser
    )
    return 0


def _test(given: argparse.Namespace) -> int:
    os.chdir(PROJECT)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *given.words])


def _courses_build(given: argparse.Namespace) -> int:
    from . import lessons

    result = lessons.build(PROJECT / "courses" / "source", PROJECT / "courses")
    problems = [*result.problems, *_unproven(result.written)]
    _say_problems(problems)
    print(f"{len(result.written)} notebooks written")
    return 1 if problems else 0


def _courses_check(given: argparse.Namespace) -> int:
    from . import lessons

    source = PROJECT / "courses" / "source"
    found = {path: lessons.check(path) for path in sorted(source.rglob("*.md"))}
    sound = [path.relative_to(source).with_suffix(".ipynb") for path, problems in found.items() if not problems]
    problems = [problem for path in found for problem in found[path]]
    problems += _unproven([f"{language}/{name}" for name in sound for language in LANGUAGES])
    _say_problems(problems)
    stale = lessons.stale(source, PROJECT / "courses")
    for name in stale:
        print(f"{name} is not what its source builds; run `academy courses build`")
    print(f"{len(problems)} problems, {len(stale)} stale notebooks")
    return 1 if problems or stale else 0


def _autograde(given: argparse.Namespace) -> int:
    from . import autograde

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


def _unproven(built: Sequence[str]) -> list[Problem]:
    """Tests of lessons, by the names of their notebooks, that cannot be judged; none where no sandbox can be made."""
    from . import autograde, lessons, sandbox

    problems = []
    try:
        if built:
            sandbox.check_tools()
    except MissingToolError as error:
        print(f"the tests of the lessons were not tried: {error}", file=sys.stderr)
        return []
    with autograde.Engine() as engine:
        for name in built:
            language, _, lesson = name.partition("/")
            path = (PROJECT / "courses" / "source" / lesson).with_suffix(".md")
            for cell, why in autograde.unjudgeable(lessons.source(path, language), engine).items():
                todo = "the judge sees plain values and functions only; mend the test or its solution"
                where = f"{path.relative_to(PROJECT / 'courses' / 'source')}:1"
                problems.append(Problem(where, f"the solution ({language}) does not pass {cell!r}: {why}; {todo}"))
    return problems


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
    with certify.Academy(_known(given.centre)) as academy:
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

    found = re.fullmatch(r"([^:]+)(?::(en|zh)?(?::([0-9]{1,3}))?)?", text)
    if found is None:
        raise InputError(f"a candidate is written PERSON[:en|zh[:EXTRA_MIN]], e.g. A0017:zh:15, got {text!r}")
    person, language, extra = found.groups()
    return Candidate(person, language, int(extra or 0), "granted with the seat" if extra else "")


def _exam_open(given: argparse.Namespace) -> int:
    from . import launch

    launch.open_room(_known(given.centre), port=given.port, browser=not given.no_browser)
    return 0


def _exam_extra_time(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(_known(given.centre)) as academy:
        certify.grant(academy, given.seat, given.minutes, given.reason, given.by)
    print(f"{given.seat} has {given.minutes} minutes more: {given.reason}")
    return 0


def _exam_close(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(_known(given.centre)) as academy:
        absent = certify.close(academy, given.sitting, given.by)
    print(f"{given.sitting} is closed; handed in nothing: {', '.join(absent) or 'nobody'}")
    return 0


def _exam_mark(given: argparse.Namespace) -> int:
    from . import certify, sandbox

    sandbox.check_tools()
    with certify.Academy(_known(given.centre)) as academy:
        if not given.manual_only:
            for outcome in certify.mark(academy, given.sitting):
                print(f"{outcome.student:12} {outcome.notebook:10} {outcome.state:15} {outcome.reason}")
        taken = certify.take_manual_marks(academy, given.sitting, given.by)
    print(f"{taken} marks of {given.by} taken over from formgrader")
    return 0


def _exam_decide(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(_known(given.centre)) as academy:
        for decision in certify.decide(academy, given.sitting, given.by):
            print(f"{decision.seat:20} {decision.outcome:7} {'; '.join(decision.reasons)}")
    print("Proposed. A second person confirms: academy exam confirm")
    return 0


def _exam_confirm(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(_known(given.centre)) as academy:
        print(f"{len(certify.confirm(academy, given.sitting, given.by))} decisions confirmed by {given.by}")
    return 0


def _exam_issue(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(_known(given.centre)) as academy:
        issued = certify.issue(academy, given.sitting, given.by)
        for number in issued.numbers:
            print(academy.centre.certificates / f"{number}.json")
    _say_problems(issued.refused)
    print(f"{len(issued.numbers)} certificates issued, {len(issued.refused)} could not be")
    return 1 if issued.refused else 0


def _exam_show(given: argparse.Namespace) -> int:
    from . import certify, reports

    with certify.Academy(_known(given.centre)) as academy:
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
        # A column that this file does not have keeps what an earlier one said.
        kept = {person: {key: row[key] for key in row if row[key] is not None} for person, row in known.items()}
        new = [kept.get(one["person"], {}) | dict(one) for one in roster.people]
        new = [one for one in new if one != kept.get(one["person"])]
        store.append_all([("person.recorded", one["person"], one) for one in new], given.by)
    print(f"{len(new)} people imported or changed, {len(roster.people) - len(new)} as they were, ", end="")
    print(f"{len(roster.problems)} rows left out")
    return 1 if roster.problems else 0


def _hr_report(given: argparse.Namespace) -> int:
    from . import certify, reports

    with certify.Academy(_known(given.centre)) as academy:
        for path in reports.write(academy.store, academy.framework, academy.centre.reports, given.language):
            print(path)
    return 0


def _cert_verify(given: argparse.Namespace) -> int:
    from . import certificates

    key = Centre(given.centre).key
    trusted = given.issuer or (certificates.did(certificates.load_key(key)) if key.exists() else None)
    verification = certificates.verify(_read(given.file), datetime.now(UTC), trusted, given.language)
    for sentence in verification.sentences:
        print(sentence)
    state = _registered(given.centre, verification.number) if verification.ok else None
    if state not in (None, "active"):
        print(f"This centre's registry says: {state}.")
    return 0 if verification.ok and state in (None, "active") else 1


def _registered(centre: Path, number: str | None) -> str | None:
    """The state of a certificate in a centre's registry; None where it is not known."""
    from .store import Store

    if number is None or not Centre(centre).registry.exists():
        return None
    with Store(Centre(centre).registry) as store:
        return next((str(row["state"]) for row in store.rows("certificates", number=number)), None)


def _cert_issuer(given: argparse.Namespace) -> int:
    from . import certify

    with certify.Academy(_known(given.centre)) as academy:
        print(academy.issuer_did)
    return 0


def _known(centre: Path) -> Path:
    """The folder of a centre that is there: a mistyped name must not make a new, empty one."""
    try:
        found = Centre(centre).registry.exists()
    except PermissionError as error:
        raise InputError(f"{centre} belongs to another account; work as the one that made the centre") from error
    if not found:
        raise InputError(
            f"{centre} is no centre (it has no registry.db); make one with `academy hr import` or `academy start`"
        )
    return centre


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give the path of a file") from error


def _registry_verify(given: argparse.Namespace) -> int:
    from .store import Store

    with Store(_known(given.centre) / "registry.db") as store:
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
