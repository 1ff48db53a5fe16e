"""What only all items side by side show: a key that place or length gives away, equal and nearly equal questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from grader.bank.likeness import alike
from grader.bank.proofs import at, shown_length
from grader.errors import Problem
from grader.model import LANGUAGES, Bilingual, Item

__all__ = ["check_items", "keys_by_place", "longest_right", "own_stem", "twins"]

GIVE_AWAY = 0.05
"""A regularity of right options is named when chance alone would show it, or more, less often than this."""
ENEMIES_FROM = 0.45
"""Share of word runs in common from which two items must name each other as enemies, so that no form holds both."""
SAME_FROM = 0.8
"""Share from which two items are one and the same question."""


def check_items(items: Mapping[str, Item]) -> list[Problem]:
    """What :func:`grader.bank.check` says."""
    choices = [item for item in items.values() if item.kind == "choice"]
    return [*_enemies(items), *_repeated(items), *_twins(items), *_lengths(choices), *_places(choices)]


def own_stem(item: Item) -> Bilingual:
    """The stem without the case that stands above it."""
    stem: Bilingual = item.body["question"].stem
    case: Bilingual | None = item.body.get("case")
    return Bilingual(stem.en[len(case.en) :].strip(), stem.zh[len(case.zh) :].strip()) if case else stem


def longest_right(item: Item, language: str) -> bool:
    """Whether the right option of a choice is longer than every other one."""
    length = {one.id: shown_length(one.text.say(language)) for one in item.body["question"].options}
    most = max(length.values())
    return [key for key, value in length.items() if value == most] == [item.body["question"].key]


def keys_by_place(choices: Sequence[Item]) -> dict[str, int]:
    """How many choices have their right option first (a), second (b), ... in the source."""
    return dict(sorted(Counter(item.body["question"].key for item in choices).items()))


def twins(items: Mapping[str, Item]) -> list[tuple[str, str, float]]:
    """Pairs of items whose words are nearly the same, with the larger of their likenesses in the two languages."""
    found: dict[tuple[str, str], float] = {}
    for language in LANGUAGES:
        texts = {name: _words(item, language) for name, item in items.items()}
        for one, two, share in alike(texts, ENEMIES_FROM):
            found[one, two] = max(share, found.get((one, two), 0.0))
    return [(one, two, share) for (one, two), share in sorted(found.items())]


def _words(item: Item, language: str) -> str:
    question = item.body["question"]
    shown = [own_stem(item), *(one.text for one in question.options), *(one.text for one in question.targets)]
    return "\n".join(text.say(language) for text in shown)


def _enemies(items: Mapping[str, Item]) -> Iterator[Problem]:
    for item in items.values():
        for number, enemy in enumerate(item.enemies):
            if enemy not in items or enemy == item.id:
                yield at(item, "en", f"`enemies` entry {number + 1}, {enemy!r}, is no other item of the bank")


def _repeated(items: Mapping[str, Item]) -> Iterator[Problem]:
    for language, name in (("en", "English"), ("zh", "Chinese")):
        stems: dict[str, Item] = {}
        for item in items.values():
            stem = item.body["question"].stem.say(language)
            if stem in stems:
                yield at(item, language, f"the {name} stem is word for word that of {stems[stem].id}")
            stems.setdefault(stem, item)


def _twins(items: Mapping[str, Item]) -> Iterator[Problem]:
    for one, two, share in twins(items):
        first, second = items[one], items[two]
        if own_stem(first) == own_stem(second):
            continue  # named as word for word the same
        if share >= SAME_FROM:
            yield at(
                second, "en", f"{share:.0%} of its words are those of {one}: retire one, or make one ask another thing"
            )
        elif two not in first.enemies and one not in second.enemies:
            yield at(
                second, "en", f"{share:.0%} of its words are those of {one}; reword it, or put {one} under `enemies`"
            )


def _lengths(choices: Sequence[Item]) -> Iterator[Problem]:
    for language in LANGUAGES:
        longest = [item.id for item in choices if longest_right(item, language)]
        if _too_many(len(longest), choices):
            yield Problem(
                "items",
                f"in {language} the right option is the longest in {len(longest)} of {len(choices)} choice items, "
                f"more than chance gives; shorten it or lengthen a wrong one in: {', '.join(longest)}",
            )


def _places(choices: Sequence[Item]) -> Iterator[Problem]:
    for place, count in keys_by_place(choices).items():
        if _too_many(count, choices):
            yield Problem(
                "items",
                f"option {place} is the right one in {count} of {len(choices)} choice items, more than chance gives",
            )


def _too_many(count: int, choices: Sequence[Item]) -> bool:
    from scipy.special import bdtrc  # a quarter of a second that one item alone does not need

    if not choices:
        return False
    chance = sum(1 / len(item.body["question"].options) for item in choices) / len(choices)
    return bool(bdtrc(count - 1, len(choices), chance) < GIVE_AWAY)
