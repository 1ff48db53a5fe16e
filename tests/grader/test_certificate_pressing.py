"""Many certificates are made by all processors, and come out as if each had been made alone."""

from __future__ import annotations

from pathlib import Path

from grader import certificates
from grader.certificates import Pressed, press, press_all
from tests.grader.certificate_facts import ISSUER, facts


def test_many_made_at_once_are_those_that_are_made_one_by_one_and_a_bad_one_stops_no_other(tmp_path: Path) -> None:
    key = tmp_path / "issuer.pem"
    certificates.new_key(key)
    wanted = [facts(number=f"L2-2026-{number:06d}", name=f"陈晓敏{number}") for number in range(26)]
    wanted[3] = facts(number="L2-2026-000003", name="")

    made = list(press_all(wanted, ISSUER, key))

    assert [number for number, one in enumerate(made) if isinstance(one, str)] == [3]
    assert isinstance(made[3], str) and "name" in made[3]
    for number in (0, 2, 4, 25):
        assert made[number] == press(wanted[number], ISSUER, key)
    papers = {one.papers["zh"] for one in made if isinstance(one, Pressed)}
    assert len(papers) == 25
