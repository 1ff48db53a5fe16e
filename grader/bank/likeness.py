"""Which texts of many share most of their runs of words, found in a time that grows with the texts, not their pairs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations

__all__ = ["alike", "runs"]

RUN = 3
"""Words, or Chinese characters, of a run."""
COMMON = 25
"""A run that stands in more texts than this is the house's way of speaking and tells nothing of likeness."""
LEAST = 8
"""Runs that a text must have to be compared."""
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[\u3400-\u9fff]|\d+(?:[.,]\d+)*|\{\{\s*\w+\s*\}\}")


def runs(text: str) -> frozenset[str]:
    """Every run of three words of the text; all numbers, drawn ones too, are alike.

    >>> sorted(runs("Calls in {{n}} minutes"))
    ['calls in 0', 'in 0 minutes']
    """
    words = ["0" if word[0] in "{0123456789" else word for word in WORD.findall(text.casefold())]
    return frozenset(" ".join(words[place : place + RUN]) for place in range(len(words) - RUN + 1))


def alike(texts: Mapping[str, str], least: float) -> list[tuple[str, str, float]]:
    """Pairs of names whose texts share at least so much of the shorter one's runs, with that share."""
    found = {name: runs(text) for name, text in texts.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for name, own in found.items():
        for run in own:
            holders[run].append(name)
    common = {run for run, names in holders.items() if len(names) > COMMON}
    sizes = {name: len(own - common) for name, own in found.items()}
    shared: Counter[tuple[str, str]] = Counter()
    for run, names in holders.items():
        if run not in common and len(names) > 1:
            shared.update(combinations(sorted(names), 2))
    pairs = []
    for (one, two), count in shared.items():
        size = min(sizes[one], sizes[two])
        if size >= LEAST and count / size >= least:
            pairs.append((one, two, count / size))
    return sorted(pairs)
