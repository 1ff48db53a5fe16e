"""Measures about a certificate: two people, the days that the scheme names, and the holder's appeal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from grader import certificates, certify, ladder
from grader.certify import Academy, measures
from grader.errors import InputError, RuleBroken
from tests.grader.held_certificate import (
    CLERK,
    HOLDER,
    JUDGE,
    MANAGER,
    MARKER,
    OFFICE,
    SECOND,
    THIRD,
    TRAINER,
    fixtures,
)

DAY = date(2026, 3, 2)
NOTE = "三段录音由他人代答"

# A centre with one certificate of level 2, in force from 1 June 2025 to 1 June 2028.
made, academy, number = fixtures("2025-06-01")


def state(academy: Academy, number: str, on: date = DAY) -> str:
    return ladder.state_of(measures.certificate(academy, number), on, academy.scheme.keeping)


def take(academy: Academy, number: str, measure: str, day: date = DAY, ground: str = "fraud", **more: Any) -> Any:
    measures.propose(academy, number, measure, CLERK, NOTE, ground=ground, today=day, **more)
    return measures.confirm(academy, number, JUDGE, day)


def last(academy: Academy, kind: str, number: str) -> dict[str, Any]:
    return dict(academy.store.events(kind, number)[-1].data)


# --- two people -------------------------------------------------------------------------------------------------------


def test_a_measure_takes_effect_when_a_second_person_confirms_it(academy: Academy, number: str) -> None:
    proposed = measures.propose(academy, number, "suspend", CLERK, NOTE, ground="fraud", today=DAY)
    before = state(academy, number)
    taken = measures.confirm(academy, number, JUDGE, date(2026, 3, 5))

    assert proposed.waits and before == "in force" and not taken.waits
    # 20 days for an appeal: 5 + 20 = 25 March; 180 of suspension: 26 + 30 + 31 + 30 + 31 + 31 = 179 to 31 August.
    assert last(academy, "certificate.suspended", number) == {
        "ground": "fraud", "note": NOTE, "on": "2026-03-05", "appeal_until": "2026-03-25", "until": "2026-09-01",
        "proposed_by": CLERK,
    }  # fmt: skip
    assert state(academy, number) == "suspended" and academy.store.verify() == []


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (CLERK, f"wants a second person, and {CLERK} proposed it"),
        (f"{CLERK} Li", "proposed it"),
        (MARKER, f"{MARKER} marked the seat"),
        (OFFICE, f"{OFFICE} decided on the seat"),
        (SECOND, f"{SECOND} decided on the seat"),
        (HOLDER, f"{HOLDER} sat it"),
        ("陈晓敏", "陈晓敏 sat it"),
        (MANAGER, f"{MANAGER} manages {HOLDER}"),
        (TRAINER, f"{TRAINER} taught {HOLDER}"),
    ],
)
def test_nobody_confirms_who_had_a_part_or_is_near(academy: Academy, number: str, who: str, says: str) -> None:
    measures.propose(academy, number, "withdraw", CLERK, NOTE, ground="fraud", today=DAY)

    with pytest.raises(RuleBroken, match=says):
        measures.confirm(academy, number, who, DAY)

    assert state(academy, number) == "in force" and measures.pending(academy, number) is not None


@pytest.mark.parametrize("who", [MARKER, OFFICE, SECOND, MANAGER, TRAINER, HOLDER])
def test_nobody_proposes_who_had_a_part_or_is_near(academy: Academy, number: str, who: str) -> None:
    with pytest.raises(RuleBroken, match=f"{who}.*; let somebody without a part in it do it"):
        measures.propose(academy, number, "withdraw", who, NOTE, ground="fraud", today=DAY)


def test_what_the_holder_asks_for_needs_no_second_person(academy: Academy, number: str) -> None:
    asked = measures.propose(academy, number, "suspend", MANAGER, "长期病假，本人书面申请", ground="request", today=DAY)
    suspended = state(academy, number)
    lifted = measures.propose(academy, number, "reinstate", MANAGER, "病假结束", today=date(2026, 4, 1))

    assert (asked.waits, suspended, lifted.waits) == (False, "suspended", False)
    assert state(academy, number, date(2026, 4, 1)) == "in force"
    assert last(academy, "certificate.reinstated", number)["ground"] == "request"


def test_a_suspension_that_nobody_asked_for_is_not_lifted_by_one_person(academy: Academy, number: str) -> None:
    take(academy, number, "suspend")

    lifted = measures.propose(academy, number, "reinstate", CLERK, "证据不足", ground="request", today=DAY)

    assert lifted.waits and state(academy, number) == "suspended"
    measures.confirm(academy, number, THIRD, DAY)
    assert state(academy, number) == "in force"


def test_one_proposal_at_a_time_and_it_can_be_turned_down(academy: Academy, number: str) -> None:
    measures.propose(academy, number, "withdraw", CLERK, NOTE, ground="fraud", today=DAY)
    with pytest.raises(RuleBroken, match=f"{CLERK} proposed to withdraw it, and that waits for a second person"):
        measures.propose(academy, number, "suspend", THIRD, NOTE, ground="fraud", today=DAY)
    with pytest.raises(RuleBroken, match=f"{MANAGER} manages"):
        measures.refuse(academy, number, MANAGER, "she is good")

    assert measures.refuse(academy, number, JUDGE, "录音是他人的", DAY) == "withdraw"

    assert state(academy, number) == "in force" and measures.pending(academy, number) is None
    with pytest.raises(RuleBroken, match=f"nothing is proposed for {number}"):
        measures.confirm(academy, number, JUDGE, DAY)


def test_whoever_proposed_may_take_it_back(academy: Academy, number: str) -> None:
    measures.propose(academy, number, "withdraw", CLERK, NOTE, ground="fraud", today=DAY)

    measures.refuse(academy, number, f"{CLERK} Li Na", "a mistake")

    assert measures.pending(academy, number) is None


# --- what the rules ask -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "more", "says"),
    [
        (
            "suspend",
            {"ground": "gossip"},
            "one of the grounds request, fraud, misuse, conduct, evidence, error",
        ),
        ("suspend", {"ground": "fraud", "note": "  "}, "wants a note that says what happened"),
        ("reduce", {"ground": "fraud"}, "is reduced to a lower one .1 to 1., got None"),
        ("reduce", {"ground": "fraud", "level": 2}, "is reduced to a lower one .1 to 1., got 2"),
        ("reduce", {"ground": "fraud", "level": 0}, "got 0"),
        ("reinstate", {}, "it is in force, and only one that is suspended can be reinstated"),
    ],
)
def test_a_measure_that_the_rules_do_not_know_is_refused(
    academy: Academy, number: str, measure: str, more: dict[str, Any], says: str
) -> None:
    told: dict[str, Any] = {"note": NOTE, "today": DAY} | more

    with pytest.raises((InputError, RuleBroken), match=says):
        measures.propose(academy, number, measure, CLERK, **told)

    assert measures.pending(academy, number) is None


def test_a_number_that_nobody_has_is_named(academy: Academy) -> None:
    with pytest.raises(InputError, match="the registry has no certificate 'L9-1'; see academy hr report"):
        measures.propose(academy, "L9-1", "suspend", CLERK, NOTE, ground="fraud")


def test_what_is_withdrawn_stays_withdrawn(academy: Academy, number: str) -> None:
    take(academy, number, "withdraw")

    with pytest.raises(RuleBroken, match="it is withdrawn, and only one that is suspended can be reinstated"):
        measures.propose(academy, number, "reinstate", CLERK, NOTE, today=DAY)
    assert certify.issue(academy, "TL-1", OFFICE).numbers == ()


def test_a_reduced_certificate_makes_place_for_one_of_the_lower_level_until_the_same_day(
    academy: Academy, number: str
) -> None:
    taken = take(academy, number, "reduce", ground="evidence", level=1)

    lower = measures.certificate(academy, taken.new)
    assert (lower["level"], lower["issued_on"], lower["valid_until"]) == (1, "2026-03-02", "2028-06-01")
    assert last(academy, "certificate.reduced", number)["to"] == taken.new and taken.new.startswith("L1-202603-")
    assert (state(academy, number), state(academy, taken.new)) == ("reduced", "in force")
    held = ladder.held_levels(academy.store.rows("certificates", person=HOLDER), DAY)
    assert [row["number"] for row in held.values()] == [taken.new]
    assert certify.issue(academy, "TL-1", OFFICE).numbers == ()


def test_the_file_of_a_reduced_certificate_is_signed_and_says_what_was_examined(academy: Academy, number: str) -> None:
    new = take(academy, number, "reduce", ground="evidence", level=1).new
    data = (academy.centre.certificates / f"{new}.json").read_bytes()

    found = certificates.verify(data, datetime(2026, 4, 1, tzinfo=UTC), academy.issuer_did)

    text = data.decode()
    assert found.ok, found.sentences
    assert f"It takes the place of certificate {number} of level 2" in text and f"由第2级证书{number}降级换发" in text
    assert '"targetCode":"FC-2"' in text and '"targetCode":"FC-1"' not in text  # what was examined is of level 2
    assert "level 1 of 5" in text


# --- the appeal -------------------------------------------------------------------------------------------------------


def test_the_last_day_of_an_appeal_counts_and_the_day_after_is_too_late(academy: Academy, number: str) -> None:
    take(academy, number, "withdraw")  # on 2 March: until the 22nd
    with pytest.raises(RuleBroken, match="the last day for an appeal was 2026-03-22, and it is 2026-03-23"):
        measures.appeal(academy, number, CLERK, "我没有作弊", date(2026, 3, 23))

    decide_by = measures.appeal(academy, number, CLERK, "我没有作弊", date(2026, 3, 22))

    assert decide_by == date(2026, 4, 21)  # thirty days: 9 in March and 21 in April
    assert last(academy, "measure.appealed", number)["text"] == "我没有作弊"
    with pytest.raises(RuleBroken, match="was appealed already; one appeal each"):
        measures.appeal(academy, number, CLERK, "还是没有", date(2026, 3, 22))


def test_nothing_can_be_appealed_where_nothing_was_done(academy: Academy, number: str) -> None:
    with pytest.raises(RuleBroken, match=r"no measure is in effect about .* that could be appealed"):
        measures.appeal(academy, number, CLERK, "x")
    with pytest.raises(RuleBroken, match=r"no appeal about .* is open"):
        measures.settle(academy, number, THIRD, "upheld", "x")


@pytest.mark.parametrize("who", [CLERK, JUDGE, MARKER, SECOND, MANAGER, HOLDER])
def test_nobody_decides_an_appeal_who_had_a_part_or_is_near(academy: Academy, number: str, who: str) -> None:
    take(academy, number, "withdraw")
    measures.appeal(academy, number, OFFICE, "我没有作弊", DAY)

    with pytest.raises(RuleBroken, match=f"{who} .*let somebody without a part in it do it"):
        measures.settle(academy, number, who, "dismissed", "录音清楚", DAY)


def test_a_dismissed_appeal_leaves_the_measure(academy: Academy, number: str) -> None:
    take(academy, number, "withdraw")
    measures.appeal(academy, number, CLERK, "我没有作弊", DAY)

    measures.settle(academy, number, THIRD, "dismissed", "录音清楚", DAY)

    assert state(academy, number) == "withdrawn" and measures.open_appeals(academy) == []


def test_an_upheld_appeal_lifts_a_suspension(academy: Academy, number: str) -> None:
    take(academy, number, "suspend")
    measures.appeal(academy, number, CLERK, "我没有作弊", DAY)

    settled = measures.settle(academy, number, THIRD, "upheld", "录音是同事的", DAY)

    assert settled.new is None and state(academy, number) == "in force"


def test_after_an_upheld_appeal_a_new_certificate_takes_the_place_of_a_withdrawn_one(
    academy: Academy, number: str
) -> None:
    take(academy, number, "withdraw")
    measures.appeal(academy, number, CLERK, "我没有作弊", DAY)

    new = measures.settle(academy, number, THIRD, "upheld", "录音是同事的", DAY).new

    assert new is not None
    row = measures.certificate(academy, new)
    assert (row["level"], row["issued_on"], row["valid_until"]) == (2, "2025-06-01", "2028-06-01")
    assert (state(academy, number), state(academy, new)) == ("withdrawn", "in force")
    assert last(academy, "measure.decided", number)["to"] == new


def test_after_an_upheld_appeal_the_lower_certificate_gives_way_to_one_of_the_old_level(
    academy: Academy, number: str
) -> None:
    lower = take(academy, number, "reduce", level=1).new
    measures.appeal(academy, number, CLERK, "我没有作弊", DAY)

    new = measures.settle(academy, number, THIRD, "upheld", "材料齐全", DAY).new

    assert new is not None and measures.certificate(academy, new)["level"] == 2
    assert [state(academy, one) for one in (number, lower, new)] == ["reduced", "withdrawn", "in force"]
    assert certify.issue(academy, "TL-1", OFFICE).numbers == ()


def test_an_appeal_that_a_later_measure_overtook_undoes_nothing(academy: Academy, number: str) -> None:
    take(academy, number, "suspend")
    measures.appeal(academy, number, CLERK, "我没有作弊", DAY)
    take(academy, number, "withdraw")

    measures.settle(academy, number, THIRD, "upheld", "录音是同事的", DAY)

    assert state(academy, number) == "withdrawn"


# --- seen from outside ------------------------------------------------------------------------------------------------


def test_the_status_lists_follow_every_measure(academy: Academy, number: str, tmp_path: Path) -> None:
    def places() -> dict[str, int]:
        published = certify.statuslist.publish_status(academy, tmp_path, CLERK)
        return {one.name: len(one.places) for one in published}

    take(academy, number, "suspend")
    suspended = places()
    take(academy, number, "reinstate")
    lifted = places()
    take(academy, number, "withdraw")

    assert suspended == {"revocation-1": 0, "suspension-1": 1}
    assert lifted == {"revocation-1": 0, "suspension-1": 0}
    assert places() == {"revocation-1": 1, "suspension-1": 0}
    measures.appeal(academy, number, CLERK, "x", DAY)
    measures.settle(academy, number, THIRD, "upheld", "x", DAY)
    assert places() == {"revocation-1": 1, "suspension-1": 0}  # for good; the new certificate has a place of its own


def test_history_and_what_waits_are_told_in_words(academy: Academy, number: str) -> None:
    take(academy, number, "suspend", ground="conduct")
    measures.appeal(academy, number, CLERK, "我没有骂人", date(2026, 3, 10))
    measures.propose(academy, number, "withdraw", THIRD, "又一次", ground="conduct", today=date(2026, 3, 12))

    found = certify.history(academy, number, date(2026, 3, 20))

    assert found.state == "suspended"
    assert found.past == (
        "2025-06-01  issued by S1002, level 2, from 2025-06-01 to 2028-06-01",
        f"2026-03-02  S1004 proposed to suspend it (The code of conduct was broken gravely): {NOTE}",
        "2026-03-02  suspended by S1004 and S1005 (The code of conduct was broken gravely): "
        f"{NOTE}; to be reinstated or withdrawn by 2026-08-29",
        "2026-03-10  the holder appealed: 我没有骂人; to be decided by 2026-04-09",
        "2026-03-12  S1006 proposed to withdraw it (The code of conduct was broken gravely): 又一次",
    )
    assert found.coming == (
        "2026-03-22  last day for an appeal of the measure",
        "2026-04-09  by then the appeal is decided",
        "2026-08-29  by then it is reinstated or withdrawn",
        "2028-06-01  its last day",
        "waits for a second person: S1006 proposed to withdraw it",
    )
    assert certify.history(academy, number, date(2026, 3, 1)).state == "in force"
    chinese = certify.history(academy, number, date(2026, 9, 1), "zh")
    assert chinese.past[2] == f"2026-03-02  由S1004、S1005暂停（严重违反行为准则）：{NOTE}；最迟于2026-08-29恢复或撤销"
    assert chinese.coming[:2] == (
        "2026-04-09  最迟于这一天裁定申诉（已逾期）", "2026-08-29  最迟于这一天恢复或撤销（已逾期）",
    )  # fmt: skip
    assert not any(word in " ".join(chinese.past + chinese.coming) for word in ("by", "the", "to be", "issued"))
    waits = [(one.what.split(":")[0], one.by) for one in certify.waiting(academy, date(2026, 8, 10))]
    assert waits == [
        ("an appeal is to be decided", date(2026, 4, 9)),
        ("S1006 proposed to withdraw it (The code of conduct was broken gravely)", None),
        ("its suspension ends", date(2026, 8, 29)),
    ]


def test_letters_and_a_result_that_an_appeal_changed_are_told_in_words(academy: Academy, number: str) -> None:
    take(academy, number, "suspend")
    take(academy, number, "withdraw")
    (suspended,) = academy.store.events("certificate.suspended", number)
    letter = {"to": "A1001", "how": "email", "about": "suspended", "event": suspended.seq, "on": "2026-03-03"}
    academy.store.append("notice.sent", number, letter, CLERK)
    fact = {"reason": "replaced after the appeal A-7", "appeal": "A-7", "on": "2026-03-04"}
    academy.store.append("certificate.withdrawn", number, fact, CLERK)

    english = certify.history(academy, number, date(2026, 3, 10))
    chinese = certify.history(academy, number, date(2026, 3, 10), "zh")

    assert english.past[-1].endswith("another result after the appeal A-7, another certificate")
    assert chinese.past[-1].endswith("经申诉A-7重新裁定成绩，另发新证")
    assert any("（电子邮件）：暂停" in line for line in chinese.past)
    assert "email" not in " ".join(chinese.past)
    assert sum("申诉的最后一天" in line for line in chinese.coming) == 1  # both measures, until the same day
