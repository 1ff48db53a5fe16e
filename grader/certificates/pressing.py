"""Signs and draws certificates; where there are many, all processors share the work."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import AcademyError
from ..model import LANGUAGES
from .credential import credential
from .facts import Facts, Issuer
from .paper import pdf
from .proof import load_key

__all__ = ["Pressed", "press", "press_all"]

_FEW = 24
"""So many are made sooner than other processes are started."""


@dataclass(frozen=True)
class Pressed:
    """A signed credential and its papers by language."""

    document: Mapping[str, Any]
    papers: Mapping[str, bytes]


def press(facts: Facts, issuer: Issuer, key: Path) -> Pressed:
    """Sign the credential of these facts with the key in the file, and draw its papers."""
    document = credential(facts, issuer, load_key(key))
    return Pressed(document, {one: pdf(facts, issuer, document, one) for one in LANGUAGES})


def press_all(all_facts: Iterable[Facts], issuer: Issuer, key: Path) -> Iterator[Pressed | str]:
    """The same for many, in their order; of one that cannot be made the sentence that says why."""
    waiting = list(all_facts)
    if len(waiting) <= _FEW:
        yield from (_pressed(facts, issuer, key) for facts in waiting)
        return
    # Other processes start afresh: one that is copied would share the open registry.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), fresh) as pool:
        count = len(waiting)
        yield from pool.map(_pressed, waiting, [issuer] * count, [key] * count, chunksize=8)


def _pressed(facts: Facts, issuer: Issuer, key: Path) -> Pressed | str:
    try:
        return press(facts, issuer, key)
    except AcademyError as error:
        return str(error)
