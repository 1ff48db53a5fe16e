"""The exchange is a folder that candidates write: what they put there takes nothing along and stops nobody."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import nbcourse
from grader.errors import InputError
from tests.grader.attacks import assignment

AT = "practical+2026-11-21 20:30:00 UTC+1"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    nbcourse.create(root, course_id="cc", exchange=tmp_path / "exchange")
    files = {"data/calls.csv": assignment.DATA, assignment.HIDDEN: assignment.HIDDEN_FILE}
    nbcourse.publish(root, assignment.NAME, {"work.ipynb": assignment.source()}, files)
    nbcourse.offer(root, assignment.NAME)
    return root


def hand_in(course: Path, name: str) -> Path:
    """A folder in the exchange as a candidate's own program could write it."""
    place = course.parent / "exchange" / "cc" / "inbound" / name
    place.mkdir()
    (place / "work.ipynb").write_bytes((course / "release" / assignment.NAME / "work.ipynb").read_bytes())
    return place


def collected(course: Path) -> list[str]:
    return sorted(str(path.relative_to(course / "submitted")) for path in course.glob("submitted/*/*/**/*"))


def test_links_bring_no_solution_and_no_file_of_the_machine_along(course: Path) -> None:
    place = hand_in(course, f"thief+{AT}")
    (place / "notes.txt").symlink_to(course / "source" / assignment.NAME / "work.ipynb")
    (place / "passwords").symlink_to("/etc/passwd")
    (place / "everything").symlink_to(course / "source")
    (place / "lost").symlink_to("/nowhere")

    assert nbcourse.collect(course, assignment.NAME) == ["thief"]
    assert collected(course) == ["thief/practical/work.ipynb"]


def a_time_that_is_none(course: Path) -> None:
    hand_in(course, "evil+practical+yesterday+1")


def a_time_after_the_last_year(course: Path) -> None:
    hand_in(course, "evil+practical+9999-12-31 23:59:59 -2300+1")


def a_link_for_a_folder(course: Path) -> None:
    place = course.parent / "exchange" / "cc" / "inbound" / f"evil+{AT}"
    place.symlink_to(course / "source" / assignment.NAME)


def a_file_for_a_folder(course: Path) -> None:
    (course.parent / "exchange" / "cc" / "inbound" / f"evil+{AT}").write_bytes(b"x")


@pytest.mark.parametrize(
    "trick",
    [a_time_that_is_none, a_time_after_the_last_year, a_link_for_a_folder, a_file_for_a_folder],
)
def test_a_folder_that_cannot_be_taken_in_is_named_and_the_others_are_collected(
    course: Path, trick: Callable[[Path], None]
) -> None:
    hand_in(course, f"honest+{AT}")
    trick(course)

    with pytest.raises(InputError, match=r"the others are collected, but not evil\+practical\+.*: "):
        nbcourse.collect(course, assignment.NAME)

    assert collected(course) == ["honest/practical/work.ipynb"]


def test_pipes_are_left_where_they_are(course: Path) -> None:
    os.mkfifo(hand_in(course, f"evil+{AT}") / "pipe")
    hand_in(course, f"honest+{AT}")

    assert nbcourse.collect(course, assignment.NAME) == ["evil", "honest"]
    assert collected(course) == ["evil/practical/work.ipynb", "honest/practical/work.ipynb"]
