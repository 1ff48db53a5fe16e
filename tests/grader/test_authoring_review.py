"""An item from draft to retired: who may approve what, which text an approval counts for, and how readers agree."""

import re

import pytest

from grader.authoring import new, review
from grader.authoring.report import agreement
from grader.errors import InputError, RuleBroken
from tests.grader.authoring_shelf import CHOICE, DAY, afresh, changed, read_by, two_items

shelf = pytest.fixture(two_items)


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


def test_agreement_counts_first_and_last_readings(shelf):
    read_by(shelf, "ann", "en", verdict="revise", key="differed", note="b is right too")
    changed(shelf, "致歉券", "代金券")
    read_by(shelf, "ann", "en")

    found = agreement(afresh(shelf).items.values(), "en")

    # The other item has one English reading, which agreed.
    assert (found.readings, found.agreed, found.differed, found.unclear) == (3, 2, 1, 0)
    assert (found.items, found.first_agreed, found.last_agreed, found.share) == (2, 1, 2, 1.0)
