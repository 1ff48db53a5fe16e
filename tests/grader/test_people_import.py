"""An import says what it would change, changes it once, and takes a file whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grader.certify import Academy
from grader.commands import main
from grader.launch.centre import _person
from grader.people import plan, read_roster
from grader.people.tree import loops
from grader.store import Store

Say = Callable[..., str]

ROSTER = """\
工号,姓名,职场,班组,岗位,职级,上级,入职日期
S100,周总,合肥,管理,经理,L4,,2015-01-01
S1,林涛,合肥,一组,班组长,L2,S100,2018-01-01
A1,陈晓敏,合肥,一组,资深座席,1,s1,2020/3/1
A2,Grace Lim,合肥,二组,资深座席,1,S1,2020年3月1日
"""


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return tmp_path / "centre"


@pytest.fixture
def say(tmp_path: Path, centre: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """`academy hr WORDS` in the centre; returns what is printed, faults after it."""

    def said(*words: str, code: int = 0, roster: str | None = None) -> str:
        if roster is not None:
            (tmp_path / "people.csv").write_text(roster, "utf-8")
            words = (words[0], str(tmp_path / "people.csv"), *words[1:])
        reads = {"org"} & {words[0]}
        capsys.readouterr()
        assert main(["hr", *words, "--centre", str(centre), *([] if reads else ["--by", "zhou"])]) == code
        told = capsys.readouterr()
        return told.out + told.err

    return said


def launched(centre: Path, login: str, language: str) -> None:
    """What `academy start` writes down of whoever calls it."""
    with pytest.MonkeyPatch.context() as patch, Academy(centre) as academy:
        patch.setenv("LOGNAME", login)
        _person(academy, language)


def events(centre: Path) -> list[tuple[str, str]]:
    with Store(centre / "registry.db") as store:
        return [(event.kind, event.subject) for event in store.events()]


def person(centre: Path, number: str) -> dict[str, Any]:
    with Store(centre / "registry.db") as store:
        (row,) = store.rows("people", person=number)
    return row


def test_the_second_run_says_that_nothing_changed_and_writes_nothing(say: Say, centre: Path) -> None:
    first = say("import", roster=ROSTER)
    before = events(centre)

    again = say("import", roster=ROSTER)

    assert first.splitlines()[-1] == "imported: 4 new, 0 changed, 0 as they were"
    assert again == "nothing changed: 4 people are as in the file\n"
    assert events(centre) == before and len(before) == 4
    assert person(centre, "A1")["manager"] == "S1" and person(centre, "A1")["job_level"] == "L1"


def test_what_changed_is_told_by_field(say: Say, centre: Path) -> None:
    say("import", roster=ROSTER)
    later = ROSTER.replace("Grace Lim,合肥,二组", "Grace Lim,合肥,一组") + "A3,王雪,合肥,二组,座席,,S1,2026-01-05\n"

    said = say("import", roster=later)

    assert said.splitlines() == [
        "1 new:", "  A3 王雪", "1 changed:", "  A2 Grace Lim: 班组 二组 -> 一组",
        "imported: 1 new, 1 changed, 3 as they were",
    ]  # fmt: skip
    assert events(centre)[4:] == [("person.recorded", "A2"), ("person.recorded", "A3")]


def test_one_fault_and_nothing_is_imported_unless_its_row_is_left_out_on_purpose(say: Say, centre: Path) -> None:
    bad = ROSTER + "A9,,合肥,二组,座席,,S1,2031-01-05\n"

    said = say("import", roster=bad, code=1)

    assert "nothing imported: 1 row with a fault" in said and said.count("people.csv, row 6, column") == 2
    assert events(centre) == []
    assert "imported: 4 new, 0 changed, 0 as they were, 1 row left out" in say(
        "import", "--skip-bad", roster=bad, code=1
    )
    assert len(events(centre)) == 4


def test_a_dry_run_writes_nothing(say: Say, centre: Path) -> None:
    assert "would be imported: 4 new, 0 changed, 0 as they were" in say("import", "--dry-run", roster=ROSTER)
    assert not centre.exists()
    say("import", roster=ROSTER)
    assert "would be imported: 0 new, 1 changed" in say(
        "import", "--dry-run", roster=ROSTER.replace("A2,Grace Lim,合肥,二组", "A2,Grace Lim,合肥,一组")
    )
    assert person(centre, "A2")["team"] == "二组"


def test_a_number_that_is_somebody_elses_wants_a_word(say: Say, centre: Path) -> None:
    say("import", roster=ROSTER)
    other = ROSTER.replace("陈晓敏", "李伟")

    said = say("import", roster=other, code=1)

    assert (
        "people.csv, row 4, column B (姓名): 陈晓敏 is wanted, as the registry knows A1, got 李伟; if it is the same "
        "person under a new name, add --rename A1; another person needs another number"
    ) in said
    assert "changed:\n  A1 李伟: 姓名 陈晓敏 -> 李伟" in say("import", "--rename", "A1", roster=other)
    assert "--rename names A7, and people.csv has no such person" in say(
        "import", "--rename", "A7", roster=other, code=2
    )
    assert "姓名 Grace Lim -> GRACE LIM" in say(  # the same name, written otherwise
        "import", roster=other.replace("Grace Lim", "GRACE LIM")
    )


@pytest.mark.parametrize(("number", "known"), [("a1", "A1"), ("77", "0077")])
def test_capitals_and_zeros_make_no_other_person(say: Say, number: str, known: str) -> None:
    say("import", roster=ROSTER + "0077,吴丹,,,,,S1,\n")

    said = say("import", roster=f"person,name\n{number},Wu Dan\n", code=1)

    assert f"a number of its own is wanted, got {number}, and the registry knows {known}" in said


ZEROS = "工号,姓名,上级\n010023,周总,\n10024,林涛,010023\n010025,陈晓敏,10024\nS7,王雪,10024\n"


def test_zeros_that_excel_cut_from_some_numbers_are_put_back_when_somebody_says_so(say: Say, centre: Path) -> None:
    told = say("import", roster=ZEROS, code=2)
    assert "column A (工号): 2 numbers have 6 digits and begin with 0, 1 have fewer digits" in told
    assert (
        "first 10024 in row 3" in told and "--digits 6 puts them back" in told and not (centre / "registry.db").exists()
    )

    assert "imported: 4 new" in say("import", "--digits", "6", roster=ZEROS)
    assert [person(centre, who)["manager"] for who in ("010024", "010025", "S7")] == ["010023", "010024", "010024"]


def test_numbers_of_two_lengths_are_taken_as_they_stand_when_somebody_says_so(say: Say, centre: Path) -> None:
    assert "imported: 4 new" in say("import", "--digits", "1", roster=ZEROS)
    assert person(centre, "10024")["name"] == "林涛"


def test_managers_are_people_whom_somebody_knows(say: Say, centre: Path) -> None:
    rows = "person,name,manager\nA1,Ann Lee,S7\nA2,Bo Li,A1\nA3,Cai Yu,A2\n"

    said = say("import", roster=rows, code=1)

    assert "row 2, column C (manager): a staff number of this file or of the registry is wanted, got S7" in said
    assert "nothing imported: 1 row with a fault" in said  # one fault, not one for everybody below
    assert "imported: 3 new" in say("import", "--managers-elsewhere", roster=rows)
    assert "S7, not in the registry (3)" in say("org")
    cut = say("import", roster="person,name,manager\n00123,Du Fu,\nA8,Li Bo,123\n", code=1)
    assert "got 123; did Excel cut 00123?" in cut


def test_only_rows_with_a_fault_stay_out_and_their_people_come_in_under_the_number(say: Say, centre: Path) -> None:
    rows = "person,name,manager\nA1,Ann Lee,S7\nA2,Bo Li,A1\na3,Cai Yu,A2\nA4,Du Fu,a1\nA5,,\n"

    skipped = say("import", "--skip-bad", roster=rows, code=1)

    assert "imported: 3 new, 0 changed, 0 as they were, 2 rows left out" in skipped
    assert "note: people under A1 come in (2), and the row of A1 was left out: mend it and import again" in skipped
    assert [person(centre, who)["manager"] for who in ("A2", "a3", "A4")] == ["A1", "A2", "A1"]
    assert "A1, not in the registry (3)" in say("org")
    mended = say("import", roster=rows.replace("A1,Ann Lee,S7", "A1,Ann Lee,").replace("A5,,\n", ""))
    assert mended.splitlines() == ["1 new:", "  A1 Ann Lee", "imported: 1 new, 0 changed, 3 as they were"]
    assert say("org").splitlines()[0].startswith("A1 Ann Lee (3)")


def test_a_ring_that_a_left_out_row_would_close_over_the_registry_is_a_fault(say: Say, centre: Path) -> None:
    say("import", roster="person,name,manager\nB1,Ann Lee,B2\nB2,Bo Li,\n")

    said = say("import", "--skip-bad", roster="person,name,manager\nB1,,\nB2,Bo Li,B1\n", code=1)

    assert "row 3, column C (manager): a manager further up is wanted, got a ring: B1 -> B2 -> B1" in said
    assert len(events(centre)) == 2


def test_a_row_that_stands_twice_is_taken_once_and_told(say: Say, centre: Path) -> None:
    twice = ROSTER + "A1, 陈晓敏,合肥,一组,资深座席,L1,S1,2020-03-01\n"

    said = say("import", roster=twice)

    assert "note: passed over, since an earlier row says the same of the same person: row 6" in said
    assert "imported: 4 new" in said and len(events(centre)) == 4
    other = say("import", "--skip-bad", roster=twice + "A1,陈晓敏,合肥,二组,资深座席,L1,S1,2020-03-01\n", code=1)
    assert other.count("each person once is wanted") == 2  # of the two that differ, neither is taken


def test_a_ring_is_told_as_a_chain_also_over_the_registry(say: Say, centre: Path) -> None:
    ring = ROSTER.replace("S100,周总,合肥,管理,经理,L4,,", "S100,周总,合肥,管理,经理,L4,A1,")

    assert "a manager further up is wanted, got a ring: S100 -> A1 -> S1 -> S100; mend one" in say(
        "import", roster=ring, code=1
    )
    say("import", roster=ROSTER)
    said = say("import", roster="person,name,manager\nS100,周总,A1\n", code=1)
    assert said.count("got a ring") == 1 and "A1 -> S1 -> S100 -> A1" in said
    assert len(events(centre)) == 4


def test_rings_are_found_once_each() -> None:
    above = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e", "f": "g"}

    assert loops(above) == [("a", "b", "c"), ("e",)]


def test_who_is_missing_is_only_told_until_somebody_says_left(say: Say, centre: Path) -> None:
    say("import", roster=ROSTER)
    fewer = ROSTER.replace("A2,Grace Lim,合肥,二组,资深座席,1,S1,2020年3月1日\n", "")

    assert (
        "1 missing from the file, still recorded as working here (--leavers, or academy hr left):\n  A2 Grace Lim"
        in (said := say("import", roster=fewer))
    )
    assert said.splitlines()[-1] == "nothing changed: 3 people are as in the file"
    assert "imported: 0 new, 0 changed, 3 as they were, 1 left" in say(
        "import", "--leavers", "2026-10-31", roster=fewer
    )
    assert person(centre, "A2")["left_on"] == "2026-10-31"
    assert say("import", roster=fewer) == "nothing changed: 3 people are as in the file\n"

    back = say("import", roster=ROSTER)

    assert "1 back:\n  A2 Grace Lim, who left on 2026-10-31" in back
    assert person(centre, "A2")["left_on"] is None
    assert say("import", roster=ROSTER) == "nothing changed: 4 people are as in the file\n"


def test_a_file_of_a_part_makes_nobody_a_leaver(say: Say, centre: Path) -> None:
    many = "person,name\n" + "".join(f"B{n},Ann Lee\n" for n in range(30))
    say("import", roster=many)

    said = say("import", "--leavers", "2026-10-31", roster="person,name\nB1,Ann Lee\n", code=2)

    assert "29 of 30 people are missing from people.csv, which looks like a file of a part of them" in said
    assert len(events(centre)) == 30
    assert "a file without a fault" in say("import", "--leavers", "2026-10-31", roster=many + "B99,\n", code=2)


def test_leaving_is_recorded_and_taken_back(say: Say, centre: Path) -> None:
    say("import", roster=ROSTER)

    assert say("left", "S1", "--on", "2026-11-01") == (
        "S1 林涛 left on 2026-11-01; 2 people need another manager: academy hr org --under S1\n"
    )
    assert say("left", "S1", "--on", "2026-11-01").startswith("nothing changed: S1 林涛 left on 2026-11-01 already")
    assert say("left", "S1", "--back") == "S1 林涛 works here again\n"
    assert "is not recorded as having left" in say("left", "S1", "--back", code=2)
    assert "was hired on 2018-01-01 and cannot have left on 2017-01-01" in say(
        "left", "S1", "--on", "2017-01-01", code=2
    )
    assert "person 'X' is not in the registry" in say("left", "X", "--on", "2026-11-01", code=2)


def test_the_answer_in_json_tells_all(say: Say) -> None:
    say("import", roster=ROSTER)

    told = json.loads(say("import", "--json", "--dry-run", roster=ROSTER.replace("一组,班组长", "二组,班组长")))
    wrong = json.loads(say("import", "--json", roster="person,name\nA1,\n", code=1))

    assert told["written"] is False and told["changed"] == [
        {"person": "S1", "name": "林涛", "fields": {"team": ["一组", "二组"]}, "back": ""}
    ]
    assert wrong["faults"] == [
        {
            "file": "people.csv", "sheet": "", "row": 2, "column": "B", "heading": "name",
            "sentence": "a name is wanted, got nothing; write the person's name",
        }
    ]  # fmt: skip


def test_faults_come_with_the_columns_that_are_not_used_and_in_json_speak_chinese_too(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = "工号,姓名,语言,班车\nA1,李薇,粤语,3号\n"
    shown = say("import", roster=roster, code=1)
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")
    told = json.loads(say("import", "--json", roster=roster, code=1))

    assert "note: column D (班车) is not known and was left out" in shown
    assert [fault["sentence"] for fault in told["faults"]] == ["需要中文或英文（zh、en），收到的是“粤语”"]
    assert told["notes"] == ["列D（班车）用不上，没有导入"]


def test_the_tree_by_manager_team_and_site(say: Say) -> None:
    say("import", roster=ROSTER)

    assert say("org").splitlines() == [
        "S100 周总 (3)  经理, L4, 管理, 合肥",
        "  S1 林涛 (2)  班组长, L2, 一组, 合肥",
        "    A1 陈晓敏  资深座席, L1, 一组, 合肥",
        "    A2 Grace Lim  资深座席, L1, 二组, 合肥",
    ]
    assert say("org", "--depth", "2").splitlines()[-1] == "  S1 林涛 (2)  班组长, L2, 一组, 合肥"
    assert say("org", "--as", "site", "--depth", "2").splitlines() == [
        "合肥 (4)",
        "  一组 (2)",
        "  二组 (1)",
        "  管理 (1)",
    ]
    assert say("org", "--as", "team", "--under", "S1", "--depth", "1").splitlines() == [
        "一组, 合肥 (2)",
        "二组, 合肥 (1)",
    ]
    assert [row["person"] for row in json.loads(say("org", "--under", "S1", "--json"))] == ["S1", "A1", "A2"]
    assert say("org", "--csv").splitlines()[1] == "0,S100 周总,3,S100,周总,经理,L4,管理,合肥,"
    assert "X9 is not among the people" in say("org", "--under", "X9", code=2)


def test_the_tree_of_an_earlier_day_knows_who_was_there(say: Say, centre: Path) -> None:
    with Store(centre / "registry.db") as store:
        for at, manager in (("2026-01-10T08:00:00Z", "S1"), ("2026-06-10T08:00:00Z", "S2")):
            store.append("person.recorded", "A1", {"name": "Ann Lee", "manager": manager}, "hr", at)
        store.append("person.left", "A1", {"on": "2026-09-30"}, "hr", "2026-09-15T08:00:00Z")

    assert say("org", "--on", "2026-03-01").splitlines() == ["S1, not in the registry (1)", "  A1 Ann Lee"]
    assert say("org", "--on", "2026-09-30").splitlines() == ["S2, not in the registry (1)", "  A1 Ann Lee"]
    assert say("org", "--on", "2026-10-01") == say("org", "--on", "2026-01-09") == "Nobody is there.\n"


def test_a_hundred_thousand_changes_are_planned_in_time_that_grows_with_them(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        from time import process_time

        rows = "".join(f"E{n:06d},Ann Lee,{f'E{n // 8:06d}' if n else ''}\n" for n in range(count))
        (tmp_path / "people.csv").write_text(f"person,name,manager\n{rows}", "utf-8")
        start = process_time()
        roster = read_roster(tmp_path / "people.csv", date(2026, 11, 21))
        made = plan(roster, [], date(2026, 11, 21))
        assert len(made.new) == count and made.faults == ()
        return process_time() - start

    assert seconds(100_000) < 15 * seconds(20_000)  # five times the rows; comparing all with all takes 25 times


def test_the_login_of_somebody_who_tried_lessons_is_nobody_of_hr(say: Say, centre: Path) -> None:
    for login, language in (("root", "en"), ("li.wei@corp", "zh")):
        launched(centre, login, language)

    assert "missing" not in say("import", "--leavers", "2026-01-31", roster=ROSTER)
    assert "root" not in say("org") and "li.wei" not in say("org", "--csv")
    assert person(centre, "root")["left_on"] is None

    with_root = ROSTER + "root,王小明,合肥,一组,座席,1,S1,2024-03-01\n"
    assert "1 changed" in say("import", "--rename", "root", roster=with_root)
    assert "root 王小明" in say("org")
