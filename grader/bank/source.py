"""The text of an item's file: composed from its parts, and changed line by line without touching the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.bank.header import OPTIONAL, REQUIRED
from grader.model import LANGUAGES

__all__ = ["Draft", "Text", "add_history", "compose", "set_entry"]

KERNEL = "kernelspec: {name: python3, display_name: Python 3}"
PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z\u3400-\u9fff][\w ./+-]*", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Text:
    """An item's text in one language; what its kind does not have is empty."""

    stem: str
    options: tuple[tuple[str, bool, str], ...] = ()
    """Text, whether right, reason of each option or step."""
    pairs: tuple[tuple[str, str], ...] = ()
    headings: tuple[str, str] = ("", "")
    reason: str = ""
    rubric: tuple[tuple[float, str], ...] = ()
    samples: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Draft:
    """An item before it is a file: the entries of its header, its text by language, its drawing code."""

    header: Mapping[str, Any]
    texts: Mapping[str, Text]
    draw: str = ""
    code: Mapping[str, str] = field(default_factory=dict)
    """Code cells by tag: given, solution and test of an item of code."""


def compose(draft: Draft) -> str:
    """The file; a language without a text is left out, and `check` says that it is missing."""
    kind = draft.header["kind"]
    cells = []
    for language in LANGUAGES:
        if text := draft.texts.get(language):
            cells.append(_cell(language, _body(kind, text)))
    for language in LANGUAGES:
        if (text := draft.texts.get(language)) and text.reason:
            cells.append(_cell(language, _safe(text.reason), part="reason"))
    for language in LANGUAGES:
        if (text := draft.texts.get(language)) and text.rubric:
            lines = "\n".join(f"- ({points:g}) {_line(said)}" for points, said in text.rubric)
            cells.append(_cell(language, lines, part="rubric"))
    for language in LANGUAGES:
        for points, said in draft.texts[language].samples if language in draft.texts else ():
            cells.append(_cell(language, _safe(said), part="sample", points=points))
    for tag, code in {**({"draw": draft.draw} if draft.draw else {}), **draft.code}.items():
        cells.append(f"```{{code-cell}} ipython3\n:tags: [{tag}]\n\n{code.strip()}\n```\n")
    return "\n".join([_header(draft.header), *cells])


def set_entry(source: str, line: int, name: str, value: Any) -> str:
    """The file with the entry that stands on ``line`` (1 = first) given another value."""
    rows = source.split("\n")
    rows[line - 1] = re.sub(
        rf"({name}:\s*)[^#\s][^#]*?(\s*(?:#.*)?)$", rf"\g<1>{yaml_text(value)}\g<2>", rows[line - 1]
    )
    return "\n".join(rows)


def add_history(source: str, last: int, entry: Mapping[str, Any]) -> str:
    """The file with a line after the history's last one, which begins on ``last``."""
    rows = source.split("\n")
    indent = len(rows[last - 1]) - len(rows[last - 1].lstrip())
    after = last
    while rows[after].strip() not in ("", "---") and len(rows[after]) - len(rows[after].lstrip()) > indent:
        after += 1
    rows.insert(after, f"{' ' * indent}- {yaml_text(entry)}")
    return "\n".join(rows)


def yaml_text(value: Any) -> str:
    """A value in one line of YAML.

    >>> yaml_text({"by": "lw", "note": "unit: fixed"})
    '{by: lw, note: "unit: fixed"}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {yaml_text(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(yaml_text, value)) + "]"
    if isinstance(value, str):
        plain = PLAIN.fullmatch(value) and value == value.strip() and "://" not in value
        return value if plain or DATE.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else json.dumps(value)


def _header(header: Mapping[str, Any]) -> str:
    rows = ["---", KERNEL, "item:"]
    for name in (*REQUIRED[:-1], *OPTIONAL):
        if name in header:
            rows.append(f"  {name}: {yaml_text(header[name])}")
    rows.append("  history:")
    rows += [f"    - {yaml_text(entry)}" for entry in header["history"]]
    return "\n".join([*rows, "---"])


def _cell(language: str, text: str, **metadata: Any) -> str:
    return f"+++ {json.dumps({'lang': language, **metadata})}\n\n{text.strip()}\n"


def _body(kind: str, text: Text) -> str:
    stem = _apart(_safe(text.stem), kind)
    if kind in ("choice", "multi"):
        rows = [
            f"- [{'x' if right else ' '}] {_line(said)}" + (f"\n  {_line(reason)}" if reason else "")
            for said, right, reason in text.options
        ]
        return f"{stem}\n\n" + "\n".join(rows)
    if kind == "order":
        steps = [f"{place}. {_line(said)}" for place, (said, _, _) in enumerate(text.options, start=1)]
        return f"{stem}\n\n" + "\n".join(steps)
    if kind == "match":
        table = [text.headings, ("---", "---"), *text.pairs]
        return f"{stem}\n\n" + "\n".join(f"| {_field(left)} | {_field(right)} |" for left, right in table)
    return stem


def _apart(stem: str, kind: str) -> str:
    """A list at the end of the stem gets other marks, or the options below would join it."""
    last = stem.rsplit("\n", 1)[-1]
    if kind in ("choice", "multi") and re.match(r"\s*- ", last):
        return re.sub(r"^(\s*)- ", r"\1* ", stem, flags=re.M)
    if kind == "order" and re.match(r"\s*\d+\. ", last):
        return re.sub(r"^(\s*\d+)\. ", r"\1) ", stem, flags=re.M)
    return stem


def _safe(text: str) -> str:
    """The text without lines that would begin a new cell or header."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return re.sub(r"^(\s*)(\+\+\+|---\s*$|```\{)", r"\1\\\2", plain, flags=re.M)


def _line(text: str) -> str:
    return " ".join(text.split())


def _field(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", _line(text))
