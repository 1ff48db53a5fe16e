"""The header of an item: every entry checked, every fault named with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from grader.bank.history import STATUSES, faults
from grader.errors import Problem
from grader.model import COGNITIVE, Bilingual, Framework
from grader.notebooks import Notebook

__all__ = ["ITEM_KINDS", "KIND_NAMES", "read_header"]

KIND_NAMES = {
    "choice": Bilingual("choice", "单选"),
    "multi": Bilingual("multi", "多选"),
    "number": Bilingual("number", "数值"),
    "order": Bilingual("order", "排序"),
    "match": Bilingual("match", "配对"),
    "text": Bilingual("text", "简答"),
    "code": Bilingual("code", "代码"),
}
"""Kinds of items as lists and sheets name them, like the page of the preview."""
ITEM_KINDS = tuple(KIND_NAMES)
USES = ("exam", "pilot", "practice")
REQUIRED = (
    *("id", "version", "kind", "statement", "cognitive", "minutes", "use", "status"),
    *("difficulty", "variants", "enemies", "sources", "history"),
)
OPTIONAL = ("case", "unit")
ID = re.compile(r"[A-Z]{2}-[1-5]\.\d+-[a-z0-9]+(-[a-z0-9]+)*")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_int(value) or isinstance(value, float)


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word for word in value)


def _seeds(value: Any) -> bool:
    return (
        isinstance(value, list) and all(_is_int(seed) and seed >= 0 for seed in value) and len(set(value)) == len(value)
    )


def _one_of(words: tuple[str, ...]) -> tuple[str, Callable[[Any], bool]]:
    return f"one of {', '.join(words)}", lambda value: value in words


RULES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "id": (
        "the statement's code and a slug such as FC-2.1-workload",
        lambda v: isinstance(v, str) and bool(ID.fullmatch(v)),
    ),
    "version": ("a whole number from 1", lambda v: _is_int(v) and v >= 1),
    "kind": _one_of(ITEM_KINDS),
    "cognitive": _one_of(COGNITIVE),
    "minutes": ("a number above 0 and up to 30", lambda v: _is_number(v) and 0 < v <= 30),
    "use": _one_of(USES),
    "status": _one_of(STATUSES),
    "difficulty": ("a share above 0 and below 1, e.g. 0.65", lambda v: _is_number(v) and 0 < v < 1),
    "variants": ("a list of different whole numbers such as [101, 102], or []", _seeds),
    "enemies": ("a list of item ids, or []", _words),
    "sources": ("a list of one or more sources such as [O11, K6]", lambda v: _words(v) and bool(v)),
    "case": ("the slug of a file in cases/", lambda v: isinstance(v, str) and bool(SLUG.fullmatch(v))),
    "unit": ("a unit in both languages such as {en: agents, zh: 人}", lambda v: _is_bilingual(v)),
}


def _is_bilingual(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"en", "zh"} and _words(list(value.values()))


def read_header(notebook: Notebook, framework: Framework) -> tuple[dict[str, Any], list[Problem]]:
    """The fields that :class:`Item` takes from the header (and ``unit``); when there are problems, do not use them."""
    problems: list[Problem] = []

    def wrong(place: str, sentence: str) -> None:
        problems.append(Problem(notebook.where(place), sentence))

    kernel = notebook.header.get("kernelspec")
    if not isinstance(kernel, dict) or kernel.get("name") != "python3":
        wrong(
            "kernelspec",
            "the header must hold `kernelspec: {name: python3, display_name: Python 3}`, else JupyterLab asks",
        )
    given = notebook.header.get("item")
    if not isinstance(given, dict):
        wrong("item", "the header must hold an `item:` entry with id, version, kind and so on, and it does not")
        return {}, problems
    for name in REQUIRED:
        if name not in given:
            wrong("item", f"the header must hold `{name}`, and it does not")
    for name, value in given.items():
        if name not in REQUIRED + OPTIONAL:
            wrong(f"item.{name}", f"`{name}` is no entry of an item; the entries are {', '.join(REQUIRED + OPTIONAL)}")
        elif name in RULES and not RULES[name][1](value):
            wrong(f"item.{name}", f"`{name}` must be {RULES[name][0]}, got {value!r}")
    if problems:
        return {}, problems
    _check_statement(given, framework, wrong)
    _check_history(given, wrong)
    _check_place(given, notebook.path, wrong)
    if given["kind"] != "number" and "unit" in given:
        wrong("item.unit", f"only an item of kind number has a unit, this one is of kind {given['kind']}")
    return _fields(given), problems


def _fields(given: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: given[name] for name in REQUIRED}
    for name in ("variants", "enemies", "sources"):
        fields[name] = tuple(given[name])
    fields["history"] = tuple(given["history"] if isinstance(given["history"], list) else ())
    fields["case"] = given.get("case")
    fields["unit"] = Bilingual(**given["unit"]) if "unit" in given else None
    return fields


def _check_statement(given: Mapping[str, Any], framework: Framework, wrong: Callable[[str, str], None]) -> None:
    code = given["statement"]
    try:
        framework.statement(code)
    except KeyError:
        wrong("item.statement", f"`statement` must be a code of framework.yml such as FC-2.1, and {code!r} is none")
        return
    if not given["id"].startswith(f"{code}-"):
        wrong("item.id", f"`id` must begin with the statement's code and a hyphen, {code}-, got {given['id']!r}")


def _check_place(given: Mapping[str, Any], path: str, wrong: Callable[[str, str], None]) -> None:
    domain, _, rest = given["id"].partition("-")
    wanted = f"items/{domain.lower()}/{rest[0]}/{given['id']}.md"
    if path != wanted:
        wrong("item.id", f"the file of the item {given['id']} must be {wanted}, it is {path}; no two files share an id")


def _check_history(given: Mapping[str, Any], wrong: Callable[[str, str], None]) -> None:
    for number, sentence in faults(given["status"], given["history"]):
        place = "status" if "status" in sentence.split(" ")[0] else "history" if number is None else f"history.{number}"
        wrong(f"item.{place}", sentence)
