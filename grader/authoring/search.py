"""Find items by words and by the entries of their headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grader.model import Framework, Item

__all__ = ["FILTERS", "search", "words_of"]

FILTERS = ("domain", "level", "kind", "statement", "cognitive", "use", "status", "case", "source")


def search(
    framework: Framework, items: Iterable[Item], words: Iterable[str], filters: Mapping[str, str | int | None]
) -> list[Item]:
    """Items that hold every word, in any case and either language, in text, id or statement, and fit every filter."""
    wanted = [word.casefold() for word in words]
    found = []
    for item in items:
        if all(value is None or _fits(item, name, value) for name, value in filters.items()):
            text = words_of(item, framework).casefold()
            if all(word in text for word in wanted):
                found.append(item)
    return found


def words_of(item: Item, framework: Framework) -> str:
    """Everything of an item that a person could remember of it."""
    question = item.body["question"]
    statement = framework.statement(item.statement).text
    texts = [question.stem, statement, *(one.text for one in (*question.options, *question.targets, *question.rubric))]
    texts += [one.reason for one in question.options if one.reason] + ([question.reasons] if question.reasons else [])
    return "\n".join([item.id, *item.sources, *(text.en for text in texts), *(text.zh for text in texts)])


def _fits(item: Item, name: str, value: str | int) -> bool:
    if name == "source":
        return value in item.sources
    return bool(getattr(item, name) == value)
