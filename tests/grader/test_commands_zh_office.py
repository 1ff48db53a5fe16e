"""What the operator and the exam office are told in Chinese when something is wrong: no half of it stays English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader import seats
from grader.certify import Academy
from grader.commands import main
from grader.commands.zh import catalogue
from grader.errors import MissingToolError
from grader.sandbox._bubblewrap import check_namespaces, what_to_allow
from tests.grader.sat_form import SITTING, handed_in, office_form, schedule

SEAT = f"{SITTING}-001"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """One seat that handed in, of a person with a name."""
    with Academy(tmp_path / "centre") as academy:
        form = office_form(academy, choices=3)
        academy.store.append("person.recorded", "A1", {"name": "陈晓敏", "hired_on": "2024-01-15"}, "hr")
        schedule(academy, form, ["A1"])
        handed_in(academy, form, SEAT, SITTING, "zh", {"q01": "1"})
        academy.write_office(SITTING, "cards.json", [{"seat": SEAT, "person": "A1", "name": "陈晓敏", "code": "K7"}])
        return academy.centre.root


def test_a_machine_without_sandboxes_says_in_chinese_what_to_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bwrap = tmp_path / "bwrap"
    bwrap.write_text("#!/bin/sh\nexit 3\n")
    bwrap.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    with pytest.raises(MissingToolError) as refused:
        check_namespaces()

    told = catalogue().said(f"academy: {refused.value}")
    assert told.startswith("academy：这台机器不允许建立沙箱（bwrap以3结束）；")
    assert "allow" not in told and "inside" not in told


def test_both_ways_of_allowing_are_chinese(tmp_path: Path) -> None:
    (tmp_path / "user").mkdir()

    container = catalogue().said(what_to_allow(tmp_path))
    (tmp_path / "user" / "max_user_namespaces").write_text("0\n", "ascii")
    setting = catalogue().said(what_to_allow(tmp_path))

    assert container == "在容器里，请在容器的设置中允许用户命名空间和挂载；不在容器里，请询问运维人员"
    assert setting == "请允许用户命名空间：sudo sysctl user.max_user_namespaces=10000"


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        (
            "domain FC wants 5 to 7 and the pool has 3 (2 short); cognitive E wants 13 and the pool has 5 (8 short)",
            "领域FC要求5至7，池里有3（缺2）；认知层次E要求13，池里有5（缺8）",
        ),
        (
            "form 2 of 3, after the others: in the nearest selection domain FC wants 5 to 7 and is 2 short; "
            "cognitive E wants 13 and is 1 over; domain PP wants 2 and is 1 short",
            "第2份试卷（共3份），在其他试卷之后：最接近的选法里领域FC要求5至7，缺2；认知层次E要求13，多1；"
            "领域PP要求2，缺1",
        ),
    ],
)
def test_every_cell_of_the_blueprint_that_is_short_is_told(faults: str, told: str) -> None:
    line = f"academy: no form of 24 items can be made from the 20 usable items of level 2: {faults}. Add or approve "

    assert catalogue().said(f"{line}items there, or change the form") == (
        f"academy：一份试卷也组不出：等级2有20道可用试题，每份要24题：{told}。请在那里增加或批准试题，或改变试卷要求"
    )


def test_a_damaged_record_is_chinese_wherever_it_is_met(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = seats.find(centre / "room", SEAT).path / "journal.jsonl"
    journal.write_bytes(b"{}\n" + journal.read_bytes())
    said = f"{SEAT}的记录已损坏（journal.jsonl第1行），请联系监考人员。"

    for step in ("watch", "seats"):
        assert main(["exam", step, SITTING, "--centre", str(centre)]) == 0
        told = capsys.readouterr().out
        assert "已损坏" in told and "damaged" not in told
        assert said in told or step == "seats"
    assert main(["exam", "close", SITTING, "--by", "lin", "--centre", str(centre)]) == 2

    assert capsys.readouterr().err == f"academy：{said}`academy exam mend {SEAT} --reason ...`可保留能读出的内容\n"


def test_altered_answers_are_told_in_chinese(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = seats.find(centre / "room", SEAT).path / "handed-in" / "answers.jsonl"
    file.write_text(file.read_text("utf-8").replace('"value":"1"', '"value":"2"'), "utf-8")

    assert main(["exam", "close", SITTING, "--by", "lin", "--centre", str(centre)]) == 2

    assert capsys.readouterr().err == (
        f"academy：考位{SEAT}的记录不完整：{file}：答案与作答记录不一致。请原样保留，并询问运维人员\n"
    )


def test_what_a_redaction_would_leave_is_told_in_chinese(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("reports/hr.html", "office/minutes.txt"):
        (centre / name).parent.mkdir(exist_ok=True)
        (centre / name).write_text("陈晓敏", "utf-8")

    words = ["registry", "redact", "A1", "--look", "--reason", "x", "--by", "HR-1", "--centre", str(centre)]
    assert main(words) == 0

    told = capsys.readouterr().out
    assert "其中有报表；请重新写出（academy hr report，月报加--month）：\n  reports/hr.html：含有这个姓名\n" in told
    assert "目前没有--order就会被拒绝：\n" in told
    assert "请逐一查看：\n  office/minutes.txt：含有这个姓名\n" in told
    assert not re.findall(r"\b(?:the|name|is|it)\b", told)


def test_since_when_a_record_is_due_is_told_in_chinese(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Academy(centre) as academy:
        academy.store.append("person.left", "A1", {"on": "2026-03-31"}, "hr")

    assert main(["registry", "due", "--on", "2099-01-01", "--centre", str(centre)]) == 0

    first, last = capsys.readouterr().out.splitlines()
    assert first.split() == ["身份信息", "A1", "A1", "自2026-03-31起"]
    assert last == "2099-01-01到期的记录1条"


def test_a_seat_with_time_for_the_practical_alone_is_told_what_it_lacks(
    centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["exam", "schedule", "TL-2", "--level", "2", "--candidate", "A1:zh", "--minutes", "40", "--by", "lin"]

    assert main([*words, "--purpose", "practice", "--centre", str(centre)]) == 2

    assert capsys.readouterr().err == ("academy：没有留给笔试的时间：实操需要60分钟，考位共有40分钟；请加大--minutes\n")
