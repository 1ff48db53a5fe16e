"""A certificate that lacks what it must state, or states what may not be, is not issued."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from grader.certificates import Score, credential, did, verify
from grader.errors import AcademyError, InputError, RuleBroken
from grader.model import Bilingual
from tests.grader.certificate_facts import ISSUER, KEY, NOW, facts


@pytest.mark.parametrize(
    "field", ["number", "person", "name", "sitting", "seat", "form", "form_digest", "cut_method", "proposed_by",
              "confirmed_by", "domains"],
)  # fmt: skip
def test_no_certificate_without_a_field_that_it_must_state(field: str) -> None:
    with pytest.raises(InputError, match="found nothing; a certificate without it is not issued"):
        credential(facts(**{field: {} if field == "domains" else " "}), ISSUER, KEY)


def test_no_certificate_without_the_issuing_body_or_the_versions() -> None:
    nobody = replace(ISSUER, name=Bilingual("", ""))
    without = [facts(**{part: replace(getattr(facts(), part), version="")}) for part in ("scheme", "framework")]

    for subject, issuer, word in (
        (facts(), nobody, "body"),
        (without[0], ISSUER, "scheme's v"),
        (without[1], ISSUER, "framework's v"),
    ):
        with pytest.raises(InputError, match=word):
            credential(subject, issuer, KEY)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"number": "L2 17"}, InputError, "capital letters"),
        ({"purpose": "gift"}, InputError, "purpose must be one of"),
        ({"level": 6}, InputError, "level from 1 to 5, got 6"),
        ({"valid_until": date(2026, 11, 21)}, InputError, "not after 2026-11-21"),
        ({"name": "Anna 😀"}, InputError, "correct it in the roster"),
        ({"name": "=cmd|' /C calc'!A1"}, InputError, "correct it in the roster"),
        ({"name": "محمد"}, InputError, "correct it in the roster"),
        ({"name": "A\u202eB"}, InputError, "correct it in the roster"),
        ({"name": "A" * 301}, InputError, "301 characters"),
        ({"confirmed_by": "Li Wen"}, RuleBroken, "a second person"),
        ({"written": Score(20.3, 34, 20.4)}, RuleBroken, "needs 20.4; there is no certificate for that"),
        ({"practical": Score(5.5, 10, 6)}, RuleBroken, "practical part has 5.5 of 10"),
    ],
)
def test_what_may_not_be_issued_is_refused_in_one_sentence(
    changes: dict[str, Any], error: type[AcademyError], words: str
) -> None:
    with pytest.raises(error, match=words) as refusal:
        credential(facts(**changes), ISSUER, KEY)
    assert "\n" not in str(refusal.value)


def test_a_score_on_the_cut_is_enough() -> None:
    assert verify(credential(facts(written=Score(20.4, 34, 20.4), practical=None), ISSUER, KEY), NOW, did(KEY)).ok
