"""Signs and checks a credential: Ed25519 keys, ``did:key`` issuers and the ``eddsa-rdfc-2022`` data integrity proof.

The proof is computed as W3C "Data Integrity EdDSA Cryptosuites v1.0" section 3.2 says, with the JSON-LD contexts that
lie beside this module: no context is ever fetched, an unknown one is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import base58
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..errors import AcademyError, InputError

__all__ = [
    "CONTEXTS", "CREDENTIAL_CONTEXTS", "RECORD_CONTEXTS", "VC", "add_proof", "compacted", "did", "load_key", "loader",
    "new_key", "proof_holds", "public_key", "salt"
]  # fmt: skip

VC = "https://www.w3.org/ns/credentials/v2"
CONTEXTS = {
    VC: "credentials-v2.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "open-badges-3.0.3.jsonld",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": "clr-2.0.1.jsonld",
}
"""The contexts that this program knows, and their files; see ``contexts/NOTICE`` for where they come from."""
CREDENTIAL_CONTEXTS = tuple(CONTEXTS)[:2]
"""The contexts of a certificate, in their order."""
RECORD_CONTEXTS = (VC, tuple(CONTEXTS)[2], tuple(CONTEXTS)[1])
"""The contexts of a learner record, in the order of the standard's own example."""

_ED25519 = b"\xed\x01"  # multicodec prefix of an Ed25519 public key


def new_key(path: Path) -> Ed25519PrivateKey:
    """Make an Ed25519 key and write it to ``path`` as PEM, readable by its owner alone.

    Raises InputError when the file exists already: a key that is overwritten can never sign again.
    """
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InputError(f"{path.name}: wanted a new key, found one already; move it away before making another") from (
            error
        )
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return key


def load_key(path: Path) -> Ed25519PrivateKey:
    """Read the key that :func:`new_key` wrote; InputError when it is missing, no Ed25519 key, or open to others."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path.name}: wanted the centre's signing key, it cannot be read ({error.strerror}); restore it from its "
            "safe copy or make a new one"
        ) from error
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise InputError(f"{path.name}: a signing key must be readable by its owner alone; run: chmod 600 {path.name}")
    try:
        key = serialization.load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InputError(f"{path.name}: wanted an Ed25519 key in PEM without a password, got something else") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path.name}: wanted an Ed25519 key, got one of another kind")
    return key


def did(key: Ed25519PrivateKey) -> str:
    """The ``did:key`` of the public half: the issuer's name, from which anybody gets the key that checks a proof."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return "did:key:z" + base58.b58encode(_ED25519 + raw).decode()


def public_key(issuer: str) -> Ed25519PublicKey:
    """The key inside a ``did:key``; ValueError when the text is none of an Ed25519 key."""
    if not issuer.startswith("did:key:z"):
        raise ValueError(f"wanted did:key:z..., got {issuer[:40]!r}")
    raw = base58.b58decode(issuer.removeprefix("did:key:z"))
    if not raw.startswith(_ED25519) or len(raw) != 34:
        raise ValueError("the did:key holds no Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def salt(key: Ed25519PrivateKey, number: str) -> str:
    """The salt of a certificate's hashed identities: unguessable without the key, the same when computed again."""
    raw = key.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    return HKDF(SHA256(), length=16, salt=number.encode(), info=b"certificate identity salt").derive(raw).hex()


@lru_cache
def _context(url: str) -> Any:
    return json.loads((Path(__file__).parent / "contexts" / CONTEXTS[url]).read_text(encoding="utf-8"))


def loader(url: str, _options: Any = None) -> dict[str, Any]:
    """PyLD's document loader, from this folder alone: an unknown address raises and is never asked for."""
    if url not in CONTEXTS:
        raise AcademyError(f"the context {url[:80]!r} is not one that this program knows, and it fetches none")
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": _context(url)}


def canonical_rdf(document: Mapping[str, Any], documents: Any = loader) -> str:
    """The document as sorted N-Quads (RDFC-1.0, which PyLD still calls by its older name URDNA2015)."""
    from pyld import jsonld  # only who signs or checks waits for it

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": documents}
    return str(jsonld.normalize(dict(document), options))


def compacted(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document written again from what its contexts define: a member that they do not know is gone."""
    from pyld import jsonld

    return dict(jsonld.compact(dict(document), document["@context"], {"documentLoader": loader}))


def _hash_data(document: Mapping[str, Any], proof: Mapping[str, Any], documents: Any) -> bytes:
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options["@context"] = document["@context"]
    return b"".join(hashlib.sha256(canonical_rdf(part, documents).encode()).digest() for part in (options, unsecured))


def add_proof(
    document: Mapping[str, Any], key: Ed25519PrivateKey, created: str, documents: Any = loader
) -> dict[str, Any]:
    """The document with its ``eddsa-rdfc-2022`` proof by ``key``; ``created`` is ISO 8601, UTC, whole seconds."""
    issuer = did(key)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": f"{issuer}#{issuer.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_hash_data(document, proof, documents))
    return {**document, "proof": {**proof, "proofValue": "z" + base58.b58encode(signature).decode()}}


def proof_holds(document: Mapping[str, Any], issuer: str, documents: Any = loader) -> bool:
    """Whether the document's proof is a true signature over it by the key inside the issuer's ``did:key``."""
    proof = document["proof"]
    try:
        signature = base58.b58decode(str(proof["proofValue"]).removeprefix("z"))
        public_key(issuer).verify(signature, _hash_data(document, proof, documents))
    except (InvalidSignature, ValueError):
        return False
    return True
