"""Pauses, breaks and incidents of a seat: the clock stands, nothing can be written, and every step has a name."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import RoomError
from grader.seats import SeatFolder, code_sha256, create, iso
from grader.seats.state import Invigilation

PAPER = json.loads((Path(__file__).parent / "papers" / "six_kinds.en.json").read_text(encoding="utf-8"))
NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def new_seat(path: Path, **changes: Any) -> SeatFolder:
    """Forty minutes of work, in a room that is open from 9:00 to 10:00."""
    seat = {
        "seat": path.name, "sitting": "TL-2026-11", "candidate": {"id": "P014", "name": "Mei Tan"}, "language": "en",
        "minutes": 40, "opens_at": iso(at(0)), "closes_at": iso(at(60)), "code_sha256": code_sha256("K7QM-3XPD"),
        "form_digest": "0" * 64, "title": "Team leader", **changes,
    }  # fmt: skip
    return create(path, seat, {**PAPER, "seat": path.name}, {})


@pytest.fixture
def seat(tmp_path: Path) -> SeatFolder:
    return new_seat(tmp_path / "room" / "TL-2026-11" / "A001")


def test_while_a_seat_is_paused_its_time_stands_and_afterwards_it_has_all_of_it(seat: SeatFolder) -> None:
    seat.start(at(0))

    seat.pause("fire alarm", "Zhao Min", at(10))

    assert [seat.state(at(when)).remaining_s for when in (10, 15, 300)] == [30 * 60] * 3
    state = seat.state(at(15))
    assert (state.status, state.deadline) == ("paused", iso(at(45)))
    assert state.pause == {"since": iso(at(10)), "reason": "fire alarm", "break": False, "until": None}

    seat.resume("Zhao Min", at(22))

    assert SeatFolder(seat.path).state(at(22)).deadline == iso(at(52))
    assert seat.state(at(30)).remaining_s == 22 * 60


def test_a_pause_moves_the_closing_time_for_its_seat_too(seat: SeatFolder) -> None:
    seat.start(at(50))  # the room would end it at 60
    seat.pause("fire alarm", "Zhao Min", at(55))

    seat.resume("Zhao Min", at(65))

    assert seat.state(at(66)).deadline == iso(at(70))
    assert seat.save("q01", "1", at(69)).saved_at == iso(at(69))
    with pytest.raises(RoomError, match="time is over"):
        seat.save("q01", "2", at(70))


def test_who_has_not_started_when_the_room_is_paused_can_start_later_by_as_much(seat: SeatFolder) -> None:
    seat.pause("power cut", "Zhao Min", at(10))
    with pytest.raises(RoomError, match="paused"):
        seat.start(at(12))

    seat.resume("Zhao Min", at(40))

    assert seat.state(at(85)).status == "open"
    assert seat.start(at(85)).deadline == iso(at(90))
    assert new_seat(seat.path.with_name("A002")).state(at(85)).status == "missed"


def test_a_pause_before_the_room_opens_counts_from_the_opening(seat: SeatFolder) -> None:
    seat.pause("no power yet", "Zhao Min", at(-30))
    seat.resume("Zhao Min", at(5))

    assert seat.start(at(60)).deadline == iso(at(65))


def test_nothing_can_be_written_or_handed_in_while_a_seat_is_paused(seat: SeatFolder) -> None:
    seat.start(at(0))
    seat.save("q01", "1", at(1))
    seat.pause("fire alarm", "Zhao Min", at(10))

    for attempt in (
        lambda: seat.save("q01", "2", at(11)),
        lambda: seat.flag("q01", True, at(11)),
        lambda: seat.hand_in(at(11), "candidate", None),
        lambda: seat.hand_in(at(500), "clock", None),
    ):
        with pytest.raises(RoomError, match="paused") as refused:
            attempt()
        assert "暂停" in refused.value.zh
    assert seat.state(at(11)).answers == {"q01": "1"}


def test_extra_time_given_in_a_pause_comes_on_top(seat: SeatFolder) -> None:
    seat.start(at(0))
    seat.pause("fire alarm", "Zhao Min", at(10))
    seat.grant(5, "to find the place again", "Zhao Min", at(12))
    seat.resume("Zhao Min", at(20))

    assert seat.state(at(21)).deadline == iso(at(55))


@pytest.mark.parametrize(("minute", "sentence"), [(20, "paused already"), (70, "is over; there is nothing to pause")])
def test_a_pause_that_makes_no_sense_is_refused(seat: SeatFolder, minute: float, sentence: str) -> None:
    seat.start(at(0))
    if minute == 20:
        seat.pause("first", "Zhao Min", at(10))
    with pytest.raises(RoomError, match=sentence):
        seat.pause("again", "Zhao Min", at(minute))


def test_what_an_invigilator_does_wants_a_reason_and_a_name(seat: SeatFolder) -> None:
    seat.start(at(0))
    for attempt in (
        lambda: seat.pause(" ", "Zhao Min", at(1)),
        lambda: seat.pause("alarm", " ", at(1)),
        lambda: seat.grant(5, "", "Zhao Min", at(1)),
        lambda: seat.incident("", "Zhao Min", at(1)),
        lambda: seat.resume("", at(1)),
    ):
        with pytest.raises(RoomError, match="Say why, and who you are"):
            attempt()
    with pytest.raises(RoomError, match="at most 1000"):
        seat.incident("x" * 1001, "Zhao Min", at(1))
    with pytest.raises(RoomError, match="not paused"):
        seat.resume("Zhao Min", at(1))
    assert seat.log() == []


def test_own_breaks_stop_the_clock_until_they_are_used_up(tmp_path: Path) -> None:
    seat = new_seat(tmp_path / "A001", accommodations={"break_min": 10})
    seat.start(at(0))

    assert seat.take_break(at(5)).pause == {
        "since": iso(at(5)), "reason": "own break", "break": True, "until": iso(at(15)),
    }  # fmt: skip
    assert seat.end_break(at(9)).deadline == iso(at(44))
    assert seat.state(at(9)).break_left_s == 6 * 60

    seat.take_break(at(20))
    assert (seat.state(at(25)).status, seat.state(at(26)).status) == ("paused", "running")
    assert seat.state(at(40)).deadline == iso(at(50))
    assert seat.save("q01", "1", at(40)).n == 2  # back without pressing anything: the break ended by itself
    with pytest.raises(RoomError, match="no break time left"):
        seat.take_break(at(41))


def test_a_break_is_refused_where_none_is_arranged_and_when_the_clock_does_not_run(tmp_path: Path) -> None:
    plain = new_seat(tmp_path / "A001")
    arranged = new_seat(tmp_path / "A002", accommodations={"break_min": 10})
    plain.start(at(0))

    with pytest.raises(RoomError, match="no break time left"):
        plain.take_break(at(1))
    with pytest.raises(RoomError, match="only while the clock runs"):
        arranged.take_break(at(1))


def test_an_invigilators_pause_ends_a_break_and_only_an_invigilator_ends_the_pause(tmp_path: Path) -> None:
    seat = new_seat(tmp_path / "A001", accommodations={"break_min": 10})
    seat.start(at(0))
    seat.take_break(at(5))

    seat.pause("fire alarm", "Zhao Min", at(7))

    assert seat.state(at(7)).break_left_s == 8 * 60
    with pytest.raises(RoomError, match="paused"):
        seat.end_break(at(8))
    seat.resume("Zhao Min", at(20))
    assert seat.state(at(20)).deadline == iso(at(55))


MOVES = st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["pause", "break", "resume"])), max_size=12)


@given(moves=MOVES, allowed=st.integers(0, 20))
def test_minute_by_minute_the_clock_stands_exactly_while_a_pause_is_on(
    moves: list[tuple[int, str]], allowed: int
) -> None:
    log, minute, lines = Invigilation(break_min=allowed), 0, []
    for gap, move in moves:
        minute += gap
        event, source = (
            ("resume", "room") if move == "resume" else ("pause", "candidate" if move == "break" else "room")
        )
        lines.append((minute, event, source))
        log.apply({"at": iso(at(minute)), "event": event, "source": source, "reason": "x", "by": "x"})

    # Another derivation: walk minute by minute through the lines and count.
    stood, left, on = 0, allowed, None
    for now in range(minute + 40):
        for when, event, source in lines:
            if when == now:
                on = source if event == "pause" else None
        if on == "candidate" and left == 0:
            on = None
        if on:
            stood += 1
            left -= on == "candidate"
    assert log.paused(at(0), at(minute + 40)) == timedelta(minutes=stood)
    assert log.break_left(at(minute + 40)) == timedelta(minutes=left)


def test_a_clock_that_was_set_back_gives_nobody_time_back(seat: SeatFolder) -> None:
    seat.start(at(0))
    seat.save("q01", "1", at(30))

    assert seat.state(at(-600)).remaining_s == 10 * 60
    seat.pause("alarm", "Zhao Min", at(-600))
    assert seat.log()[0]["at"] == iso(at(-600))
    seat.resume("Zhao Min", at(31))
    assert seat.state(at(31)).remaining_s <= 40 * 60


def test_only_the_page_that_started_last_may_write_and_the_older_one_is_told(seat: SeatFolder) -> None:
    seat.start(at(0), "first", "10.0.0.5")
    seat.save("q01", "1", at(1), "first")

    seat.start(at(2), "second", "10.0.0.9")

    for attempt in (
        lambda: seat.save("q01", "2", at(3), "first"),
        lambda: seat.flag("q01", True, at(3), "first"),
        lambda: seat.save("q01", "2", at(3)),
        lambda: seat.hand_in(at(3), "candidate", None, None, "first"),
    ):
        with pytest.raises(RoomError, match="another window or on another computer") as refused:
            attempt()
        assert refused.value.status == 409
    again = SeatFolder(seat.path)  # also after the room was started again
    assert again.save("q01", "3", at(4), "second").n == 4
    assert again.returns() == 1
    assert again.hand_in(at(5), "candidate", None, None, "second")["how"] == "candidate"


def test_the_clock_hands_in_whatever_page_writes(seat: SeatFolder) -> None:
    seat.start(at(0), "first")

    assert seat.hand_in(at(41), "clock", None)["how"] == "clock"
