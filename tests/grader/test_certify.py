"""The story of an exam, told once with a real bank, nbgrader, sandbox and registry, and looked at from every side."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader import certificates, certify, nbcourse, seats
from grader.centre import PROJECT
from grader.certify import Academy, Candidate, SeatCard, allotment
from grader.demo.cast import CAST, practical_cells, written
from grader.errors import AcademyError, InputError, RoomError, RuleBroken
from grader.model import digest

NOW = datetime.now(UTC).replace(microsecond=0)
OFFICE, MARKER, SECOND = "office", "marker", "second"
GOOD, WEAK, CHEAT = CAST[0], CAST[2], CAST[7]
PLAYERS = {"A1001": GOOD, "A1003": WEAK, "A1008": CHEAT}


def people(academy: Academy) -> None:
    facts = [
        ("person.recorded", part.person, {"name": part.name, "hired_on": "2024-01-15", "language": part.language})
        for part in CAST
    ]
    academy.store.append_all(facts, "hr")
    identity = {"name": {"en": "Test Centre", "zh": "测试中心"}, "url": "https://example.com/academy"}
    (academy.centre.root / "centre.json").write_text(json.dumps(identity), "utf-8")


def schedule(academy: Academy, sitting: str = "TL-1", **changed: object) -> list[SeatCard]:
    wanted = {
        "opens_at": NOW - timedelta(minutes=1),
        "closes_at": NOW + timedelta(hours=2),
        "minutes": 120,
        "length": 24,
        "purpose": "demonstration",
        "by": OFFICE,
    }
    candidates = [Candidate(person, part.language) for person, part in PLAYERS.items()] + [Candidate("A1006", "zh")]
    return certify.schedule(academy, sitting, 2, candidates, **(wanted | changed))  # type: ignore[arg-type]


def sit(academy: Academy, card: SeatCard) -> None:
    """Answer and hand in as the room would for this candidate."""
    part = PLAYERS[card.person]
    folder = seats.find(academy.centre.room, card.seat)
    folder.start(NOW)
    row = next(row for row in academy.seats("TL-1") if row["seat"] == card.seat)
    for slot, value in written(academy.form("TL-1", row["form"]), part).items():
        folder.save(slot, value, NOW + timedelta(seconds=5))
    notebook = json.loads(folder.practical()["practical.ipynb"])
    filled = practical_cells(part)
    for cell in notebook["cells"]:
        cell["source"] = filled.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
    folder.hand_in(NOW + timedelta(minutes=50), "candidate", json.dumps(notebook).encode())


@dataclass
class Told:
    """The academy after the whole story, and what was seen on the way."""

    academy: Academy
    cards: list[SeatCard]
    absent: list[str]
    refused: list[str]
    manual: tuple[int, int]
    numbers: list[str]


def refusal(step: object, *words: object) -> str:
    with pytest.raises(AcademyError) as caught:
        step(*words)  # type: ignore[operator]
    return str(caught.value)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with Academy(tmp_path_factory.mktemp("centre")) as academy:
        people(academy)
        cards = schedule(academy)
        refused = [refusal(schedule, academy), refusal(certify.mark, academy, "TL-1")]
        for card in cards[:3]:
            sit(academy, card)
        refused.append(refusal(certify.close, academy, "TL-1", OFFICE))
        absent = certify.close(academy, "TL-1", OFFICE, NOW + timedelta(hours=3))
        certify.mark(academy, "TL-1")
        refused.append(refusal(certify.decide, academy, "TL-1", OFFICE))
        for score in nbcourse.scores(academy.centre.course, "TL-1"):
            if score.needs_person:
                points = score.max_points if score.student == "A1001" else 1.0
                nbcourse.set_manual_score(
                    academy.centre.course, "TL-1", score.student, score.notebook, score.cell, points, "well argued"
                )
        refused.append(refusal(certify.take_manual_marks, academy, "TL-1", "A1003"))
        manual = (
            certify.take_manual_marks(academy, "TL-1", MARKER),
            certify.take_manual_marks(academy, "TL-1", MARKER),
        )
        certify.decide(academy, "TL-1", OFFICE)
        refused.append(refusal(certify.issue, academy, "TL-1", OFFICE))
        refused += [refusal(certify.confirm, academy, "TL-1", who) for who in (OFFICE, MARKER, "A1001")]
        certify.confirm(academy, "TL-1", SECOND)
        numbers = list(certify.issue(academy, "TL-1", OFFICE).numbers)
        yield Told(academy, cards, absent, refused, manual, numbers)


def outcomes(told: Told) -> dict[str, str]:
    return {row["person"]: row["outcome"] for row in told.academy.store.rows("decisions")}


def test_who_knows_passes_who_does_not_fails_who_never_came_is_absent(told: Told) -> None:
    assert outcomes(told) == {"A1001": "pass", "A1003": "fail", "A1008": "fail", "A1006": "absent"}
    assert told.absent == ["TL-1-04"]


def test_the_cheat_earned_nothing_in_the_judged_part_of_the_practical(told: Told) -> None:
    marks = {row["slot"]: row["points"] for row in told.academy.store.rows("marks", seat=told.cards[2].seat)}

    assert {slot: points for slot, points in marks.items() if slot.startswith("p") and slot != "p5"} == dict.fromkeys(
        ("p1", "p2a", "p2b", "p3", "p4a", "p4b", "p4c"), 0
    )


def test_the_good_one_has_every_point_of_the_judged_part(told: Told) -> None:
    rows = told.academy.store.rows("marks", seat=told.cards[0].seat)
    judged = [row for row in rows if row["slot"].startswith("p") and row["slot"] != "p5"]

    assert sum(row["points"] for row in judged) == sum(row["max_points"] for row in judged) == 10
    assert {row["marker"] for row in judged} == {"engine"}


def test_every_slot_of_a_seat_that_handed_in_has_one_mark_with_its_item(told: Told) -> None:
    for card in told.cards[:3]:
        row = next(row for row in told.academy.seats("TL-1") if row["seat"] == card.seat)
        form = told.academy.form("TL-1", row["form"])
        marks = {row["slot"]: row for row in told.academy.store.rows("marks", seat=card.seat)}

        assert {slot.name: slot.question.item_id for slot in form.slots} == {
            slot: row["item"] for slot, row in marks.items() if slot.startswith("q")
        }


def test_the_marks_of_people_are_taken_over_once_and_in_their_name(told: Told) -> None:
    first, second = told.manual

    assert first == 6 and second == 0
    manual = [row for row in told.academy.store.rows("marks") if row["marker"] == MARKER]
    assert {row["slot"] for row in manual} == {"p5", "q24"}
    assert {row["note"] for row in manual} == {"well argued"}


def test_each_step_out_of_turn_and_each_wrong_person_is_refused_in_a_sentence(told: Told) -> None:
    wanted = [
        "sitting TL-1 is scheduled already",
        "sitting TL-1 is scheduled; this step wants it closed or marked; next comes `academy exam close`",
        "may still work; wait for the clock",
        "cannot be decided while a mark is missing for q24",
        "A1003 is A1003 and cannot mark TL-1-02",
        "sitting TL-1 is marked; this step wants it decided; next comes `academy exam decide`",
        "wants a second person, and office proposed it",
        "wants a second person, and marker marked the seat",
        "wants a second person, and A1001 sat it",
    ]
    assert len(told.refused) == len(wanted)
    for sentence, words in zip(told.refused, wanted, strict=True):
        assert words in sentence


def test_the_certificate_on_disk_is_the_one_in_the_registry_and_verifies(told: Told) -> None:
    (number,) = told.numbers
    row = told.academy.store.rows("certificates", number=number)[0]
    data = (told.academy.centre.certificates / f"{number}.json").read_bytes()

    assert certificates.verify(data, datetime.now(UTC), told.academy.issuer_did).ok
    assert row["person"] == "A1001" and row["purpose"] == "demonstration"
    assert row["digest"] == digest(data)
    for language in ("en", "zh"):
        assert (told.academy.centre.certificates / f"{number}-{language}.pdf").read_bytes().startswith(b"%PDF")


def test_issuing_again_issues_nothing_twice(told: Told) -> None:
    assert certify.issue(told.academy, "TL-1", OFFICE).numbers == ()


def test_the_registry_is_whole_and_knows_who_did_what(told: Told) -> None:
    assert told.academy.store.verify() == []
    assert {event.by for event in told.academy.store.events("decision.confirmed")} == {SECOND}
    assert {event.by for event in told.academy.store.events("sitting.closed")} == {OFFICE}


def test_nothing_that_the_room_or_the_candidates_have_holds_a_key(told: Told) -> None:
    for row in told.academy.seats("TL-1"):
        form = told.academy.form("TL-1", row["form"])
        shown = "".join(
            path.read_text("utf-8") for path in (told.academy.centre.room / "TL-1" / row["seat"]).rglob("*.json")
        )
        for slot in form.slots:
            assert slot.question.item_id not in shown
            for option in slot.question.options:
                assert option.reason is None or option.reason.zh not in shown


def test_the_released_practical_has_neither_solutions_nor_hidden_tests_in_either_language(told: Told) -> None:
    for card, language in zip(told.cards[:2], ("en", "zh"), strict=True):
        text = seats.find(told.academy.centre.room, card.seat).practical()["practical.ipynb"].decode()

        assert "BEGIN SOLUTION" not in text and "HIDDEN TESTS" not in text and "def data(rng)" not in text
        assert ("第1题" in text and "Practical task" not in text) is (language == "zh")


def test_the_office_papers_can_be_read_by_their_owner_only(told: Told) -> None:
    for path in (told.academy.centre.office / "TL-1").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


# --- refusals that leave nothing behind ---


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with Academy(tmp_path) as opened:
        people(opened)
        yield opened


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        (
            {"purpose": "certification"},
            RuleBroken,
            "a certification form of level 2 has 60 scored items, 24 were asked for",
        ),
        ({"purpose": "fun"}, InputError, "purpose must be one of"),
        ({"length": 600}, InputError, "no form of 600 items can be made"),
        ({"length": 0}, InputError, "a form holds one item or more"),
        ({"minutes": 80}, InputError, "minutes wants at most 20"),
        ({"sitting": "../x"}, InputError, "a sitting is named by letters"),
        ({"closes_at": NOW - timedelta(hours=1)}, InputError, "a sitting closes after it opens"),
        (
            {"opens_at": NOW - timedelta(hours=3), "closes_at": NOW - timedelta(hours=1)},
            InputError,
            "is over already; give a time to come",
        ),
        (
            {"minutes": 30},
            InputError,
            "no time is left for the written part: the practical takes 60 minutes, and the seat has 30; give",
        ),
        ({"purpose": "certification", "length": None}, RuleBroken, "wants a cut score set by a panel"),
    ],
)
def test_a_sitting_that_cannot_be_is_refused_and_leaves_nothing(
    academy: Academy, changed: dict[str, object], error: type[AcademyError], words: str
) -> None:
    with pytest.raises(error, match=words):
        schedule(academy, **changed)  # type: ignore[arg-type]

    assert academy.store.rows("sittings") == []
    assert not any(academy.centre.room.glob("*/*")) and not any(academy.centre.office.glob("*/*"))


def test_whoever_has_left_by_the_day_gets_no_seat_and_whoever_leaves_on_it_does(academy: Academy) -> None:
    academy.store.append("person.left", "A1003", {"on": f"{NOW.astimezone() - timedelta(days=1):%Y-%m-%d}"}, "hr")

    with pytest.raises(
        RuleBroken, match=r"^A1003 left on [\d-]{10}, before the day of the sitting; take the name off it$"
    ):
        schedule(academy)
    assert academy.store.rows("sittings") == []
    academy.store.append("person.left", "A1003", {"on": f"{NOW.astimezone():%Y-%m-%d}"}, "hr")
    assert {card.person for card in schedule(academy)} == {"A1001", "A1003", "A1008", "A1006"}


def test_a_sitting_that_fails_at_its_last_seat_leaves_nothing_in_the_course(academy: Academy) -> None:
    with pytest.raises(RoomError, match="Say why, and who you are"):
        certify.schedule(
            academy, "TL-1", 2, [Candidate("A1001"), Candidate("A1003", extra_min=5)], opens_at=NOW,
            closes_at=NOW + timedelta(hours=1), minutes=120, purpose="practice", by=OFFICE, length=24,
        )  # fmt: skip

    assert list(academy.centre.root.rglob("TL-1*")) == []


@pytest.mark.parametrize("folder", ["course/source/TL-1", "room/TL-1", "office/TL-1"])
def test_a_sitting_is_not_put_over_a_lesson_or_over_work_that_the_registry_does_not_know(
    academy: Academy, folder: str
) -> None:
    work = academy.centre.root / folder / "work.txt"
    work.parent.mkdir(parents=True)
    work.write_text("precious", "utf-8")

    with pytest.raises(RuleBroken, match=rf"{folder} is there already"):
        schedule(academy)

    assert work.read_text("utf-8") == "precious"


def test_of_two_who_schedule_one_sitting_at_once_the_second_leaves_the_firsts_papers_alone(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = academy.centre.office / "TL-1" / "cards.json"

    def meanwhile(*_: object) -> list[object]:
        cards.parent.mkdir(parents=True)
        cards.write_text("[]")
        return []

    monkeypatch.setattr(allotment, "taken_from_shelf", meanwhile)

    with pytest.raises(RuleBroken, match="somebody else schedules sitting TL-1 at this moment"):
        certify.schedule(
            academy, "TL-1", 2, [Candidate("A1001", "zh")], opens_at=NOW, closes_at=NOW + timedelta(hours=1),
            minutes=120, purpose="practice", by=OFFICE, length=24,
        )  # fmt: skip

    assert cards.read_text() == "[]"


def test_an_unknown_candidate_and_an_unknown_seat_are_named(academy: Academy) -> None:
    with pytest.raises(InputError, match="person 'A9999' is not in the registry"):
        certify.schedule(
            academy, "TL-1", 2, [Candidate("A9999", "zh")], opens_at=NOW, closes_at=NOW + timedelta(hours=1),
            minutes=120, purpose="practice", by=OFFICE, length=24,
        )  # fmt: skip
    with pytest.raises(InputError, match="A1001 would sit twice in one sitting"):
        certify.schedule(
            academy, "TL-1", 2, [Candidate("A1001", "zh")] * 2, opens_at=NOW, closes_at=NOW + timedelta(hours=1),
            minutes=120, purpose="practice", by=OFFICE, length=24,
        )  # fmt: skip
    with pytest.raises(InputError, match="no seat 'TL-9-01'; see academy exam seats"):
        certify.grant(academy, "TL-9-01", 5, "fire alarm", OFFICE)


def test_a_practice_sitting_gives_no_certificate_and_a_missed_seat_no_extra_time(academy: Academy) -> None:
    closes_at = datetime.now(UTC) + timedelta(seconds=1)
    schedule(academy, purpose="practice", opens_at=NOW - timedelta(hours=3), closes_at=closes_at)
    time.sleep(max(0.0, (closes_at - datetime.now(UTC)).total_seconds()))
    with pytest.raises(RuleBroken, match="TL-1-01 is missed; extra time would change nothing"):
        certify.grant(academy, "TL-1-01", 5, "fire alarm", OFFICE)

    assert len(certify.close(academy, "TL-1", OFFICE)) == 4
    certify.mark(academy, "TL-1")
    certify.decide(academy, "TL-1", OFFICE)
    certify.confirm(academy, "TL-1", SECOND)

    with pytest.raises(RuleBroken, match="no certificate comes of practice"):
        certify.issue(academy, "TL-1", OFFICE)


def test_a_broken_practical_of_another_level_stops_no_exam_and_a_broken_one_of_this_level_is_named(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "bank" / "practicals"
    shutil.copytree(PROJECT / "question_bank" / "practicals", folder)
    (folder / "another.md").write_text("no header", "utf-8")
    (folder / "supervisor.md").unlink()

    with Academy(tmp_path / "centre", tmp_path / "bank") as academy:
        assert academy.practical(2).id == "team-leader"
        with pytest.raises(InputError, match=r"another\.md:1: the file must begin with a header"):
            academy.practical(3)


def test_a_form_that_somebody_altered_is_refused(academy: Academy) -> None:
    schedule(academy)
    path = academy.centre.office / "TL-1" / "TL-1-F1.json"
    path.write_text(path.read_text("utf-8").replace('"points": 1', '"points": 9', 1), "utf-8")

    with pytest.raises(InputError, match="altered"):
        academy.form("TL-1", "TL-1-F1")


def test_a_centre_without_a_name_issues_nothing(tmp_path: Path) -> None:
    with Academy(tmp_path) as nameless, pytest.raises(InputError, match=r"centre\.json must say who issues"):
        _ = nameless.issuer
