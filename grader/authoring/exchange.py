"""Items out to other systems and back: what a format and the bank's own rules leave behind is said item by item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from grader import exchange
from grader.authoring.shelf import Shelf, write_whole
from grader.bank import draw, load_one
from grader.bank.header import ID, RULES
from grader.bank.source import Draft, Text, compose
from grader.errors import InputError, Problem
from grader.exchange import Carried, Choice
from grader.model import LANGUAGES, Item, Question

__all__ = ["Taken", "carried", "export", "take_in"]

NO_CODE = "the question: no such format carries tests of code"
NEVER = {
    "qti": "status, history, enemies and the code of draws",
    "gift": "status, history, enemies, the code of draws and partial credit other than Moodle's",
    "moodle": "status, history, enemies and the code of draws",
}
"""What no item takes along in a format."""
TAGS = ("statement", "cognitive", "minutes", "use", "difficulty", "version", "case")
DEFAULTS: Mapping[str, Any] = {"cognitive": "A", "minutes": 2, "use": "practice", "difficulty": 0.6}


def carried(item: Item, language: str) -> list[Carried]:
    """The item in one language as a file of exchange holds it: each reviewed draw is a question of its own."""
    return [_carried(item, draw(item, seed), language) for seed in item.variants or _seeds(item)]


def _seeds(item: Item) -> tuple[int | None, ...]:
    return (1,) if item.body["draw"] else (None,)


def _carried(item: Item, question: Question, language: str) -> Carried:
    rights = {target.id: target.text.say(language) for target in question.targets}
    pairs = [(one.text.say(language), rights[question.key[one.id]]) for one in question.options] if rights else []
    used = {right for _, right in pairs}
    spare = [("", right) for right in rights.values() if right not in used]
    choices = () if rights else tuple(_choice(one, language) for one in question.options)
    tags = {name: str(getattr(item, name)) for name in TAGS if getattr(item, name) is not None}
    return Carried(
        name=item.id if question.variant is None else f"{item.id}.{question.variant}",
        kind=item.kind,
        stem=question.stem.say(language),
        choices=choices,
        pairs=(*pairs, *spare),
        key=question.key if item.kind == "number" else None,
        tolerance=question.tolerance or 0.0,
        unit=question.unit.say(language) if question.unit else "",
        reason=question.reasons.say(language) if question.reasons else "",
        rubric=tuple((line.points, line.text.say(language)) for line in question.rubric),
        samples=item.body["samples"][language],
        points=question.points,
        tags={**tags, "sources": " ".join(item.sources)},
    )


def _choice(option: Any, language: str) -> Choice:
    return Choice(option.text.say(language), option.right, option.reason.say(language) if option.reason else "")


def export(items: Iterable[Item], form: str, language: str) -> exchange.Written:
    """A file of all items in one language, with what each of them lost."""
    asked = list(items)
    chosen = [item for item in asked if item.kind != "code"]
    written = exchange.write([one for item in chosen for one in carried(item, language)], form, language)
    left: dict[str, tuple[str, ...]] = {item.id: (NO_CODE,) for item in asked if item.kind == "code"}
    for item in chosen:
        said = tuple(_lost_here(item, form))
        names = [one.name for one in carried(item, language)]
        said += tuple(dict.fromkeys(line for name in names for line in written.left.get(name, ())))
        left[item.id] = said
    return exchange.Written(written.data, left)


def _lost_here(item: Item, form: str) -> Iterator[str]:
    yield NEVER[form]
    if item.body["draw"]:
        count = len(item.variants) or 1
        yield f"the draw: {count} question{'s' if count > 1 else ''} with fixed numbers instead"
    if item.case:
        yield "that it shares its case with others; the case is repeated above the question"
    if item.body["question"].headings:
        yield "the headings of the two columns"


# --- back into the bank -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """What came of an import: the ids written, and the problems of what was not or not wholly taken."""

    written: tuple[str, ...]
    problems: tuple[Problem, ...]


def take_in(
    shelf: Shelf, files: Mapping[str, tuple[str, bytes]], *, form: str | None, statement: str, by: str
) -> Taken:
    """Write every question of the files (name and bytes by language) as a draft into the bank.

    A question without a statement of its own goes to ``statement``.  A broken question is a problem and stops no other;
    an id that the bank has is never overwritten.

    Raises :class:`InputError` when a file as a whole cannot be read.
    """
    found: dict[str, dict[str, Carried]] = {}
    problems: list[Problem] = []
    for language, (name, data) in files.items():
        read = exchange.read(data, name, form)
        problems += read.problems
        for one in read.questions:
            own = found.setdefault(one.name, {})
            if language in own:
                problems.append(
                    Problem(f"{name}:{one.line}", f"{one.name} stands here a second time; the first counts")
                )
            own.setdefault(language, one)
    where = " and ".join(name for name, _ in files.values())
    written = []
    for name, texts in found.items():
        try:
            draft = _draft(shelf, name, texts, statement, by, where)
        except InputError as error:
            first = next(iter(texts))
            problems.append(Problem(f"{files[first][0]}:{texts[first].line}", str(error)))
            continue
        path = shelf.path(draft.header["id"])
        write_whole(path, compose(draft))
        written.append(draft.header["id"])
        problems += load_one(shelf.folder, path, shelf.framework)[1]
    return Taken(tuple(written), tuple(problems))


def _draft(shelf: Shelf, name: str, texts: Mapping[str, Carried], statement: str, by: str, where: str) -> Draft:
    one = next(iter(texts.values()))
    if len({each.kind for each in texts.values()}) > 1:
        raise InputError(f"{name} is of one kind in en and of another in zh; it must be the same question")
    if len({each.key for each in texts.values()}) > 1:
        raise InputError(f"{name} has one key in en and another in zh; it must be the same question")
    own = one.tags.get("statement") or statement
    if not own:
        raise InputError(f"{name} names no statement; say with --statement which one it belongs to")
    try:
        shelf.framework.statement(own)
    except KeyError:
        raise InputError(f"{name} names the statement {own!r}, which framework.yml does not have") from None
    item_id = _new_id(name, own)
    if shelf.path(item_id).exists():
        raise InputError(f"the bank has an item {item_id}; rename one of the two, nothing was overwritten")
    today = date.today().isoformat()
    header: dict[str, Any] = {
        **DEFAULTS,
        "id": item_id,
        "version": 1,
        "kind": one.kind,
        "statement": own,
        **_tagged(one.tags),
        "status": "draft",
        "variants": [1] if one.kind == "number" else [],
        "enemies": [],
        "sources": one.tags.get("sources", "").split() or ["imported"],
        "history": [{"date": today, "by": by, "role": "author", "verdict": "imported", "note": f"from {where}"}],
    }
    if one.unit:
        header["unit"] = {language: texts.get(language, one).unit or one.unit for language in LANGUAGES}
    drawn = (
        f'def draw(rng):\n    return {{"key": {one.key!r}, "tolerance": {one.tolerance!r}}}'
        if one.kind == "number"
        else ""
    )
    return Draft(header, {language: _text(each) for language, each in texts.items()}, drawn)


def _tagged(tags: Mapping[str, str]) -> dict[str, Any]:
    """Entries of the header that a file carried and that are as an item wants them."""
    found: dict[str, Any] = {}
    for name in ("cognitive", "minutes", "use", "difficulty"):
        value: Any = tags.get(name, "")
        if name in ("minutes", "difficulty"):
            try:
                value = float(value)
            except ValueError:
                continue
        if RULES[name][1](value):
            found[name] = int(value) if isinstance(value, float) and value.is_integer() else value
    return found


def _new_id(name: str, statement: str) -> str:
    plain = re.sub(r"\.(\d+)$", r"-variant-\1", name)
    if plain.startswith(f"{statement}-") and ID.fullmatch(plain):
        return plain
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "question"
    return f"{statement}-{slug}"[:80].rstrip("-")


def _text(one: Carried) -> Text:
    return Text(
        stem=one.stem,
        options=tuple((choice.text, choice.right, choice.reason) for choice in one.choices),
        pairs=one.pairs,
        reason=one.reason,
        rubric=one.rubric,
        samples=one.samples,
    )
