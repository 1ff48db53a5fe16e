"""A bank of two items of ours, one of them in review, and what readers and its author do with it."""

import shutil
from datetime import date
from pathlib import Path

from grader.authoring import Shelf, review

__all__ = ["BANK", "CHOICE", "DAY", "NUMBER", "afresh", "changed", "read_by", "two_items"]


BANK = Path(__file__).parents[2] / "question_bank"
CHOICE = "CX-2.2-refund-and-goodwill-in-authority"
NUMBER = "FC-2.1-positions-under-occupancy-limit"
DAY = date(2026, 11, 23)


def two_items(tmp_path):
    """The fixture ``shelf``: a bank of two items, one of them in review without a reader yet."""
    for name in ("framework.yml", "scheme.yml"):
        shutil.copy(BANK / name, tmp_path)
    (tmp_path / "cases").mkdir()
    for item_id in (CHOICE, NUMBER):
        path = Shelf(tmp_path).path(item_id)
        path.parent.mkdir(parents=True)
        text = Shelf(BANK).path(item_id).read_text("utf-8")
        if item_id == CHOICE:
            rows = [row for row in text.split("\n") if "second reader" not in row]
            text = "\n".join(rows).replace("status: approved", "status: review")
        path.write_text(text, "utf-8")
    return Shelf(tmp_path)


def afresh(shelf):
    return Shelf(shelf.folder)


def read_by(shelf, by, language, verdict="approve", key="agreed", note=""):
    return review.read_by(shelf, CHOICE, by=by, language=language, verdict=verdict, key=key, note=note, on=DAY)


def changed(shelf, old, new):
    """The author brings the item back to draft, changes its text, and hands it in again."""
    review.move(shelf, CHOICE, "draft", by="lw", note="as the reader says", on=DAY)
    path = shelf.path(CHOICE)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    review.move(afresh(shelf), CHOICE, "review", by="lw", on=DAY)
