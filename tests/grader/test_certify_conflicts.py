"""Who may not judge whom, by the roster and by what was declared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.certify import Academy
from grader.certify.conflicts import identity, reasons


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with Academy(tmp_path) as opened:
        opened.store.append("person.recorded", "A1001", {"name": "陈晓敏", "manager": "S2001"}, "hr")
        opened.store.append("person.recorded", "S2001", {"name": "Lin Tao"}, "hr")
        opened.store.append("teaching.recorded", "A1001", {"trainer": "S3001", "what": "team leader course"}, "hr")
        opened.store.append("conflict.declared", "A1001", {"with": "Zhou  Jing", "reason": "cousins"}, "hr")
        yield opened


def roster(academy: Academy, at: str, **managers: str) -> None:
    """What a roster said on a day: each person's manager, in teams of their own."""
    facts = [("person.recorded", who, {"name": who, "manager": manager}) for who, manager in managers.items()]
    academy.store.append_all(facts, "hr", at)


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("A1001", ["A1001 is A1001"]),
        ("A1001 陈晓敏", ["A1001 陈晓敏 is A1001"]),
        ("Ａ1001", ["Ａ1001 is A1001"]),
        ("S2001", ["S2001 manages A1001"]),
        ("S2001 林涛", ["S2001 林涛 manages A1001"]),
        ("Lin  Tao", ["Lin  Tao manages A1001"]),
        ("陈晓敏", ["陈晓敏 is A1001"]),
        ("S3001", ["S3001 taught A1001 (team leader course)"]),
        ("zhou jing", ["zhou jing has a conflict of interest with A1001 (cousins)"]),
        ("S4001", []),
        ("chen", []),
    ],
)
def test_whoever_is_near_to_the_candidate_is_named_with_the_reason(
    academy: Academy, who: str, found: list[str]
) -> None:
    assert reasons(academy, who, "A1001") == found


def test_nothing_is_known_against_those_who_are_near_to_somebody_else(academy: Academy) -> None:
    academy.store.append("person.recorded", "A1002", {"name": "Grace Lim", "manager": "S2002"}, "hr")

    assert reasons(academy, "S2001", "A1002") == []


def test_a_manager_of_an_earlier_roster_is_no_longer_in_the_way(academy: Academy) -> None:
    academy.store.append("person.recorded", "A1001", {"name": "陈晓敏", "manager": "S2009"}, "hr")

    assert reasons(academy, "S2001", "A1001") == []
    assert reasons(academy, "S2009", "A1001") == ["S2009 manages A1001"]


def test_a_name_that_two_people_have_is_nobodys_number(academy: Academy) -> None:
    academy.store.append("person.recorded", "S2002", {"name": "Lin Tao"}, "hr")

    assert identity(academy, "Lin Tao") == "lin tao"


def test_one_person_is_one_identity_however_the_name_is_written(academy: Academy) -> None:
    assert {identity(academy, who) for who in ("S2001", "s2001", "S2001 Lin Tao", "S2001  林涛", "Ｓ2001")} == {"s2001"}
    assert identity(academy, "S9001 孙丽") == identity(academy, "s9001")  # of no roster
    assert identity(academy, "Zhou Jing") == identity(academy, " ZHOU  jing ") != identity(academy, "Zhou Jin")


def test_the_line_counts_up_and_down(academy: Academy) -> None:
    roster(academy, "2026-01-05T08:00:00Z", C1="T1", T1="M1", M1="G1", G1="", T2="M1")

    assert reasons(academy, "M1", "C1") == ["M1 is above C1 in the line (C1 -> T1 -> M1)"]
    assert reasons(academy, "G1", "C1") == ["G1 is above C1 in the line (C1 -> T1 -> M1 -> G1)"]
    assert reasons(academy, "c1", "M1") == ["c1 works under M1 (C1 -> T1 -> M1)"]
    assert reasons(academy, "C1", "M1") == ["C1 works under M1 (C1 -> T1 -> M1)"]
    assert reasons(academy, "T2", "C1") == []


def test_who_managed_somebody_since_the_examination_is_near(academy: Academy) -> None:
    roster(academy, "2026-01-05T08:00:00Z", C1="T1", T1="M1", T2="M2")
    roster(academy, "2026-06-05T08:00:00Z", C1="T2")

    assert reasons(academy, "T1", "C1") == reasons(academy, "M1", "C1", "2026-06-06T08:00:00Z") == []
    assert reasons(academy, "T1", "C1", "2026-06-01T08:00:00Z") == ["T1 managed C1 until 2026-06-05"]
    assert reasons(academy, "M1", "C1", "2026-06-01T08:00:00Z") == ["M1 is above C1 in the line (C1 -> T1 -> M1)"]
    assert reasons(academy, "M2", "C1", "2026-06-01T08:00:00Z") == ["M2 is above C1 in the line (C1 -> T2 -> M2)"]


def test_a_manager_above_counts_for_the_time_in_which_the_line_held(academy: Academy) -> None:
    roster(academy, "2026-01-05T08:00:00Z", C1="T1", T1="M1")
    roster(academy, "2026-03-05T08:00:00Z", C1="T2")  # C1 leaves T1 ...
    roster(academy, "2026-05-05T08:00:00Z", T1="M9")  # ... before M9 comes over T1

    assert reasons(academy, "M9", "C1", "2026-01-06T08:00:00Z") == []
    assert reasons(academy, "M1", "C1", "2026-01-06T08:00:00Z") == ["M1 is above C1 in the line (C1 -> T1 -> M1)"]


def test_a_ring_that_an_old_roster_left_behind_ends(academy: Academy) -> None:
    roster(academy, "2026-01-05T08:00:00Z", C1="C2", C2="C3", C3="C1")

    assert reasons(academy, "C3", "C1")[0] == "C3 is above C1 in the line (C1 -> C2 -> C3)"


def test_the_own_team_is_near_and_one_of_the_same_name_elsewhere_is_not(academy: Academy) -> None:
    for who, site, team in (("C1", "Hefei", "A"), ("C2", "Hefei", "a"), ("C3", "Chengdu", "A"), ("C4", "Hefei", "")):
        academy.store.append("person.recorded", who, {"name": who, "site": site, "team": team}, "hr")

    assert reasons(academy, "C2", "C1") == ["C2 is in the team of C1 (A)"]
    assert reasons(academy, "C3", "C1") == reasons(academy, "C4", "C1") == []


def test_a_declared_interest_holds_both_ways(academy: Academy) -> None:
    academy.store.append("conflict.declared", "A1001", {"with": "S2002", "reason": "flatmates"}, "hr")
    academy.store.append("person.recorded", "S2002", {"name": "Wu Dan"}, "hr")

    assert reasons(academy, "Wu Dan", "A1001") == ["Wu Dan has a conflict of interest with A1001 (flatmates)"]
    assert reasons(academy, "A1001", "S2002") == ["A1001 has a conflict of interest with S2002 (flatmates)"]
