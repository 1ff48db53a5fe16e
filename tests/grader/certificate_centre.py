"""A centre that holds a certificate made of facts, as `issue` leaves it; no sitting stands behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.certificates import credential, credential_bytes
from grader.certify import Academy, statuslist
from grader.model import digest
from tests.grader.certificate_facts import ISSUER, facts


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    root = tmp_path / "centre"
    root.mkdir()
    name = {"en": ISSUER.name.en, "zh": ISSUER.name.zh}
    (root / "centre.json").write_text(json.dumps({"name": name, "url": ISSUER.url, "by": "S1001"}), "utf-8")
    with Academy(root) as academy:
        hold(academy, "L2-2026-000017")
    return root


def hold(academy: Academy, number: str) -> None:
    """A certificate as `issue` leaves it: fact and file."""
    place = statuslist.new_place(academy)
    document = credential(facts(number=number, status=place), ISSUER, academy.signing_key())
    academy.centre.certificates.mkdir(exist_ok=True)
    (academy.centre.certificates / f"{number}.json").write_bytes(credential_bytes(document))
    fact = {
        "person": "P017", "level": 2, "purpose": "certification", "issued_on": "2026-11-21",
        "valid_until": "2029-11-20", "status_list": place.number, "status_index": place.index,
        "issuer": {"did": academy.issuer_did, "url": place.base}, "digest": digest(document),
    }  # fmt: skip
    academy.store.append("certificate.issued", number, fact, "S1001")
