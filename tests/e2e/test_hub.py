"""The exam room behind a real JupyterHub and its proxy: two candidates, neither of whom gets at the other's things."""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grader.room import hub as room_hub
from grader.seats import SeatFolder
from tests import hub_server, room_server

CODES = {"A001": "K7QM-3XPD", "A002": "WXYZ-2346"}
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")
SECRET = "the key of question 3 is 30"
NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
# What a candidate with bad intentions would run in a notebook: every file that the account can open, every folder that
# it can list, and whether it can write anywhere.
LOOK = """
import os, pathlib
found = []
def look(path):
    try:
        names = os.listdir(path)
        found.append(f"lists {{path}}")
    except OSError:
        names = []
    for name in names:
        look(os.path.join(path, name))
    for flags, word in ((os.O_RDONLY, "reads"), (os.O_WRONLY | os.O_APPEND, "writes")):
        try:
            os.close(os.open(path, flags))
            if not os.path.isdir(path):
                found.append(f"{{word}} {{path}}")
        except OSError:
            pass
    try:
        new = os.path.join(path, "planted")
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT))
        found.append(f"plants {{new}}")
        os.unlink(new)
    except OSError:
        pass
for path in {paths!r}:
    look(path)
print(os.getuid(), *sorted(found), sep="\\n")
"""

ANNE, BILL = hub_server.CANDIDATES


@pytest.fixture(scope="module")
def hub() -> Iterator[Any]:
    running = hub_server.HubServer()
    before = os.umask(0o007)  # what docs/operator.md wants of the exam office
    try:
        for number, account in zip(CODES, (ANNE.upper(), BILL), strict=True):
            person = {"id": account, "name": f"Candidate {account}"}
            language = "zh" if account == BILL else "en"
            room_server.make_seat(running.room, number, language, code=CODES[number], candidate=person)
        room_server.make_sitting(running.room)
        office = running.centre / "office" / "TL-2026-11"
        office.mkdir(parents=True)
        (office / "F1.json").write_text(SECRET)
        (running.centre / "registry.db").write_text(SECRET)
    finally:
        os.umask(before)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def anne(hub: Any) -> Iterator[Any]:
    person = hub.login(ANNE)
    yield person
    person.close()


@pytest.fixture(scope="module")
def bill(hub: Any) -> Iterator[Any]:
    person = hub.login(BILL)
    yield person
    person.close()


def sit_down(person: Any, number: str) -> dict[str, Any]:
    assert person.ask("POST", f"seats/{number}/enter", {"code": CODES[number]}).status_code == 200
    started = person.ask("POST", f"seats/{number}/start")
    assert started.status_code == 200, started.text
    view: dict[str, Any] = started.json()
    return view


def test_a_candidate_in_a_browser_logs_in_sits_down_and_writes_on_after_the_room_was_killed(
    hub: Any, page: Page
) -> None:
    page.goto(f"{hub.url}/services/exam/")
    page.locator("#username_input").fill(ANNE)
    page.locator("#password_input").fill(hub_server.PASSWORD)
    page.locator("#login_submit").click()
    page.get_by_role("link", name="A001").click()
    page.locator("#code").fill(CODES["A001"])
    page.locator("#code").press("Enter")
    page.locator("#honour").check()
    page.locator("form.begin button").click()
    page.locator("input[value='2']").check()
    expect(page.locator("#save")).to_have_text(SAVED, timeout=15_000)

    old = hub.room_pid()
    hub_server.kill(old)
    page.locator("input[value='3']").check()
    hub.wait(lambda: answers(hub, "A001").get("q01") == "3", 30, "the page to save again")

    expect(page.locator("#save")).to_have_text(SAVED, timeout=15_000)
    assert hub.room_pid() != old


def answers(hub: Any, number: str) -> dict[str, Any]:
    return SeatFolder(hub.room / "TL-2026-11" / number).state(datetime.now(UTC)).answers


def test_without_a_login_the_hub_asks_for_one_and_the_room_tells_nothing(hub: Any) -> None:
    stranger = hub.browser()

    page = stranger.get("/services/exam/seats/A001")

    assert page.url.path == "/hub/login" and "Team leader" not in page.text
    for path in ("seats", "seats/A001", "seats/A001/clock"):
        reply = stranger.get(f"/services/exam/api/{path}")
        assert (reply.status_code, set(reply.json())) >= (401, {"message"})
        assert "Log in" in reply.json()["message"]


def test_everybody_finds_the_own_seat_alone_whatever_the_case_of_the_account(anne: Any, bill: Any) -> None:
    for person, mine in ((anne, "A001"), (bill, "A002")):
        sittings = person.ask("GET", "seats").json()["sittings"]
        assert [seat["seat"] for sitting in sittings for seat in sitting["seats"]] == [mine]


