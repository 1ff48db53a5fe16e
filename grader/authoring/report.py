"""`docs/bank-report.md`: what the bank holds and how sound it is, counted from the items and their histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from grader.authoring.cover import Cover, cover
from grader.authoring.shelf import Shelf
from grader.bank import Bank, check, hints, prove_all
from grader.bank.giveaways import keys_by_place, longest_right, twins
from grader.bank.history import READING
from grader.bank.proofs import shown_length
from grader.bank.wording import reading
from grader.model import COGNITIVE, KINDS, LANGUAGES, Item

__all__ = ["Agreement", "agreement", "report"]

WANTED = 0.98
"""Share of readers' first answers that agree with the key, in each language."""
LANGUAGE = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True)
class Agreement:
    """What readers without the key answered, in one language."""

    readings: int
    agreed: int
    differed: int
    unclear: int
    items: int
    """Items that somebody has read."""
    last_agreed: int
    """Items of these whose latest reading agreed: what is left after disagreements were settled."""
    first_agreed: int
    """Items of these whose first reading agreed: what the bank was worth before."""

    @property
    def share(self) -> float | None:
        """Share of items whose latest reading agreed; None when nothing was read."""
        return self.last_agreed / self.items if self.items else None


def agreement(items: Iterable[Item], language: str) -> Agreement:
    """Count the readings of one language in the histories."""
    keys: Counter[str] = Counter()
    first = last = read = 0
    for item in items:
        found = [
            str(line["key"])
            for line in item.history
            if line.get("role") == "second reader" and line.get("language") == language and line.get("key")
        ]
        keys.update(found)
        if found:
            read += 1
            first += found[0] == "agreed"
            last += found[-1] == "agreed"
    agreed, differed, unclear = (keys[name] for name in READING)
    return Agreement(sum(keys.values()), agreed, differed, unclear, read, last, first)


