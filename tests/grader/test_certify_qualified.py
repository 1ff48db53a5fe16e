"""Examiners are recorded, listed before they lapse, and held to their qualification wherever they examine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from grader import certify, seats
from grader.certify import Academy, Candidate, panel, rating
from grader.certify.qualified import check_qualified, unfit
from grader.commands import main
from grader.errors import InputError, RuleBroken
from grader.people import examiners
from tests.grader.sat_form import FORM, office_form

BANK = Path(__file__).parents[2] / "question_bank"
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
CERTIFYING = {"level": 2, "purpose": "certification"}
Say = Callable[..., str]


def qualify(academy: Academy, person: str, *roles: str, levels: tuple[int, ...] = (2,), domains: tuple[str, ...] = (),
            first: date = date(2024, 1, 1), last: date = TODAY + timedelta(days=400)) -> None:  # fmt: skip
    """Record an examiner whom the registry knows as a person."""
    if not academy.store.rows("people", person=person):
        academy.store.append("person.recorded", person, {"name": f"Name of {person}"}, "hr")
    said = examiners.fact(roles, levels, domains, first, last, "examiners' course")
    academy.store.append("examiner.recorded", person, said, "hr")


# --- who may --------------------------------------------------------------------------------------------------------


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with Academy(tmp_path) as opened:
        yield opened


def test_an_examiner_is_held_to_role_level_domain_and_days(academy: Academy) -> None:
    qualify(academy, "S1", "marker", "decider", levels=(1, 2), domains=("FC", "QA"))
    last = TODAY + timedelta(days=400)

    assert unfit(academy, "S1 赵敏", "marker", CERTIFYING, "FC") == ""
    assert unfit(academy, "Name of S1", "decider", CERTIFYING) == ""
    assert unfit(academy, "s1", "judge", CERTIFYING) == "S1 is recorded as marker and decider, and not as judge"
    assert unfit(academy, "S1", "marker", {**CERTIFYING, "level": 3}) == "S1 is an examiner for L1, L2, and not for L3"
    assert unfit(academy, "S1", "marker", CERTIFYING, "RK") == (
        "S1 is an examiner for the domains FC, QA, and not for RK"
    )
    assert unfit(academy, "S1", "marker", CERTIFYING, today=last) == ""
    assert unfit(academy, "S1", "marker", CERTIFYING, today=last + timedelta(days=1)) == (
        f"the qualification of S1 as examiner lapsed after {last}"
    )
    assert unfit(academy, "S1", "marker", CERTIFYING, today=date(2023, 12, 31)) == (
        "S1 is qualified as examiner from 2024-01-01 on"
    )


def test_the_refusal_names_the_way_out(academy: Academy) -> None:
    qualify(academy, "S1", "marker", last=date(2026, 10, 31))

    with pytest.raises(RuleBroken) as refused:
        check_qualified(academy, "S1", "marker", CERTIFYING, today=date(2026, 11, 22))

    assert str(refused.value) == (
        "the qualification of S1 as examiner lapsed after 2026-10-31: let another examiner mark answers, or record the "
        "qualification (academy hr examiner S1 --role marker --level L2 ...)"
    )


def test_who_left_examines_nobody_recorded_or_not(academy: Academy) -> None:
    academy.store.append("person.recorded", "S3", {"name": "Wu Dan"}, "hr")
    academy.store.append("person.left", "S3", {"on": "2026-10-01"}, "hr")

    assert unfit(academy, "Wu Dan", "decider", CERTIFYING, today=date(2026, 10, 1)) == ""
    assert unfit(academy, "s3", "decider", CERTIFYING, today=date(2026, 10, 2)) == "S3 left on 2026-10-01"
    with pytest.raises(RuleBroken) as refused:
        check_qualified(academy, "Wu Dan", "decider", CERTIFYING, today=date(2026, 10, 2))
    assert str(refused.value) == "S3 left on 2026-10-01: let another examiner decide"


def test_who_is_not_recorded_may_examine_until_the_scheme_wants_a_record(academy: Academy, tmp_path: Path) -> None:
    strict = tmp_path / "bank"
    strict.mkdir()
    shutil.copy(BANK / "framework.yml", strict)
    text = (BANK / "scheme.yml").read_text("utf-8")
    (strict / "scheme.yml").write_text(
        text.replace("examiners: {required: false", "examiners: {required: true"), "utf-8"
    )

    assert unfit(academy, "S9", "marker", CERTIFYING) == ""  # as shipped
    with Academy(tmp_path / "strict", strict) as other:
        assert unfit(other, "S9", "marker", CERTIFYING) == (
            "the scheme wants recorded examiners for a certification, and S9 is not recorded as marker"
        )
        assert unfit(other, "S9", "marker", {**CERTIFYING, "purpose": "demonstration"}) == ""
        qualify(other, "S9", "marker")
        assert unfit(other, "S9", "marker", CERTIFYING) == ""


def test_a_judge_of_a_panel_is_qualified_as_one(academy: Academy) -> None:
    office_form(academy)
    qualify(academy, "J1", "marker", levels=(1, 2, 3, 4, 5))
    qualify(academy, "J2", "judge", levels=(1, 2, 3, 4, 5))

    with pytest.raises(
        RuleBroken, match="J1 is recorded as marker, and not as judge: let another examiner judge for a"
    ):
        panel.sheets(academy, "P1", 1, FORM, ["J1", "J2", "J3"])
    assert set(panel.sheets(academy, "P1", 1, FORM, ["J2", "J3"])) == {"J2", "J3"}


# --- a sitting ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """A sitting with one answer in words, marked by program."""
    with Academy(tmp_path_factory.mktemp("centre")) as opened:
        opened.store.append("person.recorded", "A1", {"name": "Ann Lee"}, "hr")
        certify.schedule(
            opened, "TL-1", 2, [Candidate("A1", "en")], opens_at=NOW, closes_at=NOW + timedelta(hours=2), minutes=120,
            purpose="demonstration", by="office", length=24,
        )  # fmt: skip
        folder = seats.find(opened.centre.room, "TL-1-01")
        folder.start(NOW)
        folder.save("q24", "Listen first", NOW)
        folder.hand_in(NOW + timedelta(minutes=5), "candidate", folder.practical()["practical.ipynb"])
        certify.close(opened, "TL-1", "office")
        certify.mark(opened, "TL-1")
        yield opened


def test_a_lapsed_marker_gets_no_answer_and_gives_no_mark(sat: Academy) -> None:
    qualify(sat, "S1", "marker", last=TODAY - timedelta(days=1))

    with pytest.raises(RuleBroken, match="the qualification of S1 as examiner lapsed after"):
        rating.to_mark(sat, "TL-1", "S1")
    with pytest.raises(RuleBroken, match="the qualification of S1 as examiner lapsed after"):
        rating.take(sat, "TL-1", "S1", {})
    assert rating.left_for(sat, "TL-1", "S1") == 0


def test_a_marker_gets_the_answers_of_the_own_domains(sat: Academy) -> None:
    form = sat.form("TL-1", sat.seats("TL-1")[0]["form"])
    (text,) = [slot.question for slot in form.slots if slot.question.kind == "text"]
    own, other = text.statement.partition("-")[0], "RK" if not text.statement.startswith("RK") else "FC"
    qualify(sat, "S2", "marker", domains=(own,))
    qualify(sat, "S3", "marker", domains=(other,))

    (work, *_), withheld = rating.to_mark(sat, "TL-1", "S2")
    assert (work.slot, withheld) == ("q24", 0)
    left, withheld = rating.to_mark(sat, "TL-1", "S3")
    assert [one.slot for one in left if one.part == "written"] == [] and withheld == 1
    criteria = {line.id: 0.0 for line in work.rubric}
    with pytest.raises(RuleBroken, match=f"S3 is an examiner for the domains {other}, and not for {own}"):
        rating.take(sat, "TL-1", "S3", {work.place: {"criteria": criteria, "note": ""}})


def test_a_member_of_a_board_is_qualified_for_it(sat: Academy) -> None:
    with pytest.raises(RuleBroken, match="S2 is recorded as marker, and not as panel: let another examiner sit on the"):
        rating.check_marker(sat, "TL-1", "S2", "panel")


def test_who_proposes_and_who_confirms_is_qualified_to_decide(sat: Academy) -> None:
    qualify(sat, "S4", "decider", levels=(1,))
    qualify(sat, "S5", "decider")

    with pytest.raises(RuleBroken, match="S4 is an examiner for L1, and not for L2: let another examiner decide"):
        certify.decide(sat, "TL-1", "S4")
    for marker in ("S2", "M1", "M2"):
        works, _ = rating.to_mark(sat, "TL-1", marker)
        zero = {work.place: {"criteria": {line.id: 0.0 for line in work.rubric}, "note": ""} for work in works}
        rating.take(sat, "TL-1", marker, zero)
    assert certify.decide(sat, "TL-1", "office")[0].outcome == "fail"
    with pytest.raises(RuleBroken, match="S2 marked the seat"):
        certify.confirm(sat, "TL-1", "S2")
    with pytest.raises(RuleBroken, match="S4 is an examiner for L1, and not for L2"):
        certify.confirm(sat, "TL-1", "S4")
    assert certify.confirm(sat, "TL-1", "S5") == ["TL-1-01"]


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    centre = tmp_path / "centre"
    with Academy(centre) as opened:
        for person, name in (("S1", "林涛"), ("S2", "Wu Dan")):
            opened.store.append("person.recorded", person, {"name": name}, "hr")

    def said(*words: str, code: int = 0) -> str:
        assert main(["hr", "examiner", *words, "--centre", str(centre)]) == code
        told = capsys.readouterr()
        return told.out + told.err

    return said


def test_examiners_are_recorded_once_and_listed_with_who_lapses(say: Say) -> None:
    soon, far = TODAY + timedelta(days=30), TODAY + timedelta(days=500)
    words = ("S1", "--role", "marker", "--role", "decider", "--level", "L2", "--level", "l3", "--domain", "FC",
             "--qualified-on", "2024-05-01", "--evidence", "course of May 2024", "--by", "zhou")  # fmt: skip

    assert "No examiner is recorded." in say() and "required: false" in say()
    assert say(*words, "--valid-until", str(soon)) == (
        f"S1 林涛 is an examiner (marker, decider) for L2, L3, FC, from 2024-05-01 until {soon}\n"
    )
    assert say(*words, "--valid-until", str(soon)).startswith("nothing changed: S1")
    say("S2", "--role", "panel", "--level", "L5", "--qualified-on", "2024-05-01", "--valid-until", str(far),
        "--evidence", "ten years a manager", "--by", "zhou")  # fmt: skip

    lines = say().splitlines()
    assert lines[1].split()[:2] == ["S1", "林涛"] and lines[1].endswith("ends in 30 days")
    assert "1 examiner within 90 days of the end" in lines
    told = json.loads(say("--json", "--within", "90"))
    assert [(one["person"], one["levels"], one["days"]) for one in told["examiners"]] == [("S1", ["L2", "L3"], 30)]
    assert say("S1").count("course of May 2024") == 1
    assert say("S2").startswith(f"{TODAY} by zhou: panel; L5; all domains; 2024-05-01 to {far}; ten years")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("S9",), "person 'S9' is not in the registry"),
        (("--role", "marker", "--by", "zhou"), "the staff number of the examiner is wanted, too"),
        (("S1", "--level", "L2"), "a --role is wanted, too"),
        (("S1", "--role", "marker", "--by", "z"), "--qualified-on and --valid-until are wanted, each a day"),
        (
            ("S1", "--role", "marker", "--level", "L2", "--domain", "XX", "--qualified-on", "2024-01-01",
             "--valid-until", "2027-01-01", "--evidence", "x", "--by", "z"),
            "the framework has the domains",
        ),
        (
            ("S1", "--role", "marker", "--level", "L2", "--qualified-on", "2027-01-02", "--valid-until", "2027-01-01",
             "--evidence", "x", "--by", "z"),
            "a qualification ends after it begins, got 2027-01-02 to 2027-01-01",
        ),
        (
            ("S1", "--role", "marker", "--level", "L2", "--qualified-on", "2024-01-02", "--valid-until", "2027-01-01",
             "--by", "z"),
            "evidence of the qualification is wanted in words",
        ),
        (("S1", "--role", "marker"), "who does this? Name the person with --by"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_refused_in_a_sentence(say: Say, words: tuple[str, ...], wanted: str) -> None:
    told = say(*words, code=2)

    assert wanted in told and told.count("\n") == 1


def test_no_examiner_is_without_role_or_level() -> None:
    with pytest.raises(InputError, match="roles of an examiner are marker, judge, panel, decider, got none"):
        examiners.fact([], [2], [], TODAY, TODAY, "x")
    with pytest.raises(InputError, match="an examiner examines at one level at least"):
        examiners.fact(["marker"], [], [], TODAY, TODAY, "x")
