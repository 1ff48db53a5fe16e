"""What a learner practises: practice items as a quiz file with its notebook, how ready they are, what comes next."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ccskills.quiz import Readiness, attempts, readiness

from .bank import draw
from .errors import InputError, RuleBroken
from .model import LANGUAGES, Bilingual, Framework, Item, Option, Question
from .notebooks import Notebook, NotebookCell, render_html, replace_file, to_bytes

__all__ = [
    "KINDS",
    "Readiness",
    "attempts",
    "next_statements",
    "practice_items",
    "questions",
    "quiz_notebook",
    "readiness",
    "write",
]

KINDS = ("choice", "multi", "number", "order", "match")
"""What a quiz can mark by itself."""
READY = ("review", "approved", "live")


def practice_items(items: Mapping[str, Item], level: int | None = None) -> dict[str, Item]:
    """The items of a bank that a quiz may use: meant for practice, of this level (None: all), markable by itself."""
    return {
        name: item
        for name, item in items.items()
        if item.use == "practice"
        and item.status in READY
        and item.kind in KINDS
        and (level is None or item.level == level)
    }


def questions(
    items: Mapping[str, Item],
    framework: Framework,
    level: int | None = None,
    *,
    statements: Collection[str] | None = None,
    seed: int,
) -> list[dict[str, Any]]:
    """The questions of a quiz as plain JSON, in both languages and with their keys, mixed and drawn by ``seed``.

    ``level`` and ``statements`` narrow the choice.  Raises :class:`RuleBroken` when any of ``items`` is not meant for
    practice: an exam or pilot item never comes into a learner's hands this way.
    """
    if foreign := sorted(name for name, item in items.items() if item.use != "practice"):
        raise RuleBroken(
            f"a quiz is made of practice items only, and {foreign[0]} is of use {items[foreign[0]].use!r}"
            + (f" (so are {len(foreign) - 1} more)" if len(foreign) > 1 else "")
            + "; select with practice_items() first"
        )
    chosen = [
        item for item in practice_items(items, level).values() if statements is None or item.statement in statements
    ]
    chosen.sort(key=lambda item: _seed(seed, item.id, "place"))
    return [_question(item, framework, seed) for item in chosen]


def quiz_notebook(title: str, quiz_file: str, language: str) -> bytes:
    """The canonical ``.ipynb`` that shows ``quiz_file`` (a file beside it) in ``language``."""
    _check(language)
    code = f"from ccskills import quiz\n\nquiz.show({json.dumps(quiz_file)}, language={json.dumps(language)})"
    cells = (NotebookCell("markdown", INTRODUCTION.say(language).format(title=title)), NotebookCell("code", code))
    header = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return to_bytes(Notebook(f"{quiz_file} ({language})", header, {}, cells))


INTRODUCTION = Bilingual(
    "# {title}\n\nClick into the grey box below and press **Shift+Enter**: the questions open under it. Each answer is "
    "explained at once. You can stop at any time; press Shift+Enter there again to go on where you were. If nothing "
    "opens, the notebook was still starting: press it once more.",
    "# {title}\n\n点一下下面的灰色框，再按**Shift+Enter**，题目就会在下方打开。每答一题，立即给出讲解；"
    "可以随时停下，"
    "下次再点这个框、按Shift+Enter，就能接着做。如果没有反应，说明笔记本还在启动，请再按一次。",
)


def write(
    folder: Path, framework: Framework, items: Mapping[str, Item], level: int, language: str, seed: int
) -> tuple[Path, Path]:
    """Write ``practice/<level>.quiz.json`` and its notebook into a learner's folder; their paths, quiz first.

    ``items`` may be a whole bank: what is not meant for practice is left out.  The learner's answers, kept beside the
    quiz, are never touched.  Raises :class:`InputError` when the bank has nothing to practise at this level.
    """
    _check(language)
    name = framework.level(level).name
    asked = questions(practice_items(items, level), framework, level, seed=seed)
    if not asked:
        raise InputError(
            f"the bank has no practice items of level {level} ({name.en}); an item needs `use: practice`, "
            f"a kind among {', '.join(KINDS)} and a status among {', '.join(READY)}"
        )
    title = Bilingual(f"{name.en}: practice", f"{name.zh}练习")
    slug = "-".join(name.en.lower().split())
    quiz = {"quiz": 1, "title": _both(title), "level": level, "seed": seed, "questions": asked}
    paths = (folder / "practice" / f"{slug}.quiz.json", folder / "practice" / f"{slug}.{language}.ipynb")
    notebook = quiz_notebook(title.say(language), paths[0].name, language)
    replace_file(paths[0], (json.dumps(quiz, ensure_ascii=False, indent=1) + "\n").encode())
    replace_file(paths[1], notebook)
    return paths


def next_statements(progress: Iterable[Mapping[str, Any]], statements: Sequence[str] = (), most: int = 5) -> list[str]:
    """What to practise next, at most ``most`` statements.

    First those whose last answer was not fully right, the lowest points first and the longest ago first among equals;
    then those of ``statements`` (what there is to practise) that were never answered.

    >>> next_statements([{"statement": "FC-2.1", "points": 0.5}, {"statement": "QA-2.1", "points": 0}], ["PM-2.1"])
    ['QA-2.1', 'FC-2.1', 'PM-2.1']
    """
    last: dict[str, float] = {}
    for entry in progress:
        last.pop(str(entry["statement"]), None)  # so that the order is that of the last answers
        last[str(entry["statement"])] = float(entry["points"])
    weak = sorted((code for code, points in last.items() if points < 1), key=lambda code: last[code])
    return [*weak, *(code for code in statements if code not in last)][:most]


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise InputError(f"the language must be one of {', '.join(LANGUAGES)}, got {language!r}")


def _question(item: Item, framework: Framework, seed: int) -> dict[str, Any]:
    variant = _seed(seed, item.id, "numbers") if item.body["draw"] is not None else None
    question = draw(item, variant)
    shown: dict[str, Any] = {
        "id": item.id,
        "version": item.version,
        "variant": variant,
        "kind": item.kind,
        "statement": item.statement,
        "statement_text": _both(framework.statement(item.statement).text),
        "stem_html": _html(question.stem),
        "key": question.key,
        "reason_html": question.reasons and _html(question.reasons),
    }
    shuffle = random.Random(_seed(seed, item.id, "options"))
    if question.options:
        shown["options"] = _options(question, shuffle)
    if question.targets:
        shown["targets"] = [_option(target) for target in shuffle.sample(question.targets, len(question.targets))]
    if question.kind == "multi":
        shown["choose"] = len(question.key)
    if question.kind == "number":
        shown |= {"tolerance": question.tolerance, "unit": question.unit and _both(question.unit)}
    return shown


def _options(question: Question, shuffle: random.Random) -> list[dict[str, Any]]:
    """The options as shown: mixed, the steps of an order never in their right one; those of a match as written."""
    options = list(question.options)
    if question.kind != "match":
        shuffle.shuffle(options)
        if question.kind == "order" and tuple(option.id for option in options) == question.key:
            options.reverse()
    return [_option(option) for option in options]


def _option(option: Option) -> dict[str, Any]:
    return {"id": option.id, "html": _html(option.text), "reason_html": option.reason and _html(option.reason)}


def _both(text: Bilingual) -> dict[str, str]:
    return {language: text.say(language) for language in LANGUAGES}


def _html(text: Bilingual) -> dict[str, str]:
    return {language: render_html(text.say(language)) for language in LANGUAGES}


def _seed(seed: int, name: str, purpose: str) -> int:
    """A seed of its own for each item and purpose, the same on every machine."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}/{purpose}".encode()).digest()[:4])
