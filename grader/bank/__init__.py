"""The question bank: ``question_bank/`` to validated items, drawn questions, and the proofs that an item is fair.

``load`` reads the files and names every broken one; ``draw`` makes the question of a seed; ``prove`` holds one item
against what its authors promise; ``check`` looks at all items side by side.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from grader.bank import giveaways, kept, wording
from grader.bank.body import read_body
from grader.bank.cases import Case, load_case, load_cases
from grader.bank.draws import draw
from grader.bank.header import read_header
from grader.bank.names import prove_people
from grader.bank.proofs import prove as prove_item
from grader.errors import InputError, ItemError, Problem
from grader.model import Bilingual, Framework, Item
from grader.notebooks import Notebook, read

__all__ = ["Bank", "check", "draw", "hints", "load", "load_one", "prove", "prove_all"]


T = TypeVar("T")
R = TypeVar("R")

FEW = 40
"""Items that one process reads or proves sooner than another one starts."""


@dataclass(frozen=True)
class Parsed:
    """An item's file as read, before its case; not to be used when there are problems."""

    path: str = ""
    case_at: str = ""
    """Where the header names the case."""
    digest: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Bank:
    """The items that can be used, by id, and the problems of the files that cannot."""

    items: Mapping[str, Item]
    problems: tuple[Problem, ...]


def load(folder: Path, framework: Framework) -> Bank:
    """Read ``folder`` (a ``question_bank/``): its ``items/`` and ``cases/``; a broken file stops no other file.

    Raises :class:`ItemError` only when there is no such folder.
    """
    if not (folder / "items").is_dir():
        raise ItemError(f"a question bank is a folder with items/ in it; {folder.name}/ has none")
    problems: list[Problem] = []
    cases = load_cases(folder, problems)
    paths = [path for path in (folder / "items").rglob("*.md") if ".ipynb_checkpoints" not in path.parts]
    items: dict[str, Item] = {}
    for parsed in _parsed_all(sorted(paths), folder, framework):
        item, found = _item(parsed, cases.get)
        problems.extend(found)
        if item:  # no id comes twice: read_header holds the file's path against the id
            items[item.id] = item
    return Bank(items, tuple(problems))


def load_one(folder: Path, path: Path, framework: Framework) -> tuple[Item | None, list[Problem]]:
    """One file of the bank and what is wrong with it; of the others its case only is read."""
    problems: list[Problem] = []

    def case(name: str) -> Case | None:
        return load_case(folder / "cases" / f"{name}.md", folder, problems)

    item, found = _item(_parse(path, folder, framework), case)
    return item, [*problems, *found]


def prove(item: Item) -> list[Problem]:
    """Every promise of one item that does not hold; an empty list when all hold.

    Both languages agree in drawn names, in numbers and in people; fifty draws and every reviewed variant run, give the
    same twice, stay finite, and keep all options apart; wrong options carry a reason; no catch-all or absolute words;
    the stem of a multi says how many to choose; Chinese is written with full-width punctuation.
    """
    return [*prove_item(item), *prove_people(item)]


def prove_all(items: Iterable[Item], workers: int | None = None) -> list[Problem]:
    """What :func:`prove` finds in many items, in their order; an item that has not changed is not proved again.

    ``workers`` processes share the work where there is much of it; as many as there are processors when None.
    """
    keys = {kept.key("proof", item.path, item.source_digest): item for item in items}
    known = kept.recall(keys)
    waiting = {name: item for name, item in keys.items() if name not in known}
    made = dict(zip(waiting, _shared(prove, list(waiting.values()), workers), strict=True))
    kept.keep(made)
    return [problem for name in keys for problem in {**known, **made}[name]]


def check(bank: Bank) -> list[Problem]:
    """What only all items side by side show: unknown enemies, equal or nearly equal questions, keys given away."""
    return giveaways.check_items(bank.items)


def hints(item: Item) -> list[Problem]:
    """What a person should look at, although the item may be right: hard sentences, measures without a definition."""
    return wording.hints(item)