def report(shelf: Shelf) -> str:
    """The page, in Markdown; the same bank gives the same page."""
    held = {name: item for name, item in shelf.items.items() if item.status != "retired"}
    items = list(held.values())
    found = cover(shelf.framework, shelf.scheme, items)
    parts = [
        "# The question bank in figures\n",
        "Made by `./academy bank report` from the items themselves; do not edit. "
        "How items are written, read and approved: [authoring guide](authoring.md).\n",
        *_summary(shelf.bank, items, found),
        *_readers(items),
        *_levels(found),
        *_mix(items),
        *_lengths(items),
        *_places(items),
        *_alike(held),
        *_holes(found),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [
        "| " + " | ".join(head) + " |",
        "|" + "|".join("---" if n == 0 else "---:" for n in range(len(head))) + "|",
    ]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _summary(bank: Bank, items: Sequence[Item], found: Cover) -> Iterator[str]:
    problems = len(bank.problems) + len(prove_all(items)) + len(check(bank))
    noted = sum(len(hints(item)) for item in items)
    uses = Counter(item.use for item in items)
    states = Counter(item.status for item in items)
    yield "## At a glance\n"
    yield _table(
        ("what", "count"),
        [
            ("items (retired ones not counted)", len(items)),
            *((f"for use in {name}", uses[name]) for name in ("exam", "practice", "pilot")),
            *((f"state {name}", states[name]) for name in ("draft", "review", "approved", "pilot", "live")),
            ("statements with all the items that they need", sum(one.full for one in found.statements)),
            ("statements in all", len(found.statements)),
            ("open problems (`bank check`)", problems),
            ("hints on wording", noted),
            ("drafted with the help of a language model", sum(_model(item) for item in items)),
        ],
    )


def _model(item: Item) -> bool:
    return any("language model" in str(line.get("note", "")) for line in item.history if line.get("role") == "author")


def _readers(items: Sequence[Item]) -> Iterator[str]:
    yield "## Readers who saw no key\n"
    yield (
        "A reader answers an item in one language and sees neither key nor reasons. `unclear`: the question could be "
        "read in more than one way. A disagreement is settled in the item or in its key, and the item is read again; "
        "the last column counts that.\n"
    )
    rows = []
    for language in LANGUAGES:
        one = agreement(items, language)
        rows.append(
            (
                LANGUAGE[language],
                one.items,
                one.readings,
                one.agreed,
                one.differed,
                one.unclear,
                _percent(one.first_agreed, one.items),
                _percent(one.last_agreed, one.items),
            )
        )
    head = ("language", "items read", "readings", "agreed", "differed", "unclear", "agreed at first", "agree now")
    yield _table(head, rows)
    yield f"Wanted: {WANTED:.0%} in each language.\n"


def _percent(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _levels(found: Cover) -> Iterator[str]:
    yield "## Levels\n"
    yield "`forms`: full forms without a common item that the approved exam items make, counted by domain.\n"
    head = ("level", "items", "exam, approved", *COGNITIVE, "with figures", "in case sets", "forms")
    rows = []
    for one in found.levels:
        count = sum(one.kinds.values())
        mix = [_percent(one.cognitive[name], one.exam) for name in COGNITIVE]
        shares = [f"{one.numbers:.0%}" if count else "-", f"{one.cases:.0%}" if count else "-"]
        rows.append((one.level, count, one.exam, *mix, *shares, one.forms))
    yield _table(head, rows)


def _mix(items: Sequence[Item]) -> Iterator[str]:
    yield "## Kinds\n"
    count = Counter((item.level, item.kind) for item in items)
    kinds = [kind for kind in KINDS if any(item.kind == kind for item in items)]
    rows = [(level, *(count[level, kind] for kind in kinds)) for level in sorted({item.level for item in items})]
    yield _table(("level", *kinds), rows)


def _lengths(items: Sequence[Item]) -> Iterator[str]:
    yield "## Lengths\n"
    yield "Sentences: the longest one of a stem. School years: Flesch and Kincaid, of the English stem.\n"
    read = [reading(item) for item in items]
    stems = [[len(item.body["question"].stem.say(language)) for item in items] for language in LANGUAGES]
    named: list[tuple[str, Sequence[float]]] = [
        ("characters of an English stem", stems[0]),
        ("characters of a Chinese stem", stems[1]),
        ("words of an English sentence", [one["words"] for one in read]),
        ("characters of a Chinese sentence", [one["characters"] for one in read]),
        ("school years", [one["grade"] for one in read]),
        ("minutes", [item.minutes for item in items]),
    ]
    yield _table(
        ("what", "median", "most"),
        [(name, f"{median(values):.4g}", f"{max(values):.4g}") for name, values in named if values],
    )


def _places(items: Sequence[Item]) -> Iterator[str]:
    choices = [item for item in items if item.kind == "choice"]
    yield "## Where the key stands\n"
    yield "Choices only, in the order of the source; a form shuffles the options again.\n"
    yield _table(("right option", "items"), keys_by_place(choices).items())
    rows: list[tuple[object, ...]] = []
    for language in LANGUAGES:
        longest = sum(longest_right(item, language) for item in choices)
        rows.append((LANGUAGE[language], len(choices), longest, _percent(longest, len(choices)), _chance(choices)))
        sizes = [shown_length(one.text.say(language)) for item in choices for one in item.body["question"].options]
        rows[-1] += (f"{median(sizes):.4g}" if sizes else "-",)
    head = ("language", "choices", "right one the longest", "share", "by chance", "median length of an option")
    yield _table(head, rows)


def _chance(choices: Sequence[Item]) -> str:
    return _percent(sum(1 / len(item.body["question"].options) for item in choices), len(choices))


def _alike(items: Mapping[str, Item]) -> Iterator[str]:
    yield "## Items that resemble each other\n"
    pairs = twins(items)
    if not pairs:
        yield "None share so many runs of three words that they would have to be enemies.\n"
        return
    yield "Pairs that share many runs of three words; those that are enemies never meet on a form.\n"
    rows = [
        (f"`{one}`, `{two}`", f"{share:.0%}", "yes" if two in items[one].enemies or one in items[two].enemies else "no")
        for one, two, share in pairs
    ]
    yield _table(("pair", "in common", "enemies"), rows)


def _holes(found: Cover) -> Iterator[str]:
    yield "## What is missing\n"
    if not found.holes:
        yield "Nothing: every statement has its items and every level its forms.\n"
        return
    levels = [hole for hole in found.holes if hole.startswith("level")]
    yield "".join(f"- {hole}\n" for hole in levels)
    short = [one for one in found.statements if not one.full]
    if short:
        count = f"{len(short)} of {len(found.statements)}"
        yield f"Statements that lack items, {count}; `./academy bank cover` says which items:\n"
        cells: dict[str, list[str]] = {}
        for one in short:
            cells.setdefault(one.code.split(".")[0], []).append(one.code.split(".")[1])
        yield "\n".join(f"- {cell}: {', '.join(codes)}" for cell, codes in cells.items()) + "\n"
