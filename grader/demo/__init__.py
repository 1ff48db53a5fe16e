"""`academy demo`: the whole certifying journey, headless, with twelve scripted candidates in the real room."""

from __future__ import annotations

import fcntl
import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import certificates, certify, people, reports, sandbox, seats
from ..centre import Centre
from ..certify import Academy, Candidate, SeatCard
from ..errors import AcademyError, InputError, RuleBroken
from ..model import Bilingual
from .cast import CAST, ROSTER, written
from .markers import MARKERS, mark_blind
from .script import Clock, Script
from .server import RoomServer, end_leftover

__all__ = ["run"]

SITTING = "TL-demo"
ITEMS = 24
OPEN_S = 75
"""How long the sitting is open, from its scheduling on; who has extra time has a minute more."""
KILL_AFTER_S = 6

OFFICE, SECOND, HR = "S1001 赵敏", "S1003 孙丽", "S1004 周静"
_SEAL = ".academy-demo"
_OPEN = Bilingual("What to open:", "打开看看：")
_HR = Bilingual("HR {}", "人力资源 {}")
_PAPER = Bilingual("certificate", "证书")
_ENDS = ("-en.pdf", "-zh.pdf", ".json")
_BOOKLET = Bilingual("a marker's booklet", "评分人的评分册")
_RESULT = Bilingual("a candidate's result", "考生的成绩页")
_REGISTRY = Bilingual("registry", "登记簿")


def run(folder: Path, language: str = "en") -> int:
    """Play the demo in ``folder``, which is made anew; returns 0, or raises :class:`AcademyError`.

    ``language`` is that of the table at its end.
    """
    began = time.monotonic()
    say = Clock(began)
    sandbox.check_tools()
    root = folder.resolve()
    _clean(root)
    with _alone(root), Academy(root) as academy:
        _issuer(root)
        _people(academy, say)
        cards = _schedule(academy, say)
        server = RoomServer(academy.centre)
        try:
            _sit(academy, server, cards, say)
        finally:
            server.stop()
        booklet = _mark(academy, say)
        _decide(academy, say)
        _report(academy, say, booklet, language)
    print(f"\nThe journey took {time.monotonic() - began:.0f} s.")
    return 0


