"""The work on the bank as a trainer does it: new, review, cover, search, compare, preview, report, and the commands."""

import json
import re
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

import pytest

from grader.authoring import Shelf, new, review, versions
from grader.authoring.cover import cover
from grader.authoring.preview import document, reader_document, serve
from grader.authoring.report import agreement, report
from grader.authoring.search import search
from grader.bank import prove
from grader.bank.header import ITEM_KINDS
from grader.commands import main
from grader.commands.zh import catalogue
from grader.errors import InputError, ItemError, RuleBroken

BANK = Path(__file__).parents[2] / "question_bank"
CHOICE = "CX-2.2-refund-and-goodwill-in-authority"
NUMBER = "FC-2.1-positions-under-occupancy-limit"
DAY = date(2026, 11, 23)


@pytest.fixture
def shelf(tmp_path):
    """A bank of two items, one of them in review without a reader yet."""
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


# --- new --------------------------------------------------------------------------------------------------------------


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


# --- review -----------------------------------------------------------------------------------------------------------


def read_by(shelf, by, language, verdict="approve", key="agreed", note=""):
    return review.read_by(shelf, CHOICE, by=by, language=language, verdict=verdict, key=key, note=note, on=DAY)


def test_two_readers_in_two_languages_approve_an_item_and_nothing_else_in_its_file_changes(shelf):
    before = shelf.path(CHOICE).read_text("utf-8").split("\n")

    first = read_by(shelf, "ann", "en")
    second = read_by(shelf, "bo", "zh", note="读得懂")

    assert (first.status, second.status) == ("review", "approved")
    after = shelf.path(CHOICE).read_text("utf-8").split("\n")
    added = [re.sub("sha-[0-9a-f]{16}", "THIS", row.strip()) for row in after if row not in before]
    assert added == [
        "status: approved",
        "- {date: 2026-11-23, by: ann, role: second reader, language: en, key: agreed, text: THIS, verdict: approve}",
        "- {date: 2026-11-23, by: bo, role: second reader, language: zh, key: agreed, text: THIS, verdict: approve, "
        "note: 读得懂}",
    ]
    assert [row for row in before if row not in after] == ["  status: review"]


def test_nobody_approves_an_item_that_he_wrote(shelf):
    with pytest.raises(RuleBroken, match=r"lw wrote at CX-2\.2.* may not approve it"):
        read_by(shelf, "lw", "en")


def test_one_person_cannot_be_both_readers(shelf):
    read_by(shelf, "ann", "en")

    assert read_by(shelf, "ann", "zh").status == "review"
    with pytest.raises(RuleBroken, match="another person than the first is missing"):
        review.move(shelf, CHOICE, "approved", by="office")


def test_an_answer_that_differed_from_the_key_cannot_approve(shelf):
    with pytest.raises(RuleBroken, match="needs an answer that agreed with the key"):
        read_by(shelf, "ann", "en", key="differed")
    with pytest.raises(InputError, match="revise needs a reason"):
        read_by(shelf, "ann", "en", verdict="revise", key="differed")

    item = read_by(shelf, "ann", "en", verdict="revise", key="unclear", note="two options hold")
    [standing] = review.standings([item])
    assert standing.waits_for == "its author: two options hold"


def test_a_changed_text_is_read_again(shelf):
    read_by(shelf, "ann", "en")
    read_by(shelf, "bo", "zh")

    item = review.move(shelf, CHOICE, "draft", by="lw", note="the voucher is 60 yuan now", on=DAY)
    assert item.status == "draft"
    item = review.move(shelf, CHOICE, "review", by="lw", on=DAY)

    assert review.standings([item])[0].waits_for == "a reader's approval of the en and the zh text"


def changed(shelf, old, new):
    """The author brings the item back to draft, changes its text, and hands it in again."""
    review.move(shelf, CHOICE, "draft", by="lw", note="as the reader says", on=DAY)
    path = shelf.path(CHOICE)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    review.move(afresh(shelf), CHOICE, "review", by="lw", on=DAY)


def test_a_text_that_somebody_wants_revised_is_approved_by_nobody_until_it_is_another_one(shelf):
    for by, language in (("ann", "en"), ("bo", "zh")):
        read_by(shelf, by, language)
    read_by(shelf, "cy", "zh", verdict="revise", key="differed", note="b is right too")
    refused = f"cy wants {CHOICE} changed and it has not been: b is right too; bring it to draft, change the text"

    for by, language in (("cy", "zh"), ("ann", "en")):
        with pytest.raises(RuleBroken, match=refused):
            read_by(shelf, by, language)
    with pytest.raises(RuleBroken, match=refused):
        review.move(shelf, CHOICE, "approved", by="office")
    changed(shelf, "version: 1", "version: 2")
    with pytest.raises(RuleBroken, match=refused):
        read_by(shelf, "cy", "zh")

    changed(shelf, "致歉券", "代金券")
    read_by(shelf, "cy", "zh")

    assert read_by(shelf, "ann", "en").status == "approved"


