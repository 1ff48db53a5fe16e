"""The steps of an exam as the office types them: lines to read, one JSON document when asked, one clear sentence."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader import seats
from grader.commands import main, parser
from grader.commands._options import progress
from grader.store import Store

NOW = datetime.now(UTC).replace(microsecond=0)
Say = Callable[..., str]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A centre in which one of two candidates sat, wrote little and handed in; the tests go on from there."""
    folder = tmp_path_factory.mktemp("office") / "centre"
    with Store(folder / "registry.db") as store:
        people = {"A1001": "Grace Lim", "A1002": "陈晓敏", "S1001": "赵敏", "S1003": "孙丽"}
        facts = [("person.recorded", who, {"name": name, "hired_on": "2024-01-15"}) for who, name in people.items()]
        store.append_all(facts, "hr")
    identity = {"name": {"en": "Hall", "zh": "厅"}, "url": "https://example.com/a", "by": "S1001"}
    (folder / "centre.json").write_text(json.dumps(identity), "utf-8")
    yield folder


@pytest.fixture
def say(centre: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Type a command and get what it prints; ``code`` is the exit status that it has to have."""

    def typed(*words: str, code: int = 0) -> str:
        assert main([*words, "--centre", str(centre)]) == code
        said = capsys.readouterr()
        return said.err if code == 2 else said.out

    return typed


def document(text: str) -> Any:
    return json.loads(text)


def test_the_cards_are_listed_again_with_and_without_codes(say: Say, centre: Path) -> None:
    opens = (NOW - timedelta(minutes=1)).isoformat()
    words = ["--candidate", "A1001:en", "--candidate", "A1002:zh:10", "--minutes", "120", "--items", "24"]
    made = say(
        "exam", "schedule", "TL-1", "--level", "2", "--purpose", "demonstration", "--opens", opens, *words,
        "--by", "S1001 赵敏", "--json",
    )  # fmt: skip
    cards = {card["seat"]: card for card in document(made)["cards"]}

    lines = say("exam", "seats", "TL-1").splitlines()
    told = document(say("exam", "seats", "TL-1", "--codes", "--json"))

    assert len(lines) == 4 and "陈晓敏" in lines[3] and cards["TL-1-02"]["code"] not in "".join(lines)
    assert told["state"] == "scheduled" and told["invigilator"]
    assert [row["code"] for row in told["seats"]] == [cards[seat]["code"] for seat in ("TL-1-01", "TL-1-02")]
    assert [(row["extra_min"], row["state"]) for row in told["seats"]] == [(0, "open"), (10, "open")]
    assert told["invigilator"] in say("exam", "seats", "TL-1", "--codes")


def test_a_step_waits_until_another_one_is_done(say: Say, centre: Path) -> None:
    words = ["exam", "incident", "TL-1-01", "the fire door opened", "--by", "S1001 赵敏"]
    with (centre / ".acting").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "grader", *words, "--centre", str(centre)]
        second = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert second.stderr is not None

        assert "another step is being done in this centre; waiting" in second.stderr.readline()
        assert second.poll() is None
        say("exam", "seats", "TL-1")  # who only looks waits for nobody

    assert second.communicate(timeout=60)[1] == "" and second.returncode == 0


def test_the_admission_slips_are_a_page_of_the_office_alone(say: Say) -> None:
    told = document(say("exam", "seats", "TL-1", "--codes", "--slips", "--json"))

    path = Path(told["slips"])
    page = path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert all(row["code"] in page and row["seat"] in page and row["name"] in page for row in told["seats"])
    assert told["invigilator"] in page and page.count("<section") == 3
    assert "Working time" in page and "考试时间" in page and "延长10分钟" in page  # each in the candidate's language


def test_the_room_is_watched_without_an_answer(say: Say, centre: Path) -> None:
    folder = seats.find(centre / "room", "TL-1-01")
    folder.start(NOW)
    text = next(question["slot"] for question in folder.paper["questions"] if question["kind"] == "text")
    folder.save(text, "Listen first.", NOW + timedelta(seconds=5))

    lines = say("exam", "watch", "TL-1", "--once").splitlines()
    told = document(say("exam", "watch", "TL-1", "--json"))

    assert lines[0].endswith("2 of 2 seats may still work")
    assert "running" in lines[2] and "1/24" in lines[2] and "Listen" not in "".join(lines)
    assert [row["status"] for row in told["seats"]] == ["running", "open"]


def test_what_is_watched_through_a_pipe_is_told_once(say: Say) -> None:
    assert "2 of 2 seats may still work" in say("exam", "watch", "TL-1").splitlines()[0]  # and ends, with nobody to see


def test_watching_ends_when_nobody_may_work_any_more(say: Say, centre: Path) -> None:
    seats.find(centre / "room", "TL-1-01").hand_in(NOW + timedelta(minutes=5), "candidate", None)
    sitting = centre / "room" / "TL-1" / "TL-1-02"
    about = json.loads((sitting / "seat.json").read_text("utf-8"))
    about["closes_at"] = (NOW - timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    (sitting / "seat.json").write_text(json.dumps(about), "utf-8")

    lines = say("exam", "watch", "TL-1").splitlines()

    assert "0 of 2 seats may still work" in lines[0]
    assert "handed-in" in lines[2] and "missed" in lines[3]


def test_from_closing_to_the_proposed_decisions(say: Say) -> None:
    assert document(say("exam", "close", "TL-1", "--by", "S1001", "--json"))["absent"] == ["TL-1-02"]
    marked = document(say("exam", "mark", "TL-1", "--by", "S1002", "--json"))
    assert marked["taken"] == 0 and len(marked["students"]) == 1
    refused = say("exam", "decide", "TL-1", "--by", "S1001", code=2)
    assert "TL-1-01" in refused and refused.count("\n") == 1


def test_near_relations_are_recorded_and_bar_from_confirming(say: Say, centre: Path) -> None:
    said = say("hr", "conflict", "A1001", "S1003", "--reason", "related", "--by", "zhou")
    assert said == "A1001 and S1003 will neither mark nor decide on each other: related\n"
    assert "wu taught A1001 (lessons in June)" in say(
        "hr", "taught", "A1001", "--trainer", "wu", "--what", "lessons in June", "--by", "zhou"
    )
    assert "person 'A9' is not in the registry" in say("hr", "taught", "A9", "--trainer", "x", "--what", "y", code=2)
    assert "reason is wanted" in say("hr", "conflict", "A1001", "x", "--reason", " ", code=2)

    with Store(centre / "registry.db") as store:
        (event,) = store.events("conflict.declared", "A1001")
        assert (event.by, dict(event.data)) == ("zhou", {"with": "S1003", "reason": "related"})
        for row in store.rows("marks", seat="TL-1-01"):  # what a person would have marked
            assert row["points"] is not None
        given = {
            "seat": "TL-1-01",
            "slot": "q24",
            "item": "x",
            "item_version": 1,
            "statement": "PP-2.1",
            "max_points": 4,
        }
        store.append("mark.given", "TL-1-01/q24", given | {"points": 1, "note": ""}, "S1002")


def test_the_office_decides_confirms_in_parts_and_publishes(say: Say, centre: Path) -> None:
    decided = document(say("exam", "decide", "TL-1", "--by", "S1001", "--json"))
    assert [(one["seat"], one["outcome"]) for one in decided["decisions"]] == [
        ("TL-1-01", "fail"),
        ("TL-1-02", "absent"),
    ]
    proposed = say("exam", "decide", "TL-1", "--by", "S1001").splitlines()
    assert proposed[0] == f"{'TL-1-01':20}  fail" and proposed[1].startswith("    written part ")
    assert say("exam", "review", "TL-1") == "No seat waits for a second look.\n"
    assert document(say("exam", "review", "TL-1", "--json")) == {"sitting": "TL-1", "waiting": []}
    assert "wants somebody impartial, and S1003 has a conflict" in say(
        "exam", "confirm", "TL-1", "--by", "S1003", code=2
    )

    first = say("exam", "confirm", "TL-1", "--by", "S1003", "--seat", "TL-1-02")
    assert first.splitlines()[0] == "1 decision confirmed by S1003" and "Others still wait" in first
    last = document(say("exam", "confirm", "TL-1", "--by", "S1004", "--json"))
    assert last == {"sitting": "TL-1", "confirmed": ["TL-1-01"], "state": "decided"}

    assert document(say("exam", "issue", "TL-1", "--by", "S1001", "--json"))["issued"] == []
    pages = document(say("exam", "results", "TL-1", "--by", "S1001", "--json"))["pages"]
    assert [Path(page["page"]).name for page in pages] == ["TL-1-01.html", "TL-1-02.html"]
    assert say("exam", "results", "TL-1", "--by", "S1001").splitlines()[-1] == "2 results published"


def test_a_second_look_shows_answer_and_key_of_every_question(say: Say) -> None:
    shown = document(say("exam", "review", "TL-1", "--seat", "TL-1-01", "--language", "en", "--json"))
    lines = say("exam", "review", "TL-1", "--seat", "TL-1-01", "--language", "zh")

    assert len(shown["questions"]) == 24
    assert next(one for one in shown["questions"] if one["answer"])["answer"] == "Listen first."
    assert all(one["key"] for one in shown["questions"] if one["slot"] != "q24")
    assert "answer    Listen first." in lines
    assert "handed in nothing" in say("exam", "review", "TL-1", "--seat", "TL-1-02", code=2)


def test_an_appeal_is_filed_listed_and_decided(say: Say) -> None:
    words = ["--ground", "procedure", "--text", "The lamp flickered", "--by", "S1001"]
    filed = say("exam", "appeal", "file", "TL-1-01", *words)
    assert filed.startswith("TL-1-01-A1 is filed and to be decided by ")
    assert "TL-1-01-A1  procedure" in say("exam", "appeal", "list", "TL-1")
    assert document(say("exam", "appeal", "list", "TL-1", "--json"))["appeals"][0]["text"] == "The lamp flickered"

    settled = say(
        "exam", "appeal", "decide", "TL-1-01-A1", "--outcome", "dismissed", "--reason", "It was mended", "--by", "S1005"
    )
    assert settled.splitlines()[0] == "TL-1-01-A1 is dismissed" and "academy exam results TL-1" in settled
    assert "dismissed" in say("exam", "appeal", "list", "TL-1")


@pytest.mark.parametrize(
    "words",
    [
        ["confirm", "TL-1"],
        ["review", "TL-1", "--seat", "TL-1-01", "--finding", "stands"],
        ["rate", "TL-1"],
        ["appeal", "remark", "TL-1-01-A1"],
        ["appeal", "award", "TL-1-01-A1", "--slot", "q01", "--points", "1", "--reason", "x"],
        ["appeal", "decide", "TL-1-01-A1", "--outcome", "dismissed", "--reason", "x"],
    ],
)
def test_who_has_to_be_somebody_apart_is_always_named(say: Say, words: list[str]) -> None:
    assert say("exam", *words, code=2) == "academy: who does this? Name the person with --by, e.g. --by S1001\n"


def test_other_steps_are_done_by_whom_the_centre_names_and_never_by_the_account(
    say: Say, centre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say("hr", "taught", "A1002", "--trainer", "wu", "--what", "lessons in July")
    with Store(centre / "registry.db") as store:
        assert store.events("teaching.recorded", "A1002")[-1].by == "S1001"

    with Store(tmp_path / "registry.db"):
        pass
    for content in (None, "{", '{"by": " "}', "[]"):
        if content is not None:
            (tmp_path / "centre.json").write_text(content)
        assert main(["exam", "decide", "TL-1", "--centre", str(tmp_path)]) == 2
        asked = capsys.readouterr().err
        assert asked == (
            "academy: who does this? Name the person with --by, e.g. --by S1001, or write "
            f'"by": "S1001" into {tmp_path / "centre.json"}\n'
        )
    assert main(["exam", "decide", "TL-1", "--by", " ", "--centre", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "academy: --by names the person who does this, got an empty text\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["review", "TL-1", "--finding", "stands", "--by", "S1003"],
            "a finding is about one seat; name it with --seat",
        ),
        (
            ["review", "TL-1", "--seat", "TL-1-01", "--finding", "stands", "--by", "S1003"],
            "no decision in the review band",
        ),
        (["review", "TL-9"], "there is no sitting 'TL-9'"),
        (["watch", "TL-9"], "there is no sitting 'TL-9'"),
        (["seats", "TL-9"], "there is no sitting 'TL-9'"),
        (["results", "TL-9"], "there is no sitting 'TL-9'"),
        (["confirm", "TL-1", "--seat", "TL-2-01", "--by", "S1003"], "there is no seat 'TL-2-01'"),
        (["appeal", "list", "TL-9"], "there is no sitting 'TL-9'"),
        (["appeal", "remark", "TL-1-01-A9", "--by", "S1005"], "there is no appeal 'TL-1-01-A9'"),
        (["appeal", "file", "TL-1-02", "--ground", "weather", "--text", "x"], "rests on one of the grounds"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(say: Say, words: list[str], says: str) -> None:
    refused = say("exam", *words, code=2)

    assert says in refused and refused.startswith("academy: ") and refused.count("\n") == 1


def test_whoever_schedules_reads_when_the_room_is_open(say: Say) -> None:
    opens = (NOW + timedelta(days=1)).replace(minute=0)
    lines = say(
        "exam", "schedule", "TL-3", "--level", "2", "--purpose", "demonstration", "--opens", opens.isoformat(),
        "--hours", "2", "--candidate", "A1001", "--minutes", "120", "--items", "24",
    ).splitlines()  # fmt: skip

    assert f"from {opens.astimezone():%Y-%m-%d %H:%M}" in lines[-2]
    assert f"to {opens.astimezone() + timedelta(hours=2):%Y-%m-%d %H:%M}" in lines[-2]
    assert lines[-1] == "The questions are exam items."


@pytest.mark.parametrize("looks", [True, False])
def test_long_work_counts_on_the_terminal_and_is_silent_where_nobody_looks(
    looks: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: looks)

    with progress("page") as told:
        told("TL-1-01")
        told("TL-1-02")

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == ("\r\x1b[Kpage 1: TL-1-01\r\x1b[Kpage 2: TL-1-02\r\x1b[K" if looks else "")


def test_every_step_of_an_exam_has_a_sentence_of_help_and_most_answer_in_json() -> None:
    import argparse

    def leaves(words: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
        inner = [action for action in words._actions if isinstance(action, argparse._SubParsersAction)]
        for action in inner:
            for one, child in action.choices.items():
                yield from leaves(child, f"{name} {one}")
        if not inner:
            yield name, words

    found = {name: words for name, words in leaves(parser(), "") if name.startswith(" exam ")}
    plain = {name for name, words in found.items() if "--json" not in words.format_help()}

    assert [name for name, words in found.items() if not (words.description or "").endswith(".")] == []
    assert {"decide", "confirm", "results", "review", "seats", "watch"} <= {name.split()[1] for name in found}
    assert plain == {" exam open"}
