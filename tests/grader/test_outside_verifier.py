"""A stranger's program in another language accepts what we sign, and nothing else."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grader.certificates import StatusEntry, credential, status_list
from tests.grader import outside_verifier
from tests.grader.certificate_facts import ISSUER, KEY, facts

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
# It reads lists by the clock of the machine and takes no other moment for them.
MADE = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
NOW = f"{MADE + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
ISSUED = {"decided_on": MADE.date(), "issued_on": MADE.date(), "valid_until": MADE.date() + timedelta(days=1000)}
GOOD = credential(facts(status=StatusEntry(ISSUER.url, 1, 94_567), **ISSUED), ISSUER, KEY)


def listed(purpose: str, *places: int, key: Ed25519PrivateKey = KEY, made: datetime = MADE) -> dict[str, Any]:
    address = f"https://training.example/status/{purpose}-1.json"
    return status_list(address, purpose, places, ISSUER, key, made, made + timedelta(days=7))


CLEAR = [listed("revocation", 94_566, 94_568), listed("suspension")]


def altered(document: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    text = json.dumps(document, ensure_ascii=False)
    assert old in text
    changed: dict[str, Any] = json.loads(text.replace(old, new, 1))
    return changed


def test_a_stranger_accepts_a_good_certificate_and_the_lists_and_refuses_every_altered_one() -> None:
    unknown = copy.deepcopy(GOOD)
    unknown["credentialSubject"]["grade"] = "with distinction"
    documents = {
        "good": GOOD,
        "without a list": credential(facts(**ISSUED), ISSUER, KEY),
        "sample": credential(facts(purpose="demonstration", **ISSUED), ISSUER, KEY),
        "revocation list": CLEAR[0],
        "suspension list": CLEAR[1],
        "longer": altered(GOOD, "T23:59:59Z", "T23:59:58Z"),
        "score": altered(GOOD, '"value": "26.5"', '"value": "34"'),
        "number": altered(GOOD, "L2-2026-000017", "L2-2026-000018"),
        "place": altered(GOOD, "94567", "94568"),
        "unknown member": unknown,
        "list": altered(CLEAR[0], '"revocation"', '"message"'),
    }

    said = outside_verifier.answers(documents, NOW, CLEAR)

    accepted = {name for name, answer in said.items() if answer["verified"]}
    assert accepted == {"good", "without a list", "sample", "revocation list", "suspension list"}, said
    assert any("Invalid signature" in error for error in said["longer"]["errors"])


def test_a_stranger_reads_from_our_lists_what_became_of_a_certificate() -> None:
    def status(*lists: dict[str, Any]) -> Any:
        return outside_verifier.answers({"one": GOOD}, NOW, lists)["one"]["status"]

    clear = status(*CLEAR)
    withdrawn = status(listed("revocation", 94_567), CLEAR[1])
    suspended = status(CLEAR[0], listed("suspension", 94_567))

    assert [one["status"] for one in clear] == [False, False]
    assert [one["status"] for one in withdrawn] == [True, False]
    assert [one["status"] for one in suspended] == [False, True]


def test_a_stranger_refuses_a_list_of_another_issuer_and_one_that_ran_out() -> None:
    foreign = outside_verifier.answers({"one": GOOD}, NOW, [listed("revocation", key=OTHER), CLEAR[1]])["one"]
    old = [listed("revocation", made=MADE - timedelta(days=8)), CLEAR[1]]
    late = outside_verifier.answers({"one": GOOD}, NOW, old)["one"]

    assert not foreign["verified"] and not late["verified"]


def test_the_lock_names_hashes_and_no_address() -> None:
    lock = json.loads((outside_verifier.FOLDER / "package-lock.json").read_text("utf-8"))
    packages = [one for name, one in lock["packages"].items() if name]

    assert len(packages) > 20
    assert all(re.fullmatch(r"sha512-[\w+/]{86}==", one["integrity"]) for one in packages)
    assert not any("resolved" in one for one in packages)