def test_nobody_opens_the_seat_of_another_person_not_even_with_its_code(anne: Any, bill: Any) -> None:
    sit_down(anne, "A001")
    (stolen,) = (cookie for cookie in anne.client.cookies.jar if cookie.name == "academy-seat-A001")
    thief = bill.hub.login(BILL)
    thief.client.cookies.jar.set_cookie(stolen)

    for method, path, body in (
        ("POST", "enter", {"code": CODES["A001"]}),
        ("GET", "", None),
        ("GET", "clock", None),
        ("POST", "start", None),
        ("PUT", "answers/q01", {"value": "1"}),
        ("POST", "hand-in", None),
    ):
        reply = thief.ask(method, f"seats/A001/{path}".rstrip("/"), body)
        assert (reply.status_code, reply.json()["message"]) == (404, "There is no seat A001 in this room.")

    page = thief.client.get("/services/exam/seats/A001")
    assert page.status_code == 404 and "Team leader" not in page.text


def test_a_whole_exam_behind_the_hub_with_the_practical_on_the_own_notebook_server(hub: Any, bill: Any) -> None:
    view = sit_down(bill, "A002")
    assert view["practical_url"] == "/hub/user-redirect/lab/tree/A002/practical.ipynb"
    saved = bill.ask("PUT", "seats/A002/answers/q03", {"value": "30"})
    assert saved.status_code == 200
    # The way that JupyterLab takes when the candidate saves the notebook.
    bill.run("'start the server'")
    token = hub.operator("POST", f"/users/{BILL}/tokens", json={}).json()["token"]
    asked = f"/user/{BILL}/lab/api/settings/@jupyterlab/translation-extension:plugin"
    told = bill.client.get(asked, headers={"Authorization": f"token {token}"}).json()
    assert told["schema"]["properties"]["locale"]["default"] == "zh_CN"  # as the paper of the seat
    lab = bill.client.get(f"/user/{BILL}/lab", headers={"Authorization": f"token {token}"}).text
    assert "one-save" in lab  # our plug-in, by which JupyterLab does not ask about saves of its own
    notebook = json.loads(NOTEBOOK) | {"metadata": {"mine": "my work"}}
    put = bill.client.put(
        f"/user/{BILL}/api/contents/A002/practical.ipynb",
        json={"type": "notebook", "format": "json", "content": notebook},
        headers={"Authorization": f"token {token}"},
    )
    assert put.status_code == 200, (put.text, hub.log())

    receipt = bill.ask("POST", "seats/A002/hand-in")

    assert receipt.status_code == 200 and receipt.json()["note"] is None
    handed = SeatFolder(hub.room / "TL-2026-11" / "A002").handed_in()
    assert handed is not None and handed.practical is not None
    assert (handed.answers["q03"], json.loads(handed.practical)["metadata"]["mine"]) == ("30", "my work")


def test_code_of_a_candidate_reads_and_writes_no_file_of_room_office_hub_or_neighbour(
    hub: Any, anne: Any, bill: Any
) -> None:
    sit_down(anne, "A001")
    places = [str(hub.centre), str(hub.room), *map(str, hub.room.rglob("*")), str(hub.centre / "office")]
    places += [str(hub.centre / "registry.db"), str(hub.centre / "office/TL-2026-11/F1.json"), str(hub.state)]
    places += [str(hub.state / "jupyterhub.sqlite"), str(hub.state / "cookie_secret"), str(hub.work)]
    assert SECRET in (hub.centre / "registry.db").read_text()  # root sees it, so that looking would find it
    seen = {}
    for person, other in ((anne, BILL), (bill, ANNE)):
        code = LOOK.format(paths=[*places, str(hub.work / other), str(hub.work / other / "A001")])
        uid, *found = person.run(code).split("\n")[:-1]
        seen[person.account] = (int(uid), found)

    if not hub.several:
        # One account owns everything: that files are closed to candidates cannot be seen here, only that each has a
        # notebook server of the own. Run this test as root for the rest.
        print("NOT CHECKED: two accounts and their files, since only root can be several accounts")
        assert {uid for uid, _ in seen.values()} == {os.geteuid()}
        return
    assert len({uid for uid, _ in seen.values()} | {0}) == 3
    assert [found for _, found in seen.values()] == [[], []]
    for path, opened in ((hub.centre / "office", False), (hub.centre / "registry.db", False), (hub.room, True)):
        told = subprocess.run(
            ["ls" if Path(path).is_dir() else "cat", str(path)],
            user=hub_server.ROOM_ACCOUNT, group=hub_server.ROOM_ACCOUNT, extra_groups=[],
            capture_output=True, text=True,
        )  # fmt: skip
        assert (told.returncode == 0) is opened and SECRET not in told.stdout
    own = anne.run(LOOK.format(paths=[str(hub.work / ANNE)]))
    assert f"writes {hub.work}/{ANNE}/A001/practical.ipynb" in own  # the look finds what is open


