"""The demo as a newcomer runs it: stopped half-way, run again, and every candidate gets what the part deserves."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from grader import certificates
from grader.demo.cast import CAST
from grader.store import Store

DESERVED = {
    "A1001": "pass", "A1002": "pass", "A1003": "fail", "A1004": "pass", "A1005": "pass", "A1006": "absent",
    "A1007": "pass", "A1008": "fail", "A1009": "fail", "A1010": "pass", "A1011": "fail", "A1012": "pass",
}  # fmt: skip


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "grader", "demo", "--folder", str(folder)]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo that was stopped with candidates in the room, and then run to its end; its folder and what it said."""
    folder = tmp_path_factory.mktemp("demo") / "centre"
    stopped = subprocess.Popen(command(folder), stdout=subprocess.PIPE, text=True)
    assert stopped.stdout is not None
    for line in stopped.stdout:
        if "the room is open" in line:
            break
    time.sleep(2)
    stopped.send_signal(signal.SIGKILL)  # no chance to tidy up: the room's server lives on
    stopped.wait()
    stopped.stdout.close()
    leftover = psutil.Process(int((folder / "jupyter" / "server.pid").read_text()))
    assert leftover.is_running()

    done = subprocess.run(command(folder), capture_output=True, text=True, check=False, timeout=400)

    assert done.returncode == 0, done.stdout + done.stderr
    assert not leftover.is_running()
    return folder, done.stdout


def test_every_candidate_gets_what_the_part_deserves(played: tuple[Path, str]) -> None:
    with Store(played[0] / "registry.db") as store:
        assert {row["person"]: row["outcome"] for row in store.rows("decisions")} == DESERVED
        holders = {row["person"] for row in store.rows("certificates")}
        assert holders == {person for person, outcome in DESERVED.items() if outcome == "pass"}
        assert store.verify() == []


def test_the_power_cut_cost_no_acknowledged_answer(played: tuple[Path, str]) -> None:
    before = re.search(r"is killed, with (\d+) answers acknowledged", played[1])
    after = re.search(r"the room is back, (\d+) answers are there", played[1])

    assert before is not None and after is not None
    assert int(after[1]) >= int(before[1]) > 50


def test_how_each_seat_was_handed_in_is_on_record(played: tuple[Path, str]) -> None:
    with Store(played[0] / "registry.db") as store:
        how = {row["person"]: row["handed_in_how"] for row in store.rows("seats")}
        extra = {row["person"]: row["extra_min"] for row in store.rows("seats")}

    assert how.pop("A1006") == "never"
    assert how.pop("A1009") == "clock"
    assert set(how.values()) == {"candidate"}
    assert {person for person, minutes in extra.items() if minutes} == {"A1005"}


def test_the_cheat_got_nothing_from_the_judge(played: tuple[Path, str]) -> None:
    with Store(played[0] / "registry.db") as store:
        (seat,) = [row["seat"] for row in store.rows("seats", person="A1008")]
        judged = [row for row in store.rows("marks", seat=seat) if re.fullmatch(r"p[1-4].*", row["slot"])]

    assert len(judged) == 7 and all(row["points"] == 0 for row in judged)


def test_what_it_says_to_open_is_there_and_the_certificates_verify(played: tuple[Path, str]) -> None:
    folder, said = played
    for name in re.findall(r"^  .{26} (/\S.*)$", said, re.M):
        assert Path(name).stat().st_size > 1000, name
    issuer = certificates.did(certificates.load_key(folder / "keys" / "issuer.pem"))
    for path in (folder / "certificates").glob("*.json"):
        assert certificates.verify(path.read_bytes(), datetime.now(UTC), issuer).ok
        altered = json.loads(path.read_text("utf-8"))
        altered["validUntil"] = "2099-01-01T00:00:00Z"
        assert not certificates.verify(altered, datetime.now(UTC), issuer).ok


def test_the_table_names_everybody(played: tuple[Path, str]) -> None:
    for part in CAST:
        assert part.name in played[1]


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    done = subprocess.run(command(tmp_path), capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "is not empty and was not made by a demo" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "mine"
