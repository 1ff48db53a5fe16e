"""What a centre of one's own holds: a person, lessons to fetch, a practice quiz, a seat in a practice examination."""

from __future__ import annotations

import getpass
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import certify, lessons, nbcourse, notebooks, practice
from ..centre import PROJECT, own_number
from ..certify import Academy, Candidate, SeatCard
from ..model import LANGUAGES, Framework, digest

__all__ = ["COURSE", "HOME", "Desk", "furnish", "furnish_desk", "home_title"]

COURSE = "academy"
LEVEL = 2
ITEMS, MINUTES = 24, 120
HOME = "-home.ipynb"
"""What follows the level in the name of its home page."""
_NAME = {"name": {"en": "My training centre", "zh": "我的培训中心"}, "url": "https://example.com/academy"}


@dataclass(frozen=True)
class Desk:
    """What the welcome page leads to; paths are relative to the learner's home."""

    home: Path
    lessons: tuple[tuple[str, str], ...]
    """Title and path."""
    missing: tuple[str, ...]
    """Names of lessons that could not be made."""
    quiz: str
    seat: SeatCard


def furnish(academy: Academy, language: str, *, trainer: bool) -> str:
    """Make what trainer and trainee share: the centre's name, its course, lessons in the exchange; returns who I am.

    A trainee waits for the lessons of the own language only. Nothing that is there already is replaced.
    """
    centre = academy.centre
    identity = centre.root / "centre.json"
    if not identity.exists():
        identity.write_text(json.dumps(_NAME, ensure_ascii=False), "utf-8")
    person = _person(academy, language)
    nbcourse.create(centre.course, course_id=COURSE, exchange=centre.exchange)
    nbcourse.add_students(centre.course, [(person, "", getpass.getuser())])
    _offer_lessons(academy, LANGUAGES if trainer else (language,))
    return person


def furnish_desk(academy: Academy, person: str, language: str) -> Desk:
    """Make what a trainee works on: lessons, quiz and a seat; nothing that was worked on is ever replaced."""
    home = academy.centre.home / language
    home.mkdir(parents=True, exist_ok=True)
    _, notebook = practice.write(home, academy.framework, academy.items, LEVEL, language, seed=1)
    laid_out, missing = _lay_out_lessons(academy, home, language)
    return Desk(home, laid_out, missing, notebook.relative_to(home).as_posix(), _seat(academy, person, language))


def _person(academy: Academy, language: str) -> str:
    user = getpass.getuser()
    person = own_number(user)
    if not academy.store.rows("people", person=person):
        academy.store.append(
            "person.recorded", person, {"name": user, "language": language, "site": "", "team": ""}, person
        )
    return person


def _sources() -> list[Path]:
    return lessons.lessons_in(PROJECT / "courses" / "source")


def _offer_lessons(academy: Academy, languages: Sequence[str]) -> None:
    """Release every sound lesson through nbgrader; again only when it has changed.

    Beside each lies what it was made of. Where source and programs are as they were, it is not even checked again.
    """
    course = academy.centre.course
    sources, made_by = _sources(), _makers()
    for number, source in enumerate(sources, start=1):
        seals = {language: course / "source" / f".{lessons.assignment(source, language)}" for language in languages}
        made_of = digest(source.read_bytes() + made_by)
        due = {language: seal for language, seal in seals.items() if made_of not in _sealed(seal)}
        if not due:
            continue
        if problems := lessons.check(source):
            print(f"the lesson is left as it was: {problems[0]}", file=sys.stderr)
            continue
        for language, seal in due.items():
            state = digest(b"".join([source.read_bytes(), *lessons.handout(source, language).values()]))
            if state not in _sealed(seal):
                print(f"laying out lesson {number} of {len(sources)} ({language}): {source.stem}", file=sys.stderr)
                lessons.release(course, source, language)
            seal.write_text(f"{state}\n{made_of}\n")


def _sealed(seal: Path) -> list[str]:
    """What the lesson that lies there holds, and what it was made of."""
    return seal.read_text().split() if seal.exists() else []


def _makers() -> bytes:
    """Size and time of every file on which a lesson may depend: sources, framework, items, glossary, programs."""
    files = [PROJECT / "requirements.lock", *(PROJECT / "courses").glob("*.yml")]
    for top in ("grader", "ccskills", "question_bank", "courses/source"):
        files += [path for path in (PROJECT / top).rglob("*") if path.suffix != ".pyc"]
    looks = [(path, path.stat()) for path in sorted(files) if path.is_file()]
    return repr([(str(path), look.st_size, look.st_mtime_ns) for path, look in looks]).encode()


def _lay_out_lessons(
    academy: Academy, home: Path, language: str
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Put each lesson where nbgrader's fetch would, so that it can be handed in; what is there, and what is missing.

    Lessons stand below the home page of their level.
    """
    levels, missing = dict[int, dict[str, tuple[str, str]]](), []
    for source in _sources():
        name = lessons.assignment(source, language)
        beside = academy.centre.course / "release" / name / f"{source.stem}.lesson.json"
        if not beside.is_file():
            missing.append(f"{source.parent.name}/{source.stem}")
            continue
        if not (home / name).exists():
            shutil.copytree(beside.parent, home / name)
        told = json.loads(beside.read_text("utf-8"))
        levels.setdefault(told["level"], {})[told["lesson"]] = (told["title"], f"{name}/{source.stem}.ipynb")
    found = []
    for level, there in sorted(levels.items()):
        paths = {name: path for name, (_, path) in there.items()}
        found += [_home_page(academy, home, language, level, paths), *there.values()]
    return tuple(found), tuple(missing)


def _home_page(academy: Academy, home: Path, language: str, level: int, paths: Mapping[str, str]) -> tuple[str, str]:
    page = next(iter(paths)).partition("/")[0] + HOME
    notebooks.replace_file(home / page, lessons.home(level, language, paths))
    return home_title(academy.framework, level, language), page


def home_title(framework: Framework, level: int, language: str) -> str:
    """What a link to the home page of a level says."""
    name = framework.level(level).name.say(language)
    return {"en": f"{name}: where you are", "zh": f"{name}：学到哪里了"}[language]


def _seat(academy: Academy, person: str, language: str) -> SeatCard:
    """A seat in a practice examination that has not been handed in yet; a new one when there is none."""
    for row in academy.store.rows("seats", person=person, language=language):
        sitting = academy.sitting(row["sitting"])
        handed_in = (academy.centre.room / row["sitting"] / row["seat"] / "handed-in").exists()
        if sitting["state"] == "scheduled" and not handed_in:
            cards = academy.read_office(row["sitting"], "cards.json")
            return next(SeatCard(**card) for card in cards if card["seat"] == row["seat"])
    now = datetime.now(UTC)
    number = 1 + len(academy.store.rows("sittings"))
    return certify.schedule(
        academy,
        f"TL-practice-{number}",
        LEVEL,
        [Candidate(person, language)],
        opens_at=now,
        closes_at=now + timedelta(days=365),
        minutes=MINUTES,
        length=ITEMS,
        purpose="practice",
        by=person,
    )[0]
