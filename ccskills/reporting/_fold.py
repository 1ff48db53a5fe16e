"""How a text is folded into lines: between words, and in Chinese where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate, pairwise

__all__ = ["CHINESE", "fold", "longest_part", "shortened", "width_of"]

CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
# What never begins a line, and what never ends one.
CLOSING, OPENING = "，。、；：？！）》〉】」』”’…％%,.;:?!)]", "（《〈【「『“‘(["
# What a break costs by its place: a pause, a part of a word, beside Latin letters or figures, inside a Chinese phrase
# (a library without a dictionary does not know its words), inside a word.
PAUSE, PART, BESIDE, PHRASE, WORD = 0.0, 0.3, 8.0, 12.0, 200.0
LINE = 1.5  # a further line: dearer than any ragged edge, cheaper than a cut phrase


def width_of(text: str) -> int:
    """Room that a text takes, in Latin letters: a Chinese character takes two.

    >>> width_of("AHT"), width_of("平均处理时长（AHT）")
    (3, 19)
    """
    return len(text) + len(CHINESE.findall(text))


def fold(text: str, width: int) -> str:
    r"""The text in lines of at most `width` Latin letters, as few and as even as they can be.

    Lines break between words, behind "_", "/" and "-", and in Chinese at punctuation; inside a Chinese phrase only
    where it is longer than a line. No line begins with a closing mark or ends with an opening one.

    >>> fold("package change (new tariff)", 15)
    'package change\n(new tariff)'
    >>> fold("平均处理时长（AHT）（20%）", 24)
    '平均处理时长\n（AHT）（20%）'
    """
    words = " ".join(text.split())
    if width_of(words) <= width:
        return words
    costs = [_cost(words, at) for at in range(len(words) + 1)]
    room = [0, *accumulate(map(width_of, words))]
    # best[k]: the least cost of the first k letters, and where their last line begins
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        found = (float("inf"), end - 1)
        for start in range(end - 1, -1, -1):
            wide = room[end] - room[start] - (words[start] == " ") - (words[end - 1] == " ")
            if wide > width and found[0] < float("inf"):
                break  # what may not be cut, such as a row of marks, is let stand out
            spare = max(0.0, 1 - wide / width)
            found = min(found, (best[start][0] + costs[start] + LINE + spare * spare, start))
        best.append(found)
    cuts = [len(words)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    edges = cuts[::-1]
    return "\n".join(words[a:b].strip() for a, b in pairwise(edges))


def _cost(text: str, at: int) -> float:
    """What it costs to break before the letter at a place; no number where no line may break."""
    if at in (0, len(text)):
        return 0.0
    before, after = text[at - 1], text[at]
    if after in CLOSING or before in OPENING:
        return float("inf")
    if before.isspace():
        return PAUSE
    if after.isspace():
        return float("inf")
    chinese = bool(CHINESE.match(before)), bool(CHINESE.match(after))
    if (before in CLOSING or after in OPENING) and any(chinese):
        return PAUSE
    if all(chinese):
        return PHRASE
    if any(chinese):
        return PHRASE if before.isdigit() or before == "第" else BESIDE
    hyphen = before == "-" and text[: at - 1][-1:].islower() and after.islower()
    return PART if hyphen or (before in "_/" and after.isalnum()) else WORD


def longest_part(names: Iterable[str]) -> int:
    """Room that the longest part takes of all that names are folded between, Chinese phrases whole.

    >>> longest_part(["hold_handling", "线路故障（需上门）"])
    10
    """
    return max((width_of(part) for name in names for part in _parts(name)), default=0)


def _parts(text: str) -> list[str]:
    """What a text is folded between without cutting a word or a Chinese phrase."""
    words = " ".join(text.split())
    cuts = [at for at in range(1, len(words)) if _cost(words, at) <= PART]
    edges = [0, *cuts, len(words)]
    return [words[a:b].strip() for a, b in pairwise(edges)]


def shortened(text: str, most: int) -> str:
    """The text, or as much of it as takes the room of `most` Latin letters."""
    while width_of(text) > most:
        text = text.removesuffix("…")[:-1].rstrip(" ，、；：（(") + "…"
    return text
