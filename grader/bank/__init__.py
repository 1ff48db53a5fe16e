"""The question bank: ``question_bank/`` to validated items, drawn questions, and the proofs that an item is fair.

``load`` reads the files and names every broken one; ``draw`` makes the question of a seed; ``prove`` holds one item
against what its authors promise; ``check`` looks at all items side by side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.bank import giveaways, wording
from grader.bank.body import read_body
from grader.bank.cases import Case, load_cases
from grader.bank.draws import draw
from grader.bank.header import read_header
from grader.bank.names import prove_people
from grader.bank.proofs import prove as prove_item
from grader.errors import InputError, ItemError, Problem
from grader.model import Bilingual, Framework, Item
from grader.notebooks import Notebook, read

__all__ = ["Bank", "check", "draw", "hints", "load", "load_one", "prove"]


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
    items: dict[str, Item] = {}
    for path in sorted((folder / "items").rglob("*.md")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        item, found = _load_item(path, folder, framework, cases)
        problems.extend(found)
        if item:  # no id comes twice: read_header holds the file's path against the id
            items[item.id] = item
    return Bank(items, tuple(problems))


def load_one(folder: Path, path: Path, framework: Framework) -> tuple[Item | None, list[Problem]]:
    """One file of the bank and what is wrong with it; of the others its case only is read."""
    problems: list[Problem] = []
    item, found = _load_item(path, folder, framework, load_cases(folder, problems))
    return item, found


def prove(item: Item) -> list[Problem]:
    """Every promise of one item that does not hold; an empty list when all hold.

    Both languages agree in drawn names, in numbers and in people; fifty draws and every reviewed variant run, give the
    same twice, stay finite, and keep all options apart; wrong options carry a reason; no catch-all or absolute words;
    the stem of a multi says how many to choose; Chinese is written with full-width punctuation.
    """
    return [*prove_item(item), *prove_people(item)]


def check(bank: Bank) -> list[Problem]:
    """What only all items side by side show: unknown enemies, equal or nearly equal questions, keys given away."""
    return giveaways.check_items(bank.items)


def hints(item: Item) -> list[Problem]:
    """What a person should look at, although the item may be right: hard sentences, measures without a definition."""
    return wording.hints(item)


def _read(path: Path, folder: Path, problems: list[Problem]) -> Notebook | None:
    try:
        return read(path, folder)
    except InputError as error:
        problems.append(error.args[0])
        return None


def _load_item(
    path: Path, folder: Path, framework: Framework, cases: Mapping[str, Case]
) -> tuple[Item | None, list[Problem]]:
    problems: list[Problem] = []
    notebook = _read(path, folder, problems)
    if notebook is None:
        return None, problems
    fields, found = read_header(notebook, framework)
    problems.extend(found)
    if problems:
        return None, problems
    body, found = read_body(notebook, fields["kind"], fields.pop("unit"), fields)
    problems.extend(found)
    case = cases.get(fields["case"]) if fields["case"] else None
    if fields["case"] and case is None:
        problems.append(Problem(notebook.where("item.case"), f"there is no usable case cases/{fields['case']}.md"))
    if not problems:
        problems.extend(_check_promises(notebook, fields, body))
    if problems:
        return None, problems
    digest = hashlib.sha256(path.read_bytes())
    body["case"] = case.text if case else None
    body["charts"] = case.charts if case else {}
    if case:
        body["question"] = replace(body["question"], stem=_below(case.text, body["question"].stem))
        digest.update(case.digest.encode())
    return Item(path=notebook.path, source_digest=digest.hexdigest(), body=body, **fields), []


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
