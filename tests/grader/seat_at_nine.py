"""A seat of all six kinds of questions whose window opens at nine for an hour, and answers to its questions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader.seats import SeatFolder, code_sha256, create, iso

__all__ = ["ANSWERS", "PAPER", "at", "first_seat", "new_seat"]


PAPER = json.loads((Path(__file__).parent / "papers" / "six_kinds.en.json").read_text(encoding="utf-8"))
NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ANSWERS = {
    "q01": "2",
    "q02": ["1", "3"],
    "q03": "３0",
    "q04": ["2", "4", "1", "3"],
    "q05": {"1": "3", "2": "2"},
    "q06": "先请对方坐下。\nThen I ask.",
}


def at(minutes: float) -> datetime:
    """So many minutes after nine, when the fixture's window opens."""
    return NINE + timedelta(minutes=minutes)


def new_seat(path: Path, **changes: Any) -> SeatFolder:
    seat = {
        "seat": path.name,
        "sitting": "TL-2026-11",
        "candidate": {"id": "P014", "name": "Mei Tan"},
        "language": "en",
        "minutes": 40,
        "opens_at": iso(at(0)),
        "closes_at": iso(at(60)),
        "code_sha256": code_sha256("K7QM-3XPD"),
        "form_digest": "0" * 64,
        "title": "Team leader",
        **changes,
    }
    return create(path, seat, {**PAPER, "seat": path.name}, {"practical.ipynb": b"{}", "calls.csv": b"a,b\n"})


def first_seat(tmp_path: Path) -> SeatFolder:
    """The fixture ``seat`` of a module of tests."""
    return new_seat(tmp_path / "room" / "TL-2026-11" / "A001")
