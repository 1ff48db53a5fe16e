"""`academy` as somebody types it who reads Chinese: help, faults, answers; and what must stay as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.certify import Academy
from grader.commands import main
from grader.commands._options import language
from grader.commands.zh import catalogue, wide
from tests.grader.english_sentences import ROOT
from tests.grader.sat_form import SITTING, office_form, schedule

ROSTER = """\
person,name,hired_on,language,team
A1001,Grace Lim,2024-01-15,en,Inbound A
A1002,陈晓敏,2024-02-15,zh,Inbound A
"""
LANGUAGE = ("ACADEMY_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LANGUAGE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(ROSTER, "utf-8")
    return path


@pytest.mark.parametrize(
    ("set_to", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
        ({"ACADEMY_LANGUAGE": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"ACADEMY_LANGUAGE": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
        ({"ACADEMY_LANGUAGE": "", "LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_reader_s_language_is_asked_for_or_that_of_the_terminal(
    set_to: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACADEMY_LANGUAGE")
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)

    assert language() == spoken


def test_help_is_chinese_and_stands_in_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    with pytest.raises(SystemExit) as ended:
        main(["hr", "import", "--help"])

    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 0
    assert lines[0].startswith("用法：academy hr import [-h] [--dry-run] [--sheet 名称]")
    assert "参数：" in lines and "选项：" in lines
    assert all(wide(line) <= 80 for line in lines)
    texts = {
        "--leavers 日期": "把不在文件里的人全部登记为这一天离职",
        "--json": "输出一份JSON文档，不输出文字",
        "文件": "people.xlsx或people.csv，列名中英文均可",
    }
    for option, text in texts.items():
        (line,) = (line for line in lines if line.strip().startswith(option) and text in line)
        assert wide(line[: line.index(text)]) == 24


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["hr", "import"], "academy hr import：缺少必须写的参数：文件"),
        (["exam", "extra-time", "TL-1-01"], "academy exam extra-time：缺少必须写的参数：分钟、--reason"),
        (["hr", "org", "--as", "x"], "academy hr org：--as：没有“x”这一项，可选的有manager、team、site"),
        (["hr", "org", "--under"], "academy hr org：--under：后面要写一个值"),
        (["hr", "left", "A1"], "academy hr left：以下选项须写一个：--on --back"),
        (["hr", "left", "A1", "--on", "x"], "academy hr left：--on：需要2026-12-07这样的日期，收到的是“x”"),
        (["hr", "org", "x"], "academy：不认识的参数：x"),
        (["registry", "x"], "academy registry：步骤：没有“x”这一项，可选的有verify、"),
    ],
)
def test_what_argparse_refuses_is_told_in_chinese(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_an_import_is_told_in_chinese_and_names_stay_names(
    roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["hr", "import", str(roster), "--centre", str(tmp_path / "centre"), "--by", "zhou"]

    assert main(words) == 0

    told = "新增2人：\n  A1001 Grace Lim\n  A1002 陈晓敏\n已导入：新增2人、变化0人、不变0人\n"
    assert capsys.readouterr() == (told, "")


def test_a_bad_row_is_told_with_file_row_and_column(
    roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster.write_text(ROSTER + "A1003,王雪,2031-01-01,zh,\n", "utf-8")

    assert main(["hr", "import", str(roster), "--centre", str(tmp_path / "centre"), "--by", "zhou"]) == 1

    assert capsys.readouterr() == (
        "没有导入：1行有错误；请修改，或用--skip-bad导入其余各行\n",
        "people.csv，第4行，C列（hired_on）：需要今天或以前的日期，收到的是2031-01-01，还没有到；请改正日期\n",
    )


def test_a_fault_is_told_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", "show", "TL-1", "--centre", str(tmp_path)]) == 2

    said = capsys.readouterr()
    assert said.err == f"academy：{tmp_path}不是中心（没有registry.db）；请用`academy hr import`或`academy start`建立\n"


def test_what_the_room_refuses_is_told_like_any_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Academy(tmp_path / "centre") as academy:
        form = office_form(academy)
        schedule(academy, form, ["A1"])

    assert main(["exam", "mend", f"{SITTING}-001", "--reason", "x", "--by", "A2", "--centre", str(academy.centre.root)])

    assert capsys.readouterr().err == f"academy：本考场没有考位{SITTING}-001。\n"


def test_use_and_state_of_an_item_are_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bank", "search", "--statement", "FC-2.1"]) == 0

    rows = [line.split() for line in capsys.readouterr().out.splitlines()[:-1]]
    assert {row[1] for row in rows} <= {"单选", "多选", "数值", "排序", "配对", "简答", "代码"}
    assert {row[2] for row in rows} == {"考试", "练习"}
    assert {row[3] for row in rows} <= {"草稿", "审题", "已批准", "试测", "在用", "已停用"}


def test_a_document_stays_as_it_is(roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["hr", "import", str(roster), "--centre", str(tmp_path / "centre"), "--by", "zhou", "--json"]

    assert main(words) == 0
    chinese = json.loads(capsys.readouterr().out)
    assert chinese["new"][0]["name"] == "Grace Lim"
    assert main(["hr", "org", "--csv", "--centre", str(tmp_path / "centre")]) == 0
    assert "A1001,Grace Lim" in capsys.readouterr().out.replace('"', "").replace("A1001 Grace Lim", "A1001,Grace Lim")


def test_what_is_asked_for_in_english_is_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_text("{", "utf-8")

    main(["cert", "verify", str(tmp_path / "x.json"), "--language", "en"])

    assert "no certificate" in capsys.readouterr().out


def test_a_reader_who_has_read_enough_ends_it_quietly(tmp_path: Path) -> None:
    words = f"{sys.executable} -m grader exam forms --help | head -1; {sys.executable} -m grader cert verify {tmp_path}"
    done = subprocess.run(
        ["sh", "-c", words], cwd=ROOT, env={**os.environ, "ACADEMY_LANGUAGE": "zh"}, capture_output=True, text=True
    )

    assert done.stdout.splitlines()[0].startswith("用法：academy exam forms")
    assert done.stderr == f"academy：{tmp_path}无法读取（这是文件夹）；请给出文件的路径\n"


def test_the_name_of_a_step_is_never_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cert", "appeal", "--help"])

    names = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert names == ["file", "decide"]


def test_what_an_author_wrote_is_not_told_in_chinese() -> None:
    assert catalogue().said("what to watch") == "what to watch"
    said = catalogue().said("still to be written: 'step | WRITE: what to watch'")
    assert said == "还没有写：“step | WRITE: what to watch”"
    assert catalogue().said("1 to 40") == "1至40"
