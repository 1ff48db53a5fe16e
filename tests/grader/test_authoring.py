"""The work on the bank as a trainer does it: new, cover, search, compare, report, and the commands."""

import subprocess
from pathlib import Path

import pytest

from grader.authoring import Shelf, new, versions
from grader.authoring.cover import cover
from grader.authoring.report import report
from grader.authoring.search import search
from grader.bank import prove
from grader.bank.header import ITEM_KINDS
from grader.commands import main
from grader.commands.zh import catalogue
from grader.errors import InputError, ItemError
from tests.grader.authoring_shelf import BANK, CHOICE, NUMBER, afresh, two_items

shelf = pytest.fixture(two_items)


@pytest.mark.parametrize("kind", ITEM_KINDS)
def test_a_template_of_every_kind_loads_and_only_its_placeholders_are_open(shelf, kind):
    new.write(shelf, new.template(new.header(shelf, "FC-2.1", kind, "mine", "ann")))

    item = afresh(shelf).item("FC-2.1-mine")

    assert (item.status, item.kind, item.history[0]["by"]) == ("draft", kind, "ann")
    problems = prove(item)
    assert problems
    assert all("[[" in problem.sentence or "say the same" in problem.sentence for problem in problems), problems


WRONG = [
    (("FC-2.99", "choice", "mine"), "a code of framework.yml such as FC-2.1, got 'FC-2.99'"),
    (("FC-2.1", "essay", "mine"), "the kind must be one of choice"),
    (("FC-2.1", "choice", "Mine!"), "small letters, digits and hyphens"),
    (("CX-2.2", "choice", CHOICE.removeprefix("CX-2.2-")), "the bank has an item CX-2.2-refund"),
]


@pytest.mark.parametrize(("given", "words"), WRONG)
def test_a_new_item_that_cannot_be_is_refused_and_nothing_is_written(shelf, given, words):
    before = sorted(shelf.folder.rglob("*.md"))

    with pytest.raises(InputError, match=words):
        new.header(shelf, *given, "ann")

    assert sorted(shelf.folder.rglob("*.md")) == before


def test_the_form_asks_until_every_answer_can_be_used(shelf):
    answers = [
        *("FC-9.9", "fc-2.1", "riddle", "choice", "load"),
        *("X", "R", "2", "0.7", "exam"),
        *("A queue has 12 erlangs.", "What is that?", ".", "某队列12爱尔兰。", "这是什么？", "."),
        *("work", "工作", "n", "It is more.", "不止如此。"),
        *("load", "话务量", "y", "It is.", "正是。"),
        *("staff", "人手", "n", "It is not.", "不是。", ""),
    ]
    said = []

    rest = iter(answers)
    draft = new.ask(shelf, "ann", lambda _: next(rest), said.append)
    new.write(shelf, draft)

    item = afresh(shelf).item("FC-2.1-load")
    assert prove(item) == []
    assert (item.body["question"].key, item.cognitive, item.difficulty) == ("b", "R", 0.7)
    assert item.body["question"].stem.zh == "某队列12爱尔兰。\n这是什么？"
    assert [line.split(",")[-1].strip() for line in said if "got" in line] == [
        "got 'FC-9.9'",
        "got 'riddle'",
        "got 'X'",
    ]


def test_cover_counts_every_statement_and_names_every_hole(shelf):
    found = cover(shelf.framework, shelf.scheme, shelf.items.values())

    by_code = {one.code: one for one in found.statements}
    assert len(found.statements) == 247  # of the framework's own first line
    assert (by_code["FC-2.1"].exam, by_code["FC-2.1"].wanted, by_code["FC-3.1"].wanted) == (1, 4, 2)
    assert by_code["CX-2.2"].waiting == 1
    assert "CX-2.2: 0 of 4 exam items and 0 of 1 practice items, 1 wait for their readers" in found.holes
    assert "FC-2.1: 1 of 4 exam items and 0 of 1 practice items" in found.holes
    level = found.levels[1]
    assert (level.exam, level.kinds["number"], level.numbers, level.forms) == (1, 1, 1.0, 0)
    # 60 scored items, 10 % of weight in FC, one is there.
    assert level.short["FC"] == 60 * 10 // 100 - 1


