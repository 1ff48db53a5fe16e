"""Levels whose practical is a notebook, from schedule to decision on a generated bank, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader import certify, nbcourse, notebooks, seats
from grader.certify import Academy, Candidate, rating
from grader.certify.handwork import works
from grader.certify.second_look import right_answer
from tests.grader.generated_bank import FRAMEWORK, SCHEME, bank

NOW = datetime.now(UTC).replace(microsecond=0)


def solved(academy: Academy, level: int, files: dict[str, bytes], language: str) -> bytes:
    """The practical as the author would fill it in."""
    notebook: dict[str, Any] = json.loads(files["practical.ipynb"])
    cells = notebooks.choose(academy.practical(level).source, language).cells
    source = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in cells}
    for cell in notebook["cells"]:
        words = cell["metadata"].get("nbgrader", {})
        if words.get("solution"):
            cell["source"] = source[words["grade_id"]]
    return json.dumps(notebook).encode()


@pytest.mark.parametrize(("level", "judged", "by_hand"), [(1, 18, 4), (3, 20, 12)])
def test_a_sitting_with_a_supervised_notebook_goes_from_schedule_to_decision(
    tmp_path: Path, level: int, judged: float, by_hand: float
) -> None:
    languages = {"A1": "zh", "A2": "en", "A3": "zh"}
    with Academy(tmp_path) as academy:
        academy.__dict__.update(framework=FRAMEWORK, scheme=SCHEME, items=bank(level, 20))
        academy.store.append_all([("person.recorded", who, {"name": f"Name of {who}"}) for who in languages], "hr")
        cards = certify.schedule(
            academy, "L", level, [Candidate(*one) for one in languages.items()], opens_at=NOW,
            closes_at=NOW + timedelta(hours=5), minutes=60 + academy.practical(level).minutes, purpose="practice",
            by="office", length=20,
        )  # fmt: skip
        for card in cards:
            folder = seats.find(academy.centre.room, card.seat)
            folder.start(NOW)
            for slot in academy.form("L", academy.seat(card.seat)["form"]).slots:
                if slot.question.kind != "text":
                    folder.save(slot.name, right_answer(slot), NOW)
            files = folder.practical()
            work = files["practical.ipynb"] if card.person == "A3" else solved(academy, level, files, card.language)
            folder.hand_in(NOW + timedelta(minutes=5), "candidate", work)
        certify.close(academy, "L", "office")
        certify.mark(academy, "L")

        for card in cards:
            rows = academy.store.rows("marks", seat=card.seat)
            points = sum(row["points"] for row in rows if not row["slot"].startswith("q"))
            assert points == (0 if card.person == "A3" else judged)
        waiting = [one for one in works(academy, "L") if one.part == "practical"]
        assert sum(one.points for one in waiting) == 2 * by_hand and {one.seat for one in waiting} == {"L-01", "L-02"}
        if level == 1:  # one marker: formgrader
            for one in waiting:
                nbcourse.set_manual_score(
                    academy.centre.course, "L", one.person, "practical", one.slot, one.points, "says all of it"
                )
            certify.take_manual_marks(academy, "L", "lin")
        else:  # two, blind
            marks = {
                one.place: {"criteria": {line.id: line.points for line in one.rubric}, "note": ""} for one in waiting
            }
            for marker in ("lin", "zhao"):
                rating.take(academy, "L", marker, marks)
        decisions = {one.seat: one for one in certify.decide(academy, "L", "office")}

        assert [decisions[card.seat].practical_points for card in cards] == [judged + by_hand, judged + by_hand, 0]
        assert [decisions[card.seat].outcome for card in cards] == ["pass", "pass", "fail"]
        for row in certify.waiting_for_review(academy, "L"):
            certify.review(academy, row["seat"], "he", "stands")
        certify.confirm(academy, "L", "second")
        assert academy.sitting("L")["state"] == "decided"