def test_an_approval_counts_for_the_text_that_was_read_and_for_no_other(shelf):
    read_by(shelf, "ann", "en")
    path = shelf.path(CHOICE)
    path.write_text(path.read_text("utf-8").replace("致歉券", "代金券"), "utf-8")

    assert read_by(afresh(shelf), "bo", "zh").status == "review"
    with pytest.raises(RuleBroken, match="a reader's approval of the en text is missing"):
        review.move(afresh(shelf), CHOICE, "approved", by="office")

    assert read_by(afresh(shelf), "ann", "en").status == "approved"


def test_a_rewording_that_the_author_enters_keeps_the_approvals(shelf):
    read_by(shelf, "ann", "en")
    path = shelf.path(CHOICE)
    text = path.read_text("utf-8").replace("致歉券", "代金券")
    last = next(row for row in text.split("\n") if "by: ann" in row)
    path.write_text(
        text.replace(last, f"{last}\n    - {{date: 2026-11-23, by: lw, role: author, verdict: reworded}}"), "utf-8"
    )

    assert read_by(afresh(shelf), "bo", "zh").status == "approved"


def test_a_change_that_its_author_has_not_handed_in_settles_nothing(shelf):
    read_by(shelf, "cy", "zh", verdict="revise", key="differed", note="b is right too")
    path = shelf.path(CHOICE)
    path.write_text(path.read_text("utf-8").replace("致歉券", "代金券"), "utf-8")

    with pytest.raises(RuleBroken, match="hand it in again"):
        read_by(afresh(shelf), "cy", "zh")


def test_an_item_to_be_tried_out_goes_live_by_way_of_pilot_and_others_may_go_straight(shelf):
    for by, language in (("ann", "en"), ("bo", "zh")):
        read_by(shelf, by, language)
    path = shelf.path(CHOICE)
    use = next(row for row in path.read_text("utf-8").split("\n") if row.startswith("  use:"))
    as_exam = path.read_text("utf-8")
    path.write_text(as_exam.replace(use, "  use: pilot"), "utf-8")

    with pytest.raises(RuleBroken, match=r"to be tried out \(`use: pilot`\); it goes to pilot before it goes live"):
        review.move(afresh(shelf), CHOICE, "live", by="office")
    review.move(afresh(shelf), CHOICE, "pilot", by="office")
    assert review.move(afresh(shelf), CHOICE, "live", by="office").status == "live"

    path.write_text(as_exam, "utf-8")
    assert review.move(afresh(shelf), CHOICE, "live", by="office").status == "live"


def test_states_follow_the_way_and_a_retired_item_stays_so(shelf):
    with pytest.raises(
        RuleBroken, match="is review and cannot become live; from there it goes to draft, approved, retired"
    ):
        review.move(shelf, CHOICE, "live", by="office")
    with pytest.raises(InputError, match="retired needs a reason"):
        review.move(shelf, CHOICE, "retired", by="office")

    review.move(shelf, CHOICE, "retired", by="office", note="the rule has gone")

    with pytest.raises(RuleBroken, match="a new item under a new id"):
        review.move(shelf, CHOICE, "review", by="office")


def test_an_item_with_open_problems_is_not_ready_to_be_read(shelf):
    new.write(shelf, new.template(new.header(shelf, "FC-2.1", "choice", "mine", "ann")))

    with pytest.raises(RuleBroken, match="open problems and is not ready to be read"):
        review.move(afresh(shelf), "FC-2.1-mine", "review", by="ann")


def test_a_header_that_cannot_be_changed_line_by_line_is_left_as_it_was(shelf):
    path = shelf.path(CHOICE)
    text = path.read_text("utf-8").replace("  status: review", '  "status": review')
    path.write_text(text, "utf-8")
    read_by(shelf, "ann", "en")
    before = path.read_bytes()

    with pytest.raises(InputError, match="the file is as it was"):
        read_by(shelf, "bo", "zh")

    assert path.read_bytes() == before


# --- cover, search ----------------------------------------------------------------------------------------------------


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


# --- versions ---------------------------------------------------------------------------------------------------------


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


# --- preview, report --------------------------------------------------------------------------------------------------


def test_the_preview_shows_paper_key_and_reasons_in_both_languages(shelf):
    shown = document(shelf, NUMBER, 103)

    assert (shown["seed"], shown["seeds"], shown["problems"]) == (103, [102, 103, 105], [])
    for language in ("en", "zh"):
        side = shown["languages"][language]
        assert side["question"]["kind"] == "number" and "key" not in side["question"]
        assert side["key"][0].split(" ")[1:3] == ["±", "0"]
        assert "{{" not in side["question"]["stem_html"] + "".join(side["reasons"])


