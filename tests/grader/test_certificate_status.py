"""Whether a certificate is in force is read from signed lists, without a network, and nobody can bend them unseen."""

from __future__ import annotations

import copy
import gzip
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grader.certificates import StatusEntry, credential, did, draw, status_list, verify
from grader.certificates import proof as proofs
from grader.certificates.status import ENTRIES
from tests.grader.certificate_facts import ISSUER, KEY, NOW, facts

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
BASE = "https://training.example/"
PLACE = StatusEntry(BASE, 1, 94_567)
GOOD = credential(facts(status=PLACE), ISSUER, KEY)


def listed(
    purpose: str, *places: int, key: Ed25519PrivateKey = KEY, made: datetime = NOW - timedelta(days=1), number: int = 1
) -> dict[str, Any]:
    address = f"https://training.example/status/{purpose}-{number}.json"
    return status_list(address, purpose, places, ISSUER, key, made, made + timedelta(days=7))


def check(*lists: Any, language: str = "en", now: datetime = NOW, document: Any = GOOD) -> Any:
    return verify(document, now, did(KEY), language, lists)


CLEAR = [listed("revocation", 5, 94_566, 94_568), listed("suspension")]


# --- the list, as the standard writes it ------------------------------------------------------------------------------


def test_an_empty_list_is_the_one_that_the_standard_prints() -> None:
    # W3C Recommendation "Bitstring Status List v1.0", 15 May 2025, example 3 (and the note on its 131,072 entries).
    printed = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    ours = CLEAR[1]["credentialSubject"]["encodedList"]

    unpacked = [gzip.decompress(urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))) for text in (printed, ours)]

    assert unpacked[0] == unpacked[1] == bytes(16 * 1024)


def test_the_first_place_is_the_leftmost_bit() -> None:
    # Section 3.1 of the standard: index 0 is the leftmost bit of the bitstring.
    text = listed("revocation", 0, 10)["credentialSubject"]["encodedList"]

    bits = gzip.decompress(urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))

    assert bits[:3] == bytes([0b1000_0000, 0b0010_0000, 0])


def test_a_certificate_names_its_place_in_both_lists_as_text() -> None:
    assert GOOD["credentialStatus"] == [
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": "94567",
            "statusListCredential": f"https://training.example/status/{purpose}-1.json",
        }
        for purpose in ("revocation", "suspension")
    ]