def test_search_finds_words_of_both_languages_and_fits_filters(shelf):
    items = shelf.items.values()

    assert [item.id for item in search(shelf.framework, items, ["致歉券"], {})] == [CHOICE]
    assert [item.id for item in search(shelf.framework, items, ["CHEN", "occupancy"], {})] == [NUMBER]
    assert [item.id for item in search(shelf.framework, items, [], {"kind": "number", "source": "K6"})] == [NUMBER]
    assert search(shelf.framework, items, ["occupancy"], {"kind": "choice"}) == []


def git(folder, *words):
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


def test_two_versions_are_compared_word_by_word_and_a_noticeable_change_asks_for_a_version(shelf):
    git(shelf.folder, "init", "-q")
    git(shelf.folder, "add", ".")
    git(shelf.folder, "commit", "-q", "-m", "one")
    path = shelf.path(CHOICE)
    text = (
        path.read_text("utf-8").replace("up to 50 yuan", "up to 60 yuan").replace("difficulty: 0.63", "difficulty: 0.7")
    )
    path.write_text(text, "utf-8")

    old, changed = versions.old_version(shelf, CHOICE, "HEAD"), afresh(shelf).item(CHOICE)
    changes = versions.compare(old, changed)

    assert [(one.place, one.seen) for one in changes] == [("difficulty", False), ("en stem", True)]
    assert "up to [-50-]{+60+} yuan" in changes[1].marked
    assert versions.needs_version(old, changed, changes)
    path.write_text(text.replace("version: 1", "version: 2"), "utf-8")
    git(shelf.folder, "commit", "-q", "-a", "-m", "two")
    raised = versions.old_version(shelf, CHOICE, "2")
    assert versions.old_version(shelf, CHOICE, "1").version == 1
    assert not versions.needs_version(old, raised, versions.compare(old, raised))


@pytest.mark.parametrize("revision", ["--output=x", "no such", "nowhere", "7"])
def test_a_revision_that_is_none_is_refused(shelf, revision):
    git(shelf.folder, "init", "-q")
    git(shelf.folder, "add", ".")
    git(shelf.folder, "commit", "-q", "-m", "one")

    with pytest.raises(ItemError):
        versions.old_version(shelf, CHOICE, revision)

    assert not (shelf.folder / "x").exists()


def test_the_report_of_the_repository_is_fresh():
    page = Path(__file__).parents[2] / "docs" / "bank-report.md"

    assert report(Shelf(BANK)) == page.read_text("utf-8"), "run ./academy bank report"


def test_an_empty_bank_has_a_report_too(shelf):
    for path in shelf.folder.rglob("*-*.md"):
        path.unlink()

    text = report(afresh(shelf))

    assert "| items (retired ones not counted) | 0 |" in text
    assert "nan" not in text


def academy(shelf, *words):
    return main(["bank", words[0], "--bank", str(shelf.folder), *words[1:]])


def test_check_names_problems_of_broken_files_and_of_unfair_items(shelf, capsys):
    assert academy(shelf, "check") == 0
    path = shelf.path(CHOICE)
    path.write_text(path.read_text("utf-8").replace("致歉券", "致歉券,", 1), "utf-8")
    shelf.path(NUMBER).write_bytes("---\n话务量".encode("gbk"))

    assert academy(shelf, "check") == 1

    said = capsys.readouterr()
    assert "2 items read, 0 problems" in said.out and "1 item read, 2 problems" in said.out
    assert f"{NUMBER}.md:2: the file must be UTF-8 text" in said.err
    assert "half-width punctuation" in said.err


