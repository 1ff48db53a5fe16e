"""Draw an item: run its seeded code and put the numbers into stem, options and key."""

from __future__ import annotations

import functools
import math
import re
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import CodeType
from typing import Any

import numpy as np

from grader.errors import ItemError, Problem
from grader.model import LANGUAGES, Bilingual, CodeTask, Criterion, Item, Option, Question

__all__ = ["NAME", "Draw", "draw", "drawn_values", "filled", "in_time", "opened"]

NAME = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
RESERVED = ("key", "tolerance")
MAX_DECIMALS = 4
MOST_SECONDS = 5.0
"""What a single draw may take."""

Draw = Callable[[np.random.Generator], Any]


def draw(item: Item, variant: int | None = None) -> Question:
    """The question that ``item`` gives for ``variant``, the seed of its numbers; None for an item that draws nothing.

    Any seed can be drawn; that an exam uses the reviewed ``item.variants`` only is for the caller to see to.  Raises
    :class:`ItemError` whose only argument is a :class:`Problem` that names the file, the line and the seed.
    """
    if item.body["draw"] is None:
        if variant is not None:
            raise _wrong(item, f"the item draws no numbers, so it has no variant {variant}; ask for None")
        return _with_charts(item, item.body["question"])
    if variant is None:
        raise _wrong(item, "the item draws its numbers, so a variant (a seed) must be named")
    return _with_charts(item, filled(item, variant, drawn_values(item, variant)))


def _with_charts(item: Item, question: Question) -> Question:
    """The question with the chart of its case, if it has one, in the place of ``(chart)``."""
    charts: Mapping[str, str] | None = item.body.get("charts")
    if not charts:
        return question
    stem = {key: question.stem.say(key).replace("](chart)", f"]({charts[key]})") for key in LANGUAGES}
    return replace(question, stem=Bilingual(stem["en"], stem["zh"]))


def filled(item: Item, variant: int, values: Mapping[str, Any]) -> Question:
    """The question of ``variant`` with its drawn values in all its texts; a chart is still named only."""
    template: Question = item.body["question"]
    key, tolerance = template.key, None
    if item.kind == "number":
        key, tolerance = _key(item, variant, values)
    elif found := [name for name in RESERVED if name in values]:
        raise _wrong(
            item, f"variant {variant}: only kind number draws a {found[0]}; here the ticked options are the key"
        )
    shown = {
        language: {name: _shown(item, variant, name, value, language) for name, value in values.items()}
        for language in LANGUAGES
    }
    return _filled(item, template, shown, replace(template, variant=variant, key=key, tolerance=tolerance))


def drawn_values(item: Item, variant: int, function: Draw | None = None) -> dict[str, Any]:
    """What the item's own ``draw(rng)`` returns for this seed, numpy scalars as plain Python numbers.

    ``function`` is the item's :func:`opened` code for a caller that draws many times; without it the code runs afresh.
    """
    try:
        with in_time():
            values = (function or opened(item))(np.random.default_rng(variant))
    except (Exception, SystemExit) as error:  # whatever the author's code raises is the author's to mend
        raise _wrong(item, f"variant {variant}: draw failed with {_said(error)}", _line_in(error, item)) from error
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise _wrong(
            item, f"variant {variant}: draw must return a dict of names and values, got {type(values).__name__}"
        )
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}


@functools.lru_cache(maxsize=256)
def _compiled(source: str, path: str, line: int) -> CodeType:
    return compile("\n" * (line - 1) + source, path, "exec")


@contextmanager
def in_time() -> Iterator[None]:
    """Stop code that does not come to an end, as a rejecting loop may not; only the main thread can be stopped."""
    if threading.current_thread() is not threading.main_thread() or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError(f"it took longer than {MOST_SECONDS:g} s; make its loops end")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def opened(item: Item) -> Draw:
    """The item's own ``draw``, its code just run; raises what that code raises."""
    names: dict[str, Any] = {"__name__": "item"}
    exec(_compiled(item.body["draw"], item.path, item.body["lines"]["draw"]), names)
    if not callable(names.get("draw")):
        raise NameError("the cell must define `def draw(rng):`, and it does not")
    function: Draw = names["draw"]
    return function


def _key(item: Item, variant: int, values: Mapping[str, Any]) -> tuple[float, float]:
    found = []
    for name in RESERVED:
        value = values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise _wrong(item, f"variant {variant}: draw must return `{name}` as a finite number, got {value!r}")
        found.append(float(value))
    if found[1] < 0:
        raise _wrong(item, f"variant {variant}: `tolerance` must be 0 or more, got {found[1]:g}")
    return found[0], found[1]


def _shown(item: Item, variant: int, name: str, value: Any, language: str) -> str:
    if name in RESERVED and name != "key":
        return ""
    if isinstance(value, Mapping) and set(value) == set(LANGUAGES):
        value = value[language]
    if isinstance(value, float) and name != "key":
        if not math.isfinite(value):
            raise _wrong(item, f"variant {variant}: `{name}` must be finite, got {value}")
        if len(repr(value).partition(".")[2]) > MAX_DECIMALS or "e" in repr(value):
            raise _wrong(
                item, f"variant {variant}: `{name}` would show as {value!r}; return it as text, rounded as wanted"
            )
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _wrong(
            item, f"variant {variant}: `{name}` must be a number, a text or {{en: ..., zh: ...}}, got {value!r}"
        )
    return str(value)


def _filled(item: Item, template: Question, shown: Mapping[str, Mapping[str, str]], question: Question) -> Question:
    def text(language: str, source: str) -> str:
        if "{{" not in source:
            return source
        for name in NAME.findall(source):
            if name not in shown[language]:
                raise _wrong(
                    item, f"variant {question.variant}: the {language} text asks for {{{{{name}}}}}, draw gives none"
                )
        return NAME.sub(lambda found: shown[language][found[1]], source)

    def both(source: Bilingual) -> Bilingual:
        return Bilingual(text("en", source.en), text("zh", source.zh))

    def options(sources: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(
            replace(one, text=both(one.text), reason=both(one.reason) if one.reason else None) for one in sources
        )

    def code(source: str) -> str:  # the same in both languages
        return text("en", source)

    return replace(
        question,
        stem=both(template.stem),
        options=options(template.options),
        targets=options(template.targets),
        headings=(both(template.headings[0]), both(template.headings[1])) if template.headings else None,
        rubric=tuple(Criterion(line.id, both(line.text), line.points) for line in template.rubric),
        code=CodeTask(code(template.code.given), tuple(map(code, template.code.tests))) if template.code else None,
        key=code(template.key) if template.code else question.key,
        reasons=both(template.reasons) if template.reasons else None,
    )


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"


def _line_in(error: BaseException, item: Item) -> int | None:
    """The line of the item's own file on which the error arose, or None."""
    if isinstance(error, SyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == item.path]
    return lines[-1] if lines else None


def _wrong(item: Item, sentence: str, line: int | None = None) -> ItemError:
    where = line or item.body["lines"]["draw" if item.body["draw"] else "en"]
    return ItemError(Problem(f"{item.path}:{where}", sentence))
