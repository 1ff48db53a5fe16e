"""What every stage says: languages, kinds, the one way to write a value down, a text in both languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "COGNITIVE",
    "CREDIT",
    "KINDS",
    "LANGUAGES",
    "Bilingual",
    "canonical",
    "digest",
]

LANGUAGES = ("en", "zh")
KINDS = ("choice", "multi", "number", "order", "match", "text", "code")
COGNITIVE = ("R", "A", "E")
CREDIT: Mapping[str, tuple[str, ...]] = {
    "choice": ("all or nothing",),
    "multi": ("right minus wrong", "each option", "all or nothing"),
    "number": ("within tolerance",),
    "order": ("pairs in order", "all or nothing"),
    "match": ("right pairs", "all or nothing"),
    "text": ("rubric",),
    "code": ("tests",),
}
"""The rules of partial credit that a scheme may name for each kind, the standard one first."""


def canonical(value: Any) -> str:
    """The one way in which a value is written before it is hashed or signed: sorted keys, no spaces, UTF-8.

    >>> canonical({"b": 1, "a": "班组长"})
    '{"a":"班组长","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical text of ``value`` (or of the bytes, if it is bytes)."""
    data = value if isinstance(value, bytes) else canonical(value).encode()
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Bilingual:
    """One text in both languages; every text that a learner sees is one of these."""

    en: str
    zh: str

    def say(self, language: str) -> str:
        """The text in ``language`` (``en`` or ``zh``)."""
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
        return self.en if language == "en" else self.zh