def test_faults_of_an_item_are_told_in_chinese_wholly(shelf, capsys, monkeypatch):
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")
    path = shelf.path(CHOICE)
    path.write_text(path.read_text("utf-8").replace("打了3次", "打了5次"), "utf-8")

    assert academy(shelf, "check", CHOICE) == 1

    assert "题干：两种语言的数字不同（只有英文有3；只有中文有5）；请写得相同" in capsys.readouterr().err


@pytest.mark.parametrize(("place", "said"), [("rubric a", "评分标准a"), ("target 2", "配对项2")])
def test_a_line_of_the_rubric_and_a_target_are_named_in_chinese(place, said):
    sentence = (
        f"{place}: the languages differ in numbers (en alone has 7, 18; zh alone has 19, 7.5); write the same in both"
    )

    assert catalogue().said(sentence) == f"{said}：两种语言的数字不同（只有英文有7, 18；只有中文有19, 7.5）；请写得相同"
    assert catalogue().said(f"variant 101: {sentence}").startswith(f"变式101：{said}：两种语言")


def test_who_reads_the_english_text_is_still_answered_in_chinese(shelf, capsys, monkeypatch):
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")
    read = ("--by", "bo", "--language", "en", "--answer", "agreed", "--verdict", "approve")

    assert academy(shelf, "review", CHOICE, *read) == 0
    assert f"{CHOICE}：审题，等待审读人对中文文字的批准" in capsys.readouterr().out


def test_every_step_of_an_items_life_works_from_the_command_line(shelf, capsys, tmp_path):
    made = academy(shelf, "new", "FC-2.1", "--kind", "order", "--name", "mine", "--by", "ann")
    assert (made, academy(shelf, "check", "FC-2.1-mine")) == (0, 1)
    assert (
        academy(shelf, "review", CHOICE, "--by", "bo", "--language", "en", "--answer", "agreed", "--verdict", "approve")
        == 0
    )
    assert academy(shelf, "review", CHOICE) == 0
    assert academy(shelf, "review", "--json") == 0
    assert academy(shelf, "search", "voucher") == 0
    assert academy(shelf, "cover", "--level", "2") == 1
    out = tmp_path / "out"
    assert academy(shelf, "export", CHOICE, NUMBER, "--format", "moodle", "--to", str(out)) == 0
    for path in shelf.folder.rglob(f"{CHOICE}.md"):
        path.unlink()
    sent = ("--en", str(out / "bank-en.xml"), "--zh", str(out / "bank-zh.xml"))
    assert academy(shelf, "import", *sent, "--by", "bo") == 0
    assert academy(shelf, "report", "--to", str(tmp_path / "r.md")) == 0

    said = capsys.readouterr().out
    assert "is now in the state review, waits for a reader's approval of the zh text" in said
    assert "2 items in bank-en.xml and bank-zh.xml" in said
    assert CHOICE in said and f"{NUMBER}-variant-102" in said


MISUSE = [
    (("review", CHOICE, "--language", "en"), "say --to STATE, or what a reader found"),
    (("review", "FC-2.1-nobody", "--to", "draft"), "there is no item FC-2.1-nobody in"),
    (("import",), "name the file with --en"),
    (("import", "--en", "nowhere.xml"), "nowhere.xml cannot be read"),
    (("diff", CHOICE, "--old", "nowhere/x.md"), "cannot be read"),
    (("check", "../../etc/passwd"), "there is no item"),
    (("export", "--format", "gift", "--to", "/dev/null/x"), "/dev/null/x cannot be written"),
    (("report", "--to", "/dev/null/x.md"), "/dev/null/x.md cannot be written"),
    (("preview", "--port", "99999", "--no-browser"), "port 99999 cannot be used"),
    (("new", "FC-2.1", "--name", "../x"), "small letters, digits and hyphens"),
]


@pytest.mark.parametrize(("words", "sentence"), MISUSE)
def test_a_misuse_is_one_sentence(shelf, capsys, words, sentence):
    assert academy(shelf, *words) == 2

    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1