def test_the_preview_of_a_broken_item_shows_what_is_wrong(shelf):
    shelf.path(CHOICE).write_text("no header", "utf-8")

    assert "must begin with a header" in document(shelf, CHOICE, None)["problems"][0]


def test_the_preview_answers_only_who_knows_its_address_and_follows_the_file(shelf):
    server, address = serve(shelf, [CHOICE], 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def get(path):
        with urllib.request.urlopen(address + path) as answer:
            return answer.read()

    try:
        assert json.loads(get("items")) == [CHOICE]
        shown = json.loads(get(f"items/{CHOICE}"))
        with pytest.raises(urllib.error.HTTPError, match="304"):
            get(f"items/{CHOICE}?state={shown['state']}")
        path = shelf.path(CHOICE)
        path.write_text(path.read_text("utf-8").replace("up to 50 yuan", "up to 60 yuan"), "utf-8")
        again = json.loads(get(f"items/{CHOICE}?state={shown['state']}"))
        assert "60 yuan" in again["languages"]["en"]["question"]["stem_html"]
        for name in ("dom.js", "questions.js", "strings.js", "exam.css", "preview.js", "preview.css", ""):
            assert get(name)
        host = address.rsplit("/", 2)[0]
        for wrong in (f"{host}/items", f"{host}/guess/items", f"{address}items/{NUMBER}", f"{address}../shelf.py"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(wrong)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


READ = (CHOICE, NUMBER, "FC-2.3-playbook-steps-in-order", "RP-2.2-chart-for-each-question",
        "QA-2.4-coaching-note-from-findings", "FC-3.3-own-lines-with-and-without-patience")  # fmt: skip
TELLS = {"key", "reasons", "samples", "statement", "difficulty", "sources", "right", "rubric", "tests", "solution"}


@pytest.mark.parametrize("item_id", READ)
def test_a_second_reader_is_served_the_question_and_nothing_that_tells_the_key(item_id):
    """Every item whose kind has another sort of key: an option, a number, an order, pairs, a rubric, lines of code."""
    shelf = Shelf(BANK)
    item, server, address = shelf.item(item_id), *serve(shelf, [item_id], 0, with_key=False)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        served = ""
        for name in ("", "items", f"items/{item_id}"):
            with urllib.request.urlopen(address + name) as answer:
                served += answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    shown = json.loads(served[served.rindex('{"state"') :])

    assert shown["problems"] == []
    assert not TELLS & {name for name in keys_of(shown)}
    for language, side in shown["languages"].items():
        author = document(shelf, item_id, shown["seed"])["languages"][language]
        assert side["question"]["stem_html"] == author["question"]["stem_html"]
        hidden = [*author["reasons"], *(text for _, text in author["samples"])]
        if item.kind in ("number", "text", "code"):
            hidden += author["key"]
        assert hidden
        assert not [text for text in hidden if json.dumps(text, ensure_ascii=False)[1:-1] in served]
        if item.kind in ("order", "match"):
            part = "options" if item.kind == "order" else "targets"
            offered = [one["html"] for one in side["question"][part]]
            right = [one.rpartition(" → ")[2] for one in author["key"]]
            assert sorted(offered) == sorted([one["html"] for one in author["question"][part]])
            assert offered[: len(right)] != right


def keys_of(value):
    """The names of a document, at any depth."""
    if isinstance(value, dict):
        yield from value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(one)


def test_a_second_reader_of_a_broken_item_is_sent_to_its_author(shelf):
    path = shelf.path(NUMBER)
    path.write_text(path.read_text("utf-8").replace("status: approved", "status: done"), "utf-8")

    shown = reader_document(afresh(shelf), NUMBER, None)

    assert shown["problems"] == ["the question cannot be shown; its author finds out why by `academy bank check`"]
    assert shown["languages"] == {}


def test_agreement_counts_first_and_last_readings(shelf):
    read_by(shelf, "ann", "en", verdict="revise", key="differed", note="b is right too")
    changed(shelf, "致歉券", "代金券")
    read_by(shelf, "ann", "en")

    found = agreement(afresh(shelf).items.values(), "en")

    # The other item has one English reading, which agreed.
    assert (found.readings, found.agreed, found.differed, found.unclear) == (3, 2, 1, 0)
    assert (found.items, found.first_agreed, found.last_agreed, found.share) == (2, 1, 2, 1.0)


def test_the_report_of_the_repository_is_fresh():
    page = Path(__file__).parents[2] / "docs" / "bank-report.md"

    assert report(Shelf(BANK)) == page.read_text("utf-8"), "run ./academy bank report"


def test_an_empty_bank_has_a_report_too(shelf):
    for path in shelf.folder.rglob("*-*.md"):
        path.unlink()

    text = report(afresh(shelf))

    assert "| items (retired ones not counted) | 0 |" in text
    assert "nan" not in text


# --- the commands -----------------------------------------------------------------------------------------------------


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
