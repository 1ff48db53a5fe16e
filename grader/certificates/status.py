"""Status lists (W3C Bitstring Status List 1.0): which certificates are withdrawn or suspended, as one signed file each.

A certificate names its list and a place in it; the place is drawn at random, so that the list tells nothing to anybody
who does not hold the certificate.
"""

from __future__ import annotations

import base64
import gzip
import secrets
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..model import Bilingual
from ._reading import TIME, Refused, Shape, moment, read_signed
from .facts import Issuer, StatusEntry
from .proof import VC, add_proof, did

__all__ = ["ENTRIES", "STATUS_PURPOSES", "StatusList", "draw", "entries", "list_address", "read_list", "status_list"]

ENTRIES = 131_072
"""Places of a list; the fewest that the standard allows (16 KB), so that nobody is known by his place."""
STATUS_PURPOSES = ("revocation", "suspension")
"""One list for each: the first is final, the second passes."""
_MOST_BYTES = 1 << 21

_SHAPE = Shape(
    contexts=(VC,),
    context_name="W3C Verifiable Credentials 2.0",
    types=frozenset(
        ("VerifiableCredential", "BitstringStatusListCredential", "BitstringStatusList", "DataIntegrityProof")
    ),
    required=("id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "proof"),
    ids=r"https?://[^\s/]|did:key:z",
    say={
        "garbage": Bilingual(
            "This is no status list: wanted the JSON file that the issuer publishes, {reason}.",
            "这不是状态列表：应为签发机构公布的JSON文件，但{reason}。",
        ),
        "kind": Bilingual(
            "This is no status list as we publish it: {reason}.", "这不是本系统公布的状态列表：{reason}。"
        ),
        "altered": Bilingual(
            "The status list was altered or forged: its signature does not fit what it says.",
            "状态列表已被篡改或伪造：签名与内容不符。",
        ),
    },
    limit=8_000_000,
)


@dataclass(frozen=True)
class StatusList:
    """A list that was read and whose signature holds."""

    address: str
    purpose: str
    issuer: str
    made: datetime
    ends: datetime
    bits: bytes

    def is_set(self, index: int) -> bool:
        """Whether the certificate at this place is withdrawn or suspended; IndexError past the end."""
        return bool(self.bits[index // 8] >> (7 - index % 8) & 1)


def draw(taken: Collection[int] = ()) -> int:
    """A place that nobody can guess and that is not taken."""
    while (index := secrets.randbelow(ENTRIES)) in taken:
        pass
    return index


def list_address(base: str, purpose: str, number: int) -> str:
    """Where a list can be read.

    >>> list_address("https://training.example/", "suspension", 2)
    'https://training.example/status/suspension-2.json'
    """
    return f"{base.rstrip('/')}/status/{purpose}-{number}.json"


def entries(place: StatusEntry) -> list[dict[str, Any]]:
    """What a credential says about its place in the lists."""
    return [
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(place.index),
            "statusListCredential": list_address(place.base, purpose, place.number),
        }
        for purpose in STATUS_PURPOSES
    ]


def status_list(
    address: str,
    purpose: str,
    set_places: Collection[int],
    issuer: Issuer,
    key: Ed25519PrivateKey,
    made: datetime,
    ends: datetime,
) -> dict[str, Any]:
    """The signed list in which the given places are set."""
    bits = bytearray(ENTRIES // 8)
    for index in set_places:
        bits[index // 8] |= 1 << (7 - index % 8)
    packed = gzip.compress(bytes(bits), mtime=0)
    document = {
        "@context": [VC],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": did(key), "name": f"{issuer.name.en} · {issuer.name.zh}"},
        "validFrom": made.strftime(TIME),
        "validUntil": ends.strftime(TIME),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": "u" + base64.urlsafe_b64encode(packed).decode().rstrip("="),
        },
    }
    return add_proof(document, key, made.strftime(TIME))


def read_list(document: Mapping[str, Any] | str | bytes) -> StatusList:
    """A list whose signature holds; raises :class:`Refused` with the sentence that says what is wrong."""
    found, who = read_signed(document, _SHAPE)
    try:
        subject = found["credentialSubject"]
        if subject["type"] != "BitstringStatusList" or subject["statusPurpose"] not in STATUS_PURPOSES:
            raise ValueError(subject["type"])
        bits = _unpacked(subject["encodedList"])
    except (KeyError, TypeError, ValueError, AttributeError, zlib.error) as error:
        raise Refused(_SHAPE.say["kind"], "its list cannot be unpacked", "其中的列表无法解开") from error
    made, ends = moment(found["validFrom"]), moment(found["validUntil"])
    return StatusList(found["id"], subject["statusPurpose"], who, made, ends, bits)


def _unpacked(text: str) -> bytes:
    if not text.startswith("u"):
        raise ValueError("not multibase base64url")
    packed = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    unpack = zlib.decompressobj(wbits=31)
    bits = unpack.decompress(packed, _MOST_BYTES)  # a small file may unpack to anything
    if unpack.unconsumed_tail or not unpack.eof or len(bits) * 8 < ENTRIES:
        raise ValueError("not a list of the standard's length")
    return bits
