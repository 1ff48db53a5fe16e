"""Who signed: a certificate names the two people of its decision as the roster did on the day of its issue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader import upkeep
from grader.certificates import Facts
from grader.certify import Academy, issuing
from grader.certify.signed_file import signed_file
from grader.upkeep.printed import printed
from tests.grader.held_certificate import OFFICE, SECOND, centre, certificate

NAME = "孙丽"


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with centre(tmp_path) as opened:
        yield opened


def said(academy: Academy, who: str, name: str) -> None:
    academy.store.append("person.recorded", who, {"name": name}, "hr")


def again(academy: Academy, number: str) -> Facts:
    (row,) = academy.store.rows("certificates", number=number)
    return issuing.facts_as_issued(academy, row, signed_file(academy, number))


def test_a_number_alone_stands_on_the_paper_with_the_name_of_that_day(academy: Academy) -> None:
    said(academy, SECOND, NAME)
    number = certificate(academy, f"{datetime.now(UTC):%Y-%m-%d}")
    paper = printed((academy.centre.certificates / f"{number}-zh.pdf").read_bytes())
    said(academy, SECOND, "孙丽娜")

    assert paper is not None and f"{SECOND}{NAME}" in paper  # blanks are not read
    assert again(academy, number).confirmed_by == f"{SECOND} {NAME}"
    assert again(academy, number).proposed_by == OFFICE  # the roster of these tests has numbers for names
    assert {event.by for event in academy.store.events("decision.confirmed")} == {SECOND}  # the registry keeps numbers


def test_a_name_that_the_registry_forgot_leaves_the_number(academy: Academy) -> None:
    said(academy, SECOND, NAME)
    number = certificate(academy, f"{datetime.now(UTC):%Y-%m-%d}")
    upkeep.redact(academy.centre, academy.store, SECOND, "asked for it", "HR-1", datetime.now(UTC).date())

    assert again(academy, number).confirmed_by == SECOND


def test_a_name_that_the_fonts_cannot_draw_leaves_the_number(academy: Academy) -> None:
    said(academy, SECOND, "สมชาย ใจดี")

    assert again(academy, certificate(academy, f"{datetime.now(UTC):%Y-%m-%d}")).confirmed_by == SECOND
