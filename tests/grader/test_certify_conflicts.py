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
    assert identity(academy, "Zhou Jing") == identity(academy, " ZHOU  jing ") != identity(academy, "Zhou Jin")