def test_places_are_drawn_from_the_whole_list_and_never_twice() -> None:
    drawn: set[int] = set()
    for _ in range(2000):
        drawn.add(draw(drawn))

    assert len(drawn) == 2000 and min(drawn) >= 0 and max(drawn) < ENTRIES
    # A fair draw leaves any tenth of the list empty once in 10^91 times.
    assert {index * 10 // ENTRIES for index in drawn} == set(range(10))


# --- what a reader is told --------------------------------------------------------------------------------------------


def test_a_certificate_in_force_is_told_with_the_day_of_the_lists() -> None:
    english, chinese = check(*CLEAR), check(*CLEAR, language="zh")

    assert english.ok and english.status == "good"
    assert english.sentences[1] == "It is valid until 2029-11-20." and chinese.sentences[1] == "有效期至2029-11-20。"
    assert english.unsettled == ()
    assert english.sentences[2] == (
        "The issuer's status list of 2026-11-30 09:00 UTC says: not withdrawn and not suspended."
    )
    assert chinese.sentences[2] == "签发机构2026-11-30 09:00 UTC的状态列表显示：未被撤销或暂停。"
    assert not any("register" in sentence for sentence in english.sentences)


def test_one_list_alone_says_only_what_it_knows() -> None:
    only = check(CLEAR[0])

    assert only.ok and only.status is None
    assert only.sentences[0] == (
        "Whether certificate L2-2026-000017 still stands is not known: no status list says whether it was suspended "
        "since."
    )
    assert only.sentences[3].endswith("says: not withdrawn.")
    assert only.sentences[4].endswith("check again with them: https://training.example/status/suspension-1.json.")


def test_without_a_list_the_first_sentence_is_that_the_status_is_not_known_and_the_last_how_to_know_it() -> None:
    english, chinese = check(), check(language="zh")

    assert english.ok and english.status is None
    assert english.sentences[0] == (
        "Whether certificate L2-2026-000017 still stands is not known: no status list says whether it was withdrawn or "
        "suspended since."
    )
    assert english.sentences[-1] == (
        "Get the newest status lists of the issuer and check again with them: "
        "https://training.example/status/revocation-1.json, https://training.example/status/suspension-1.json."
    )
    assert english.unsettled == (english.sentences[0], english.sentences[-1])
    assert chinese.sentences[0] == (
        "证书L2-2026-000017目前是否仍然有效，尚不清楚：没有状态列表说明签发后是否已被撤销或暂停。"
    )
    assert not any("valid until" in sentence for sentence in english.sentences)


def test_what_a_list_says_against_a_certificate_comes_before_its_end() -> None:
    late = check(listed("revocation", 94_567), now=datetime(2030, 1, 1, tzinfo=UTC))

    assert late.sentences[0].startswith("The certificate was withdrawn") and "expired" in late.sentences[1]
    assert not late.expired, "it is more than expired"


@pytest.mark.parametrize(
    ("lists", "status", "sentence"),
    [
        (
            [listed("revocation", 94_567), listed("suspension")],
            "withdrawn",
            "The certificate was withdrawn: so says the issuer's status list of 2026-11-30 09:00 UTC.",
        ),
        (
            [listed("revocation"), listed("suspension", 94_567)],
            "suspended",
            "The certificate is suspended: so says the issuer's status list of 2026-11-30 09:00 UTC.",
        ),
        (
            [listed("revocation", 94_567, made=NOW - timedelta(days=99))],
            "withdrawn",
            "The certificate was withdrawn: so says the issuer's status list of 2026-08-24 09:00 UTC.",
        ),
        (
            [listed("revocation"), listed("suspension", 94_567, made=NOW - timedelta(days=8))],
            None,
            "The status list of 2026-11-23 09:00 UTC is stale, it was meant to serve until 2026-11-30 09:00 UTC: get "
            "the newest one from the issuer.",
        ),
        (
            [listed("revocation", made=NOW + timedelta(days=1))],
            None,
            "The status list is dated 2026-12-02 09:00 UTC, which is still to come: look at the clock of this "
            "computer.",
        ),
        (
            [listed("revocation", key=OTHER)],
            None,
            f"The status list is signed by {did(OTHER)}, which is neither the certificate's issuer nor a key that you "
            "trust.",
        ),
        (
            [listed("revocation", number=2)],
            None,
            "The status list https://training.example/status/revocation-2.json is not one of this certificate, which "
            "names https://training.example/status/revocation-1.json, https://training.example/status/suspension-1.json.",
        ),
    ],
    ids=["withdrawn", "suspended", "withdrawn by an old list", "stale", "of tomorrow", "another issuer's", "another"],
)
def test_what_a_list_says_against_a_certificate_is_one_sentence(
    lists: list[dict[str, Any]], status: str | None, sentence: str
) -> None:
    result = check(*lists)

    assert (result.ok, result.status, result.sentences) == (False, status, (sentence,))
    (chinese,) = check(*lists, language="zh").sentences
    assert chinese.endswith("。") and "{" not in chinese


def test_a_list_of_a_later_key_is_believed_when_the_reader_trusts_that_key() -> None:
    later = listed("revocation", key=OTHER)

    assert verify(GOOD, NOW, [did(KEY), did(OTHER)], lists=[later]).ok


def test_a_certificate_from_before_there_were_lists_says_so() -> None:
    result = check(*CLEAR, document=credential(facts(), ISSUER, KEY))

    assert result.ok and result.status is None
    assert "still stands is not known" in result.sentences[0]
    assert result.sentences[3].startswith("The certificate names no status list")


BENT: dict[str, Callable[[dict[str, Any]], object]] = {
    "place cleared": lambda c: c["credentialSubject"].update(
        encodedList=listed("revocation")["credentialSubject"]["encodedList"]
    ),
    "purpose": lambda c: c["credentialSubject"].update(statusPurpose="suspension"),
    "longer": lambda c: c.update(validUntil="2039-11-20T23:59:59Z"),
    "address": lambda c: c.update(id="https://training.example/status/suspension-1.json"),
    "relative address": lambda c: c.update(id="status.json"),
    "no proof": lambda c: c.pop("proof"),
    "extra member": lambda c: c.update(note="all good"),
}


@pytest.mark.parametrize("what", BENT)
def test_a_list_that_somebody_bent_is_refused_in_one_sentence(what: str) -> None:
    bent = copy.deepcopy(listed("revocation", 94_567))
    BENT[what](bent)

    for language in ("en", "zh"):
        result = check(bent, language=language)
        assert not result.ok and len(result.sentences) == 1


def signed(encoded: Any) -> dict[str, Any]:
    """A list whose signature holds, whatever it contains."""
    document = {name: value for name, value in listed("revocation").items() if name != "proof"}
    document["credentialSubject"] = {**document["credentialSubject"], "encodedList": encoded}
    return proofs.add_proof(document, KEY, "2026-11-30T09:00:00Z")


@pytest.mark.parametrize(
    "encoded",
    [
        "zabc", "u", "uAAAA", "u" + "H4sIAAAAAAAAA" * 3, 7,
        status_list("https://a.example/x", "revocation", (), ISSUER, KEY, NOW, NOW + timedelta(1))["id"],
    ],
)  # fmt: skip
def test_a_signed_list_that_cannot_be_unpacked_is_refused_too(encoded: Any) -> None:
    result = check(signed(encoded))

    assert not result.ok and len(result.sentences) == 1


def test_a_small_file_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = "u" + urlsafe_b64encode(gzip.compress(bytes(50_000_000))).decode().rstrip("=")

    assert check(signed(bomb)).sentences == ("This is no status list as we publish it: its list cannot be unpacked.",)


@pytest.mark.parametrize("garbage", ["", "[]", b"\xff\xfe", "{}", '{"id": 1, "id": 2}', GOOD])
def test_what_is_no_list_is_told_as_such(garbage: Any) -> None:
    (sentence,) = check(garbage).sentences

    assert sentence.startswith("This is no status list")


def test_a_status_that_was_moved_to_another_place_breaks_the_signature() -> None:
    moved = copy.deepcopy(GOOD)
    moved["credentialStatus"][0]["statusListIndex"] = "5"
    dropped = {name: value for name, value in GOOD.items() if name != "credentialStatus"}
    relative = copy.deepcopy(GOOD)
    relative["credentialStatus"][0]["statusListCredential"] = "revocation-1.json"

    assert [check(*CLEAR, document=one).ok for one in (moved, dropped, relative)] == [False, False, False]