def test_code_of_a_candidate_gets_nothing_over_http_either(hub: Any, anne: Any, bill: Any) -> None:
    sit_down(anne, "A001")
    anne.run("'start the server'")
    code = f"""
import os, urllib.error, urllib.request
def status(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers)).status
    except urllib.error.HTTPError as error:
        return error.code
mine = "token " + os.environ["JUPYTERHUB_API_TOKEN"]
room, proxy, hub = "http://127.0.0.1:{hub.room_port}/services/exam", "{hub.url}", "http://127.0.0.1:{hub.hub_port}/hub/api"
print(status(room + "/api/seats/A001"), status(room + "/api/seats/A001", Authorization=mine))
print(status(proxy + "/user/{ANNE}/api/contents/A001/practical.ipynb", Authorization=mine))
print(status(hub + "/users/{ANNE}", Authorization=mine), status(hub + "/services/exam", Authorization=mine))
print(status("http://127.0.0.1:{hub.api_port}/api/routes", Authorization=mine))
"""
    said = bill.run(code)

    first, second, *rest = said.split()
    assert first == "401" and second in ("401", "403", "404")
    assert all(status in ("403", "404") for status in rest), said


def test_the_invigilators_page_wants_the_hubs_scope_and_the_code_and_no_seat_of_the_own(hub: Any, anne: Any) -> None:
    words = {"code": room_server.INVIGILATOR, "name": "Ines"}
    invigilator = hub.login(hub_server.INVIGILATOR)

    candidate = anne.ask("POST", "sittings/TL-2026-11/enter", words)
    assert (candidate.status_code, candidate.json()["message"]) == (
        403,
        "Your account may not invigilate this sitting.",
    )
    assert anne.ask("GET", "sittings/TL-2026-11").status_code == 403
    assert anne.client.get("/services/exam/invigilate/TL-2026-11").status_code == 403
    assert anne.ask("GET", "seats").json()["invigilate"] == []

    assert invigilator.ask("POST", "sittings/TL-2026-11/enter", words | {"code": "WRONG"}).status_code == 403
    assert invigilator.ask("GET", "sittings/TL-2026-11").status_code == 403
    assert invigilator.ask("POST", "sittings/TL-2026-11/enter", words).status_code == 200
    seen = invigilator.ask("GET", "sittings/TL-2026-11").json()
    assert [seat["seat"] for seat in seen["seats"]] == list(CODES)
    assert seen["by"] == f"{hub_server.INVIGILATOR} Ines"  # what is typed stands behind the account that typed it

    # An invigilator who sits in the sitting is a candidate.
    own = {"id": hub_server.INVIGILATOR, "name": "Ines"}
    room_server.make_seat(hub.room, "A003", candidate=own)
    try:
        hub.wait(lambda: invigilator.ask("GET", "sittings/TL-2026-11").status_code == 403, 5, "the seat to be seen")
    finally:
        shutil.rmtree(hub.room / "TL-2026-11" / "A003")


def test_a_killed_room_comes_back_by_itself_and_nobody_logs_in_again(hub: Any, anne: Any) -> None:
    sit_down(anne, "A001")
    saved = anne.ask("PUT", "seats/A001/answers/q06", {"value": "acknowledged"})
    assert saved.status_code == 200

    old = hub.room_pid()
    hub_server.kill(old)
    hub.wait(lambda: anne.ask("GET", "seats").status_code == 200, 60, "the room to come back")

    assert hub.room_pid() != old
    view = anne.ask("GET", "seats/A001")
    assert view.json()["state"]["answers"]["q06"] == "acknowledged"


def test_a_room_that_cannot_work_says_why_in_one_sentence_and_ends(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    room = tmp_path / "room"
    paper = room_server.make_seat(room, "A001").path / "paper.json"
    secret = room / ".cookie-secret"
    monkeypatch.setenv("JUPYTERHUB_SERVICE_URL", "http://127.0.0.1:1/services/exam/")
    monkeypatch.setattr(sys, "argv", ["hub", "--room", str(room), "--work", str(tmp_path), "--secret", str(secret)])
    monkeypatch.setattr(os, "umask", lambda mask: 0)
    monkeypatch.setattr(room_hub, "_start_again_for_ever", lambda: pytest.fail("it would be started again for ever"))

    secret.mkdir()  # that root cannot read either
    with pytest.raises(SystemExit):
        room_hub.main()
    assert f"{secret} cannot be read (Is a directory); remove it, and it is made anew" in capsys.readouterr().err

    mine = pwd.getpwuid(os.geteuid()).pw_name
    for path, ends in ((paper, False), (room, True)):
        monkeypatch.setattr(os, "access", lambda looked, wanted, path=path: Path(looked) != path)
        caplog.clear()
        with pytest.raises(SystemExit):
            room_hub.main()
        told = f"{path} is closed to the account {mine}: set owner and group as docs/operator.md says"
        assert (told in capsys.readouterr().err, told in caplog.messages) == (ends, not ends)


def test_a_hub_that_hangs_stops_no_candidate_who_is_in(hub: Any, anne: Any) -> None:
    sit_down(anne, "A001")
    hub.process.send_signal(signal.SIGSTOP)
    try:
        time.sleep(1.2)  # what the Hub said is trusted for one second here
        saved = anne.ask("PUT", "seats/A001/answers/q06", {"value": "written while the Hub hangs"})
    finally:
        hub.process.send_signal(signal.SIGCONT)

    assert saved.status_code == 200, saved.text
    seat = SeatFolder(hub.room / "TL-2026-11" / "A001")
    assert seat.state(datetime.now(UTC)).answers["q06"] == "written while the Hub hangs"
