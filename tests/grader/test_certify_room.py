"""What happens in the room reaches the registry; a damaged or changed seat is told, and the office has a way on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader import certify, seats
from grader.certify import Academy, Candidate
from grader.commands import main
from grader.errors import AcademyError, InputError, RuleBroken

NOW = datetime.now(UTC).replace(microsecond=0)
SITTING, WORKS, RESTS, HURT = "TL-1", "TL-1-01", "TL-1-02", "TL-1-03"


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """Three candidates, the second with larger letters and own breaks."""
    with Academy(tmp_path_factory.mktemp("centre")) as academy:
        for person in ("A1001", "A1002", "A1003"):
            academy.store.append("person.recorded", person, {"name": person, "hired_on": "2024-01-15"}, "hr")
        candidates = [
            Candidate("A1001", "en"),
            Candidate("A1002", "zh", type_percent=150, break_min=10),
            Candidate("A1003", "en"),
        ]
        certify.schedule(
            academy, SITTING, 2, candidates, opens_at=NOW, closes_at=NOW + timedelta(hours=2),
            minutes=120, purpose="demonstration", by="office", length=24,
        )  # fmt: skip
        yield academy


def folder(academy: Academy, seat: str) -> seats.SeatFolder:
    return seats.find(academy.centre.room, seat)


def office(academy: Academy, *words: str) -> int:
    return main(["exam", *words, "--centre", str(academy.centre.root), "--by", "zhao.min"])


def test_the_sitting_has_a_code_for_invigilators_that_stands_on_the_last_card(academy: Academy) -> None:
    *cards, last = academy.read_office(SITTING, "cards.json")

    assert [card["seat"] for card in cards] == [WORKS, RESTS, HURT]
    assert last["seat"] == "invigilator"
    sitting = seats.find_sitting(academy.centre.room, SITTING)
    assert sitting.opens_with(last["code"])
    assert sitting.about["titles"]["zh"].startswith("班组长")


def test_what_is_arranged_for_a_candidate_is_in_the_room_and_in_the_registry(academy: Academy) -> None:
    arranged = {"type_percent": 150, "break_min": 10}

    assert folder(academy, RESTS).seat["accommodations"] == arranged
    assert "accommodations" not in folder(academy, WORKS).seat
    facts = {event.subject: event.data["accommodations"] for event in academy.store.events("seat.assigned")}
    assert facts == {WORKS: {}, RESTS: arranged, HURT: {}}


def test_the_office_pauses_notes_and_lets_go_on_by_command(
    academy: Academy, capsys: pytest.CaptureFixture[str]
) -> None:
    folder(academy, WORKS).start(NOW)

    assert office(academy, "pause", WORKS, "--reason", "fire alarm") == 0
    assert folder(academy, WORKS).state(datetime.now(UTC)).status == "paused"
    assert office(academy, "pause", WORKS, "--reason", "again") == 2
    assert office(academy, "incident", WORKS, "went out with the second invigilator", "--json") == 0
    assert office(academy, "resume", WORKS) == 0
    assert office(academy, "resume", "TL-1-09") == 2

    told = capsys.readouterr()
    assert json.loads(told.out[told.out.index("{") : told.out.index("}") + 1])["seat"] == WORKS
    assert "paused already" in told.err and "no seat 'TL-1-09'" in told.err
    lines = [(line["event"], line["by"], line["source"]) for line in folder(academy, WORKS).log()]
    assert lines == [(event, "zhao.min", "office") for event in ("pause", "incident", "resume")]


def test_a_paused_seat_keeps_the_sitting_open(academy: Academy) -> None:
    folder(academy, RESTS).start(NOW)
    folder(academy, RESTS).pause("unwell", "Li Na", NOW + timedelta(minutes=1))

    with pytest.raises(RuleBroken, match=f"{RESTS}.* may still work"):
        certify.close(academy, SITTING, "office", NOW + timedelta(hours=9))

    folder(academy, RESTS).resume("Li Na", NOW + timedelta(minutes=2))


def test_a_damaged_seat_names_the_command_that_mends_it_and_then_closes_with_the_others(
    academy: Academy, capsys: pytest.CaptureFixture[str]
) -> None:
    hurt = folder(academy, HURT)
    hurt.start(NOW)
    hurt.save("q01", None, NOW)
    journal = hurt.path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"answer"', b'"Answer"') + b"{}\n")
    later = NOW + timedelta(hours=9)
    for seat in (WORKS, RESTS):
        folder(academy, seat).hand_in(NOW + timedelta(minutes=3), "candidate", None)

    with pytest.raises(RuleBroken, match=f"academy exam mend {HURT}"):
        certify.close(academy, SITTING, "office", later)
    assert office(academy, "mend", HURT, "--reason", "the disk was at fault") == 0
    assert "1 line kept, 2 lost" in capsys.readouterr().out
    assert office(academy, "mend", HURT, "--reason", "once more") == 2
    folder(academy, HURT).hand_in(later, "clock", None)  # as the open room does within a second


def test_a_seat_that_was_changed_behind_the_offices_back_is_not_taken(academy: Academy) -> None:
    file = folder(academy, WORKS).path / "seat.json"
    made = file.read_text("utf-8")
    file.write_text(made.replace('"id":"A1001"', '"id":"A1003"'), "utf-8")

    with pytest.raises(RuleBroken, match=f"seat {WORKS} is not the one that the exam office made"):
        certify.close(academy, SITTING, "office", NOW + timedelta(hours=9))

    file.write_text(made, "utf-8")
    assert academy.sitting(SITTING)["state"] == "scheduled"


def test_closing_copies_the_rooms_log_into_the_registry_with_time_name_and_reason(academy: Academy) -> None:
    folder(academy, RESTS).incident("a phone rang", "Li Na", NOW + timedelta(minutes=4))
    seats.find_sitting(academy.centre.room, SITTING).incident("noise next door", "Li Na", NOW + timedelta(minutes=5))

    assert certify.close(academy, SITTING, "office", NOW + timedelta(hours=10)) == []

    def told(kind: str) -> list[tuple[str, str, str]]:
        return [
            (event.subject, event.data["by"], event.data.get("reason") or event.data.get("text", ""))
            for event in academy.store.events(kind)
        ]

    assert told("seat.paused") == [(WORKS, "zhao.min", "fire alarm"), (RESTS, "Li Na", "unwell")]
    assert told("seat.resumed") == [(WORKS, "zhao.min", ""), (RESTS, "Li Na", "")]
    assert told("sitting.incident") == [(SITTING, "Li Na", "noise next door")]
    incidents = told("seat.incident")
    assert (RESTS, "Li Na", "a phone rang") in incidents
    assert any(seat == HURT and "the disk was at fault" in text for seat, _, text in incidents)
    assert academy.store.verify() == []
    with pytest.raises(RuleBroken, match="is closed"):
        certify.roomlog.incident(academy, WORKS, "too late", "office")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--arrange", "A9:type=150"], "who is no candidate"),
        (["--arrange", "A1001:type=900"], "between 100 and 300"),
        (["--arrange", "A1001:chair=2"], "written PERSON:type=150"),
    ],
)
def test_an_arrangement_that_makes_no_sense_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    with Academy(tmp_path) as fresh:
        fresh.store.append("person.recorded", "A1001", {"name": "Chen Min"}, "hr")

    asked = ["schedule", "TL-9", "--level", "2", "--candidate", "A1001", "--minutes", "120", *words]

    assert main(["exam", *asked, "--centre", str(tmp_path), "--by", "office"]) == 2
    assert sentence in capsys.readouterr().err
    assert issubclass(InputError, AcademyError)
