"""The certificate that the tests of credentials and papers start from, on the real framework and scheme, with a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grader.certificates import Facts, Issuer, Score
from grader.model import Bilingual
from grader.rules import load_framework, load_scheme

BANK = Path(__file__).parents[2] / "question_bank"
ISSUER = Issuer(Bilingual("Riverside Training Centre", "滨河客服培训中心"), "https://training.example/")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@cache
def _whole() -> Facts:
    framework = load_framework(BANK / "framework.yml")
    return Facts(
        number="L2-2026-000017",
        person="P017",
        name="陈晓敏",
        level=2,
        purpose="certification",
        framework=framework,
        scheme=load_scheme(BANK / "scheme.yml", framework),
        sitting="TL-2026-11",
        seat="TL-2026-11-017",
        form="TL-2026-11-A",
        form_digest="9f2c" * 16,
        cut_method="modified Angoff",
        written=Score(26.5, 34, 20.4),
        practical=Score(8, 10, 6),
        domains={
            "FC": (3, 4), "QA": (4, 5), "PM": (4.5, 5), "RP": (2, 3), "SM": (1, 1), "PP": (3, 5), "PR": (2, 3),
            "CX": (3, 3), "TK": (1, 1), "RK": (0, 1), "FN": (1, 1), "SC": (2, 2),
        },
        statements=("FC-2.1", "FC-2.2", "QA-2.1"),
        proposed_by="Li Wen",
        confirmed_by="Zhao Min",
        decided_on=date(2026, 11, 21),
        issued_on=date(2026, 11, 21),
        valid_until=date(2029, 11, 20),
    )  # fmt: skip


def facts(**changes: Any) -> Facts:
    """A certificate that nothing is wrong with, but for what is asked to be changed."""
    return replace(_whole(), **changes)