def _parsed_all(paths: Iterable[Path], folder: Path, framework: Framework) -> list[Parsed]:
    """The files as read, most of them as they were read before."""
    rules = hashlib.sha256(repr(framework).encode()).digest()
    keys = {path: kept.key("item", path.relative_to(folder).as_posix(), rules, _state(path)) for path in paths}
    known = kept.recall(keys.values())
    waiting = {name: path for path, name in keys.items() if name not in known}
    parse = partial(_parse, folder=folder, framework=framework)
    made = dict(zip(waiting, _shared(parse, list(waiting.values())), strict=True))
    kept.keep(made)
    return [known.get(name) or made[name] for name in keys.values()]


def _shared(work: Callable[[T], R], things: Sequence[T], workers: int | None = None) -> list[R]:
    """``work`` done on all things, in their order; by several processes where there is much of it and no thread."""
    workers = min(workers or os.cpu_count() or 1, len(things) // FEW)
    if workers < 2 or threading.active_count() > 1:  # a fork carries the locks of threads that it does not carry
        return [work(thing) for thing in things]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
        return list(pool.map(work, things, chunksize=8))


def _state(path: Path) -> bytes:
    try:
        return b"read " + path.read_bytes()
    except OSError as error:
        return f"not read: {error.strerror}".encode()  # reading it as a notebook says what is wrong


def _parse(path: Path, folder: Path, framework: Framework) -> Parsed:
    try:
        notebook = read(path, folder)
    except InputError as error:
        return Parsed(problems=(error.args[0],))
    fields, problems = read_header(notebook, framework)
    if problems:
        return Parsed(problems=tuple(problems))
    body, found = read_body(notebook, fields["kind"], fields.pop("unit"), fields)
    problems.extend(found)
    if not problems:
        problems.extend(_check_promises(notebook, fields, body))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Parsed(notebook.path, notebook.where("item.case"), digest, fields, body, tuple(problems))


def _item(parsed: Parsed, case_of: Callable[[str], Case | None]) -> tuple[Item | None, list[Problem]]:
    """The item with its case above its question."""
    problems, name = list(parsed.problems), parsed.fields.get("case")
    case = case_of(name) if name else None
    if name and case is None:
        problems.append(Problem(parsed.case_at, f"there is no usable case cases/{name}.md"))
    if problems:
        return None, problems
    body, digest = dict(parsed.body), hashlib.sha256(parsed.digest.encode())
    body["case"] = case.text if case else None
    body["charts"] = case.charts if case else {}
    if case:
        body["question"] = replace(body["question"], stem=_below(case.text, body["question"].stem))
        digest.update(case.digest.encode())
    source = digest.hexdigest() if case else parsed.digest
    return Item(path=parsed.path, source_digest=source, body=body, **parsed.fields), []


def _below(case: Bilingual, stem: Bilingual) -> Bilingual:
    return Bilingual(f"{case.en}\n\n{stem.en}", f"{case.zh}\n\n{stem.zh}")


def _check_promises(notebook: Notebook, fields: Mapping[str, Any], body: Mapping[str, Any]) -> list[Problem]:
    """Where header and text must fit each other."""
    problems = []
    drawn = body["draw"] is not None
    if fields["kind"] == "number" and not drawn:
        problems.append(
            Problem(notebook.where("item.kind"), "kind number takes its key from a cell tagged draw; add one")
        )
    elif drawn and fields["use"] != "practice" and not fields["variants"]:
        problems.append(
            Problem(notebook.where("item.variants"), "an exam uses reviewed draws only: `variants` must name one")
        )
    elif not drawn and fields["variants"]:
        problems.append(Problem(notebook.where("item.variants"), "nothing is drawn here, so `variants` must be []"))
    points = body["question"].points
    if fields["kind"] == "text" and fields["use"] != "practice" and points != 4:
        problems.append(
            Problem(notebook.where("item.kind"), f"the rubric of an exam text must sum to 4 points, got {points:g}")
        )
    return problems
