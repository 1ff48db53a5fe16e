"""Renewal: hours are recorded, refused and looked at, and the new certificate takes up where the old one ends."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest

from grader import certificates, certify, ladder
from grader.certify import Academy, measures, renewing
from grader.commands import main
from grader.errors import InputError, RuleBroken
from tests.grader.held_certificate import CLERK, HOLDER, JUDGE, MANAGER, THIRD, TRAINER, fixtures

# From 28 February 2023 to 28 February 2026: to be renewed from 1 September 2025 (180 days before) to 29 May 2026.
ISSUED, ENDS = "2023-02-28", date(2026, 2, 28)
IN_WINDOW, IN_GRACE, TOO_LATE = date(2025, 9, 1), date(2026, 5, 29), date(2026, 5, 30)
made, academy, number = fixtures(ISSUED)


def earn(academy: Academy, category: str, hours: float, on: str = "2024-05-01") -> str:
    day = date.fromisoformat(on)
    return renewing.record(academy, HOLDER, CLERK, category, hours, day, "话务预测研讨", "HR 2024/118", IN_GRACE)


def earn_all(academy: Academy) -> list[str]:
    """The 30 hours of level 2: 18 of training, the most that it may give, and 12 of teaching."""
    return [earn(academy, "training", 18), earn(academy, "teaching", 12)]


def see_all(academy: Academy, names: list[str]) -> None:
    """Somebody looks at the evidence, so that it counts whether the renewal was drawn or not."""
    for name in names:
        renewing.audit(academy, name, JUDGE, "stands")


# --- credits ----------------------------------------------------------------------------------------------------------


def test_a_category_may_be_named_as_the_scheme_names_it_in_either_language(academy: Academy) -> None:
    names = [earn(academy, category, 2) for category in ("teaching", "Courses and seminars attended", "参加课程与研讨")]

    recorded = [academy.store.events("credit.recorded", name)[0].data["category"] for name in names]
    assert recorded == ["teaching", "training", "training"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"category": "golf"}, "one of the categories training (参加课程与研讨), practice ("),
        ({"hours": 0}, "hours from 0 to 500 are wanted, got 0"),
        ({"hours": float("nan")}, "got nan"),
        ({"hours": 501}, "got 501"),
        ({"on": date(2026, 5, 30)}, "2026-05-30 lies in the future"),
        ({"what": "  "}, "what was done is wanted on one line of 1 to 500 characters, got ''"),
        ({"what": "a\x1b[2Jb"}, r"got 'a\x1b[2Jb'"),
        ({"evidence": "x" * 501}, "the evidence is wanted on one line of 1 to 500 characters, got 'xxx"),
        ({"person": "A9999"}, "person 'A9999' is not in the registry"),
        ({"by": f"{HOLDER} 陈晓敏"}, f"{HOLDER} 陈晓敏 earned these hours; somebody else records them"),
    ],
)
def test_hours_that_cannot_be_are_not_recorded(academy: Academy, changed: dict[str, object], says: str) -> None:
    good = {"person": HOLDER, "by": CLERK, "category": "training", "hours": 8, "on": date(2025, 5, 1)}
    rest = {"what": "seminar", "evidence": "HR 1", "today": IN_GRACE}

    with pytest.raises((InputError, RuleBroken), match=re.escape(says)):
        renewing.record(academy, **good | rest | changed)  # type: ignore[arg-type]

    assert renewing.credits_of(academy, HOLDER) == []


def test_a_refused_credit_says_why_and_counts_for_nothing(academy: Academy, number: str) -> None:
    first, second = earn_all(academy)

    renewing.refuse(academy, second, JUDGE, "签到表上没有她")

    found = renewing.standing(academy, number, IN_WINDOW)
    assert [(line.hours, line.why) for line in found.tally.lines] == [(18, ""), (0, "refused: 签到表上没有她")]
    assert found.tally.missing == ("12 hours are missing, 18 of 30 count",)
    with pytest.raises(RuleBroken, match=f"the credit {second} was refused already: 签到表上没有她"):
        renewing.refuse(academy, second, JUDGE, "again")
    assert first == "A1001/1"


@pytest.mark.parametrize(
    ("by", "finding", "note", "says"),
    [
        (CLERK, "stands", "", f"{CLERK} recorded the credit A1001/1; somebody else looks at its evidence"),
        (MANAGER, "stands", "", f"{MANAGER} manages {HOLDER}"),
        (TRAINER, "stands", "", f"{TRAINER} taught {HOLDER}"),
        (HOLDER, "stands", "", f"{HOLDER} is {HOLDER}"),
        (JUDGE, "perhaps", "", "evidence stands or fails, got 'perhaps'"),
        (JUDGE, "fails", " ", "wants a note that says why"),
    ],
)
def test_evidence_is_looked_at_by_somebody_apart(academy: Academy, by: str, finding: str, note: str, says: str) -> None:
    (name,) = [earn(academy, "training", 8)]

    with pytest.raises((InputError, RuleBroken), match=says):
        renewing.audit(academy, name, by, finding, note)


def test_evidence_that_fails_is_a_refusal_with_its_reason(academy: Academy, number: str) -> None:
    name = earn(academy, "training", 8)

    renewing.audit(academy, name, JUDGE, "fails", "结业证书属于他人")

    (credit,) = renewing.credits_of(academy, HOLDER)
    assert (credit.finding, credit.refused) == ("fails", "结业证书属于他人")


def test_a_credit_that_nobody_recorded_is_named(academy: Academy) -> None:
    for name in ("A1001/7", "A1001", "x"):
        with pytest.raises(InputError, match=f"there is no credit '{name}'; see academy hr credit list PERSON"):
            renewing.refuse(academy, name, JUDGE, "x")


# --- the renewal ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "begins"),
    [(IN_WINDOW, "2026-03-01"), (ENDS, "2026-03-01"), (date(2026, 3, 1), "2026-03-01"), (IN_GRACE, "2026-05-29")],
)
def test_a_renewal_keeps_the_old_end_as_the_start_of_its_months(
    academy: Academy, number: str, day: date, begins: str
) -> None:
    see_all(academy, earn_all(academy))

    new = renewing.renew(academy, number, THIRD, day)

    row, rules = measures.certificate(academy, new), academy.scheme.keeping
    assert (row["issued_on"], row["valid_until"], row["renews"]) == (begins, "2029-02-28", number)
    (issued,) = academy.store.events("certificate.issued", new)
    assert (issued.data["credits"], issued.data["hours"]) == (["A1001/1", "A1001/2"], 30)
    old = measures.certificate(academy, number)
    on = date.fromisoformat(begins)
    assert (ladder.state_of(old, on, rules), ladder.state_of(row, on, rules)) == ("replaced", "in force")


def test_somebody_holds_exactly_one_certificate_on_every_day_of_an_early_renewal(academy: Academy, number: str) -> None:
    see_all(academy, earn_all(academy))
    new = renewing.renew(academy, number, THIRD, IN_WINDOW)
    rows = academy.store.rows("certificates", person=HOLDER)

    held = {
        day: ladder.held_levels(rows, date.fromisoformat(day))[2]["number"]
        for day in ("2025-09-01", "2026-02-28", "2026-03-01", "2029-02-28")
    }

    assert list(held.values()) == [number, number, new, new]
    # Held since 28 February 2023 without a day between: enough for level 3, which asks for twelve months.
    assert ladder.may_sit(academy.scheme.level(3), {"person": HOLDER}, rows, date(2026, 3, 2)) == []


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2025, 8, 31), "it may be renewed from 2025-09-01 on"),
        (TOO_LATE, "the last day for it was 2026-05-29; only the examination is left"),
    ],
)
def test_outside_its_days_nothing_is_renewed(academy: Academy, number: str, day: date, says: str) -> None:
    see_all(academy, earn_all(academy))

    with pytest.raises(RuleBroken, match=f"{number} cannot be renewed: {says}"):
        renewing.renew(academy, number, THIRD, day)


def test_a_renewal_wants_its_hours_and_somebody_impartial_and_happens_once(academy: Academy, number: str) -> None:
    names = [earn(academy, "training", 18)]
    with pytest.raises(RuleBroken, match="cannot be renewed: 12 hours are missing, 18 of 30 count"):
        renewing.renew(academy, number, THIRD, IN_WINDOW)
    see_all(academy, [*names, earn(academy, "teaching", 12)])
    with pytest.raises(RuleBroken, match=f"a renewal wants somebody impartial, and {MANAGER} manages {HOLDER}"):
        renewing.renew(academy, number, MANAGER, IN_WINDOW)

    new = renewing.renew(academy, number, THIRD, IN_WINDOW)

    with pytest.raises(RuleBroken, match=f"it is renewed already, by {new}"):
        renewing.renew(academy, number, THIRD, IN_WINDOW)
    with pytest.raises(RuleBroken, match=f"A1001/1 was counted for the renewal {new}; .* --ground evidence"):
        renewing.refuse(academy, "A1001/1", JUDGE, "x")


@pytest.mark.parametrize("measure", ["suspend", "withdraw"])
def test_nothing_is_renewed_that_is_suspended_or_about_to_be(academy: Academy, number: str, measure: str) -> None:
    see_all(academy, earn_all(academy))
    measures.propose(academy, number, measure, CLERK, "x", ground="fraud", today=IN_WINDOW)
    with pytest.raises(RuleBroken, match=f"proposed to {measure} it, and that waits for a second person"):
        renewing.renew(academy, number, THIRD, IN_WINDOW)

    measures.confirm(academy, number, JUDGE, IN_WINDOW)

    with pytest.raises(RuleBroken, match="cannot be renewed: it is "):
        renewing.renew(academy, number, THIRD, IN_WINDOW)


def test_hours_count_for_one_renewal_and_those_after_it_for_the_next(academy: Academy, number: str) -> None:
    see_all(academy, earn_all(academy))
    new = renewing.renew(academy, number, THIRD, IN_WINDOW)
    on_the_day = earn(academy, "writing", 5, "2025-09-01")
    after = earn(academy, "practice", 9, "2026-01-15")  # the old one still runs, the renewal has been

    found = renewing.standing(academy, new, date(2028, 10, 1))

    why = {line.credit.name: (line.hours, line.why) for line in found.tally.lines}
    assert why == {
        "A1001/1": (0, "counted for an earlier renewal"),
        "A1001/2": (0, "counted for an earlier renewal"),
        on_the_day: (5, ""),
        after: (9, ""),
    }
    assert found.tally.missing == ("16 hours are missing, 14 of 30 count",)


def test_a_renewal_that_was_drawn_waits_until_the_evidence_was_looked_at(
    academy: Academy, number: str, tmp_path: Path
) -> None:
    names = earn_all(academy)
    shutil.copytree(academy.bank_folder, tmp_path / "bank")
    path = tmp_path / "bank" / "scheme.yml"
    path.write_text(re.sub(r"audit_percent: \d+", "audit_percent: 100", path.read_text("utf-8")), "utf-8")
    with Academy(academy.centre.root, tmp_path / "bank") as strict:
        with pytest.raises(RuleBroken, match=r"drawn to be looked at: A1001/1, A1001/2 \(academy hr credit"):
            renewing.renew(strict, number, THIRD, IN_WINDOW)
        see_all(strict, names)

        assert renewing.renew(strict, number, THIRD, IN_WINDOW)


# --- the paper --------------------------------------------------------------------------------------------------------


def test_the_renewed_file_is_signed_says_what_it_renews_and_is_made_again_by_the_audit(
    academy: Academy, number: str
) -> None:
    see_all(academy, earn_all(academy))
    new = renewing.renew(academy, number, THIRD, IN_WINDOW)
    data = (academy.centre.certificates / f"{new}.json").read_bytes()

    early, later = (
        certificates.verify(data, datetime(year, 3, 1, tzinfo=UTC), academy.issuer_did) for year in (2025, 2026)
    )
    registry, link, renewal = islice(certify.trace(academy, new), 3)

    assert not early.ok and "not valid before 2026-03-01" in " ".join(early.sentences)
    assert later.ok and f"It renews certificate {number}" in json.loads(data)["description"]
    assert registry.holds and link.wrong == []
    assert any("made and signed again it has the same" in said for said in link.said)
    assert (renewal.name, renewal.wrong) == ("renewal", [])
    assert renewal.said == [
        f"it renews {number}; 30 of 30 hours count again",
        f"its days follow from the end of {number}",
    ]


def test_the_audit_counts_what_was_known_then_and_names_hours_that_were_bent(academy: Academy, number: str) -> None:
    names = earn_all(academy)
    see_all(academy, names)
    new = renewing.renew(academy, number, THIRD, IN_WINDOW)
    academy.store.append("credit.refused", names[1], {"person": HOLDER, "reason": "too late to matter"}, JUDGE)
    earn(academy, "writing", 5)
    later = next(link for link in certify.trace(academy, new) if link.name == "renewal")
    with sqlite3.connect(academy.centre.registry) as thief:
        thief.execute("DROP TRIGGER events_are_never_changed")
        thief.execute("UPDATE events SET data = replace(data, '18', '8') WHERE kind = 'credit.recorded'")
    thief.close()

    bent = next(link for link in certify.trace(academy, new) if link.name == "renewal")

    assert later.wrong == []
    assert bent.wrong == ["30 hours were counted, today 20 of 30 do"]


def test_a_measure_about_one_certificate_names_the_other_that_it_does_not_touch(academy: Academy, number: str) -> None:
    see_all(academy, earn_all(academy))
    new = renewing.renew(academy, number, THIRD, IN_WINDOW)
    measures.propose(academy, number, "withdraw", CLERK, "代考", ground="fraud", today=IN_WINDOW)

    taken = measures.confirm(academy, number, JUDGE, IN_WINDOW)

    assert taken.others == (new,)
    assert ladder.state_of(measures.certificate(academy, new), IN_WINDOW, academy.scheme.keeping) == "coming"


def test_the_result_page_made_anew_names_the_certificate_that_lasts(academy: Academy, number: str) -> None:
    see_all(academy, earn_all(academy))
    new = renewing.renew(academy, number, THIRD, IN_WINDOW)

    (page,) = certify.publish(academy, "TL-1", THIRD)

    assert new in page.read_text("utf-8") and number not in page.read_text("utf-8")


def test_after_a_redaction_no_credit_takes_the_name_of_one_that_left(academy: Academy, number: str) -> None:
    see_all(academy, earn_all(academy))
    new = renewing.renew(academy, number, THIRD, IN_WINDOW)
    kinds = ("credit.recorded", "credit.audited")
    facts = [one.seq for kind in kinds for one in academy.store.events(kind, under=HOLDER)]
    academy.store.redact(facts, HOLDER, "asked for it", CLERK)

    name = earn(academy, "writing", 5)

    assert name == "A1001/3" and [one.name for one in renewing.credits_of(academy, HOLDER)] == [name]
    renewal = next(link for link in certify.trace(academy, new) if link.name == "renewal")
    assert renewal.wrong == [] and renewal.said == [
        "credits of the holder were redacted, so that they cannot be counted again"
    ]


def test_the_history_of_a_renewed_certificate_names_both(academy: Academy, number: str) -> None:
    see_all(academy, earn_all(academy))
    new = renewing.renew(academy, number, THIRD, IN_WINDOW)

    old, later = certify.history(academy, number, IN_WINDOW), certify.history(academy, new, IN_WINDOW)

    assert old.past[-1] == f"2025-09-01  renewed by {THIRD}: {new} holds from 2026-03-01 on"
    assert (old.state, later.state) == ("in force", "coming")
    assert certify.history(academy, number, date(2025, 8, 31)).past == old.past[:1]
    assert later.past == (
        f"2025-09-01  issued by {THIRD}, level 2, from 2026-03-01 to 2029-02-28, renewal of {number} "
        "with 30 hours of credit",
    )
    assert later.coming == (
        "2026-03-01  it begins",
        "2028-09-01  it may be renewed from this day on",
        "2029-02-28  its last day",
        "2029-05-29  last day for a renewal without a new examination",
    )


def test_in_chinese_a_credit_and_what_is_shown_are_named_and_not_coded(
    academy: Academy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")
    at = ["--by", "S1007", "--centre", str(academy.centre.root)]
    credit = ["--hours", "7.5", "--on", "2024-05-01", "--what", "研讨", "--evidence", "HR"]

    for category in ("training", "参加课程与研讨"):
        assert main(["hr", "credit", "record", HOLDER, "--category", category, *credit, *at]) == 0
    assert main(["hr", "credit", "audit", f"{HOLDER}/1", "--finding", "stands", *at[2:], "--by", JUDGE]) == 0
    assert main(["hr", "consent", HOLDER, "--show", "name", "until", "--how", "表格", *at]) == 0

    said = capsys.readouterr().out
    assert said.count("已登记参加课程与研讨7.5学时") == 2
    assert f"抽查{HOLDER}/1：属实，计入" in said
    assert "公开内容：编号、等级、姓名、有效期至" in said
