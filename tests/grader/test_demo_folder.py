"""The demo clears a folder that an earlier demo made, and no other; its people read well in both languages."""

from __future__ import annotations

import fcntl
import re
from datetime import date
from pathlib import Path

import pytest

from grader import demo, people
from grader.demo.cast import ROSTER
from grader.errors import InputError


def test_a_folder_in_which_a_demo_is_playing_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "registry.db").touch()
    with (tmp_path / ".academy-demo").open("w") as seal:
        fcntl.flock(seal, fcntl.LOCK_EX)

        with pytest.raises(InputError, match=r"a demo is running in .*; let it end, or give another --folder$"):
            demo.run(tmp_path)

    assert (tmp_path / "registry.db").exists()


def test_a_folder_that_no_demo_made_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "registry.db").touch()

    with pytest.raises(InputError, match=r"is not empty and was not made by a demo; give another --folder$"):
        demo.run(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["registry.db"]


@pytest.mark.parametrize("folder", ["/proc/academy", "/dev/null", "/dev/null/academy"])
def test_a_folder_that_cannot_be_made_is_said_with_the_systems_reason(folder: str) -> None:
    with pytest.raises(InputError, match=rf"^{folder} cannot be made anew \(.*\); .* or give another --folder$"):
        demo.run(Path(folder))


def test_everybody_reports_to_somebody_in_the_roster_and_sites_and_posts_read_in_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(ROSTER, "utf-8")

    roster = people.read_roster(path, date(2026, 11, 22))

    known = {one["person"]: one for one in roster.people}
    assert len(roster.problems) == 1 and "A1013" not in known
    assert {one["manager"] for one in known.values() if one["person"].startswith("A")} <= set(known)
    for one in known.values():
        assert one["job_level"] in ("L1", "L2")
        for told in (one["site"], one["role"]):
            assert re.search("[\u4e00-\u9fff]", told) and re.search("[A-Z][a-z]", told)