def _clean(root: Path) -> None:
    """An empty folder; one that is there already is cleared only if an earlier demo made it."""
    try:
        if root.exists() and any(root.iterdir()):
            if not (root / _SEAL).exists():
                raise InputError(f"{root} is not empty and was not made by a demo; give another --folder")
            with _alone(root):
                end_leftover(Centre(root))
                shutil.rmtree(root)
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InputError(
            f"{root} cannot be made anew ({error.strerror}: {error.filename}); "
            "remove it as the account that made it, or give another --folder"
        ) from error


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the folder's seal, so that a second demo is refused instead of clearing what the first one plays in."""
    with (root / _SEAL).open("w") as seal:
        try:
            fcntl.flock(seal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(f"a demo is running in {root}; let it end, or give another --folder") from error
        yield


def _issuer(root: Path) -> None:
    issuer = {
        "name": {"en": "Demonstration Contact Centre", "zh": "演示客户联络中心"},
        "url": "https://example.com/academy",
    }
    (root / "centre.json").write_text(json.dumps(issuer, ensure_ascii=False), "utf-8")


def _people(academy: Academy, say: Clock) -> None:
    path = academy.centre.root / "people.csv"
    path.write_text(ROSTER, "utf-8")
    roster = people.read_roster(path, datetime.now(UTC).date())
    academy.store.append_all([("person.recorded", one["person"], one) for one in roster.people], HR)
    say(f"HR imports the roster: {len(roster.people)} people; left out: {'; '.join(map(str, roster.problems))}")


def _schedule(academy: Academy, say: Clock) -> list[SeatCard]:
    opens = datetime.now(UTC).replace(microsecond=0)
    cards = certify.schedule(
        academy,
        SITTING,
        2,
        [Candidate(part.person, part.language) for part in CAST],
        opens_at=opens,
        closes_at=opens + timedelta(seconds=OPEN_S),
        minutes=120,
        length=ITEMS,
        purpose="demonstration",
        by=OFFICE,
    )
    for name in json.loads(academy.sitting(SITTING)["forms"]):
        form = academy.form(SITTING, name)
        held = sum(line.holds for line in form.proof)
        say(f"form {form.id}: {len(form.slots)} items, {held} of {len(form.proof)} constraints hold, cut "
            f"{form.expected_points:.1f} of {form.max_points:g} points")  # fmt: skip
    say(f"{len(cards)} seats, each with its own paper, practical data and access code")
    return cards


# --- the exam ---


def _sit(academy: Academy, server: RoomServer, cards: list[SeatCard], say: Clock) -> None:
    server.start()
    say("the room is open")
    parts = {part.person: part for part in CAST}
    forms = {row["seat"]: academy.form(SITTING, row["form"]) for row in academy.seats(SITTING)}
    closes_at = datetime.fromisoformat(academy.sitting(SITTING)["closes_at"])
    failures: list[str] = []
    threads = []
    for card in cards:
        part = parts[card.person]
        if part.turn != "never comes":
            script = Script(server, card, part, written(forms[card.seat], part), closes_at, say)
            # Daemons: whoever stops the demo does not wait for those who think or sit out their time.
            threads.append(threading.Thread(target=script.play, args=(failures,), daemon=True))
    for thread in threads:
        thread.start()
    _incidents(academy, server, cards, say)
    for thread in threads:
        thread.join()
    if failures:
        raise AcademyError(f"a scripted candidate could not go on: {'; '.join(failures)}")
    _wait_for_clock(academy, closes_at, say)


def _incidents(academy: Academy, server: RoomServer, cards: list[SeatCard], say: Clock) -> None:
    """What the invigilator meets: a dead server, and a candidate who was disturbed."""
    late = next(card for card, part in zip(cards, CAST, strict=True) if part.turn == "has extra time")
    certify.grant(academy, late.seat, 1, "the fire door opened twice beside her seat", OFFICE)
    say(f"{late.name} gets a minute more: the fire door opened twice beside her seat")
    time.sleep(KILL_AFTER_S)
    server.kill()
    before = sum(len(_answers(academy, card)) for card in cards)
    say(f"power cut: the room's server is killed, with {before} answers acknowledged")
    server.start()
    after = sum(len(_answers(academy, card)) for card in cards)
    say(f"the room is back, {after} answers are there; the clocks went on")


def _wait_for_clock(academy: Academy, closes_at: datetime, say: Clock) -> None:
    """The clock hands in for those who did not; a second's grace for the room's own tick."""
    rest = (closes_at - datetime.now(UTC)).total_seconds() + 2
    if rest > 0:
        say(f"one candidate forgot to hand in; the clock does it in {rest:.0f} s")
        time.sleep(rest)


def _answers(academy: Academy, card: SeatCard) -> dict[str, object]:
    folder = seats.find(academy.centre.room, card.seat)
    return dict(folder.state(datetime.now(UTC)).answers)


# --- after the exam ---


def _mark(academy: Academy, say: Clock) -> Path:
    absent = certify.close(academy, SITTING, OFFICE)
    say(f"the sitting is closed; nothing was handed in by {', '.join(absent)}")
    report = certify.mark(academy, SITTING)
    say(f"{len(report.rows)} submissions are marked by keys, sandbox and judge in {report.seconds:.1f} s")
    for row in report.rows:
        reason = f": {row.reason}" if row.reason else ""
        say(f"{row.student}: {row.outcome}, {row.score or 0:g} of {row.max_score:g} points so far{reason}")
    return mark_blind(academy, SITTING, say)


def _decide(academy: Academy, say: Clock) -> None:
    certify.decide(academy, SITTING, OFFICE)
    near = certify.waiting_for_review(academy, SITTING)
    for row in near:
        certify.review(academy, row["seat"], SECOND, "stands")
    say(f"{len(near)} written scores lie within one error of their cut; {SECOND} looks at the marks again")
    for person in (OFFICE, MARKERS[0]):
        try:
            certify.confirm(academy, SITTING, person)
        except RuleBroken as refused:
            say(f"refused: {refused}")
    confirmed = certify.confirm(academy, SITTING, SECOND)
    say(f"{SECOND} confirms {len(confirmed)} decisions")
    numbers = certify.issue(academy, SITTING, OFFICE).numbers
    for number in numbers:
        data = (academy.centre.certificates / f"{number}.json").read_bytes()
        if not certificates.verify(data, datetime.now(UTC), academy.issuer_did).ok:
            raise AcademyError(f"certificate {number} does not verify")
    say(f"{len(numbers)} certificates are issued, signed, and verified without a network")
    say(f"{len(certify.publish(academy, SITTING, OFFICE))} candidates get the page with their result")


def _report(academy: Academy, say: Clock, booklet: Path, language: str) -> None:
    broken = academy.store.verify()
    if broken:
        raise AcademyError(f"the registry does not hold: {broken[0]}")
    say(f"the registry holds {len(academy.store.events())} facts, the chain is unbroken")
    paths = reports.write(academy.store, academy.framework, academy.scheme, academy.centre.reports)
    print()
    print(reports.decision_text(academy.store, SITTING, language))
    print(f"\n{_OPEN.say(language)}")
    numbers = sorted(row["number"] for row in academy.store.rows("certificates"))
    first = academy.centre.certificates / numbers[0] if numbers else None
    found = [
        *((_HR.say(language).format(path.suffix[1:]), path) for path in paths),
        *((f"{_PAPER.say(language)} {end[1:]}", Path(f"{first}{end}")) for end in _ENDS if first),
        (_BOOKLET.say(language), booklet),
        (_RESULT.say(language), academy.centre.results / SITTING / f"{SITTING}-01.html"),
        (_REGISTRY.say(language), academy.centre.registry),
    ]
    print("\n".join(f"  {line}" for line in reports.in_columns(found)))
