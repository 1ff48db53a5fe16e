"""The text of an item in both languages at once: cells to question, rubric, sample answers and draw code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.bank.coding import TAGS, lines_of, read_code
from grader.bank.lists import Entry, Reader, Stop, headings, read_rubric, split
from grader.errors import Problem
from grader.model import LANGUAGES, Bilingual, Criterion, Option, Question
from grader.notebooks import Notebook, NotebookCell

__all__ = ["read_body", "read_texts"]

COUNTS = {"choice": (3, 5), "multi": (5, 6), "order": (4, 6), "match": (3, 8)}
PARTS = ("stem", "reason", "rubric", "sample")
LETTERS = "abcdefghijklmnop"

Cells = dict[tuple[str, str], list[NotebookCell]]
"""The Markdown cells by language and part."""


def read_texts(notebook: Notebook) -> tuple[Bilingual | None, list[Problem]]:
    """The text of a case: one cell in each language and nothing else."""
    reader = Reader(notebook, "case")
    try:
        cells = _cells(reader)
    except Stop:
        return None, reader.problems
    return (
        None if reader.problems else _both({key: cells[key, "stem"][0].source for key in LANGUAGES})
    ), reader.problems


def read_body(
    notebook: Notebook, kind: str, unit: Bilingual | None, fields: dict[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """``Item.body`` of an item file.

    ``question`` is the :class:`Question` before numbers are drawn, ``samples`` the sample answers of a text item as
    ``{language: ((points, text), ...)}``, ``draw`` the code or None, ``lines`` the line of ``en``, ``zh``, ``en.a`` (an
    option), ``draw``.  When there are problems, do not use it.
    """
    reader = Reader(notebook, kind)
    body: dict[str, Any] = {}
    try:
        cells = _cells(reader)
        parts = {language: split(reader, cells[language, "stem"][0]) for language in LANGUAGES}
        rubrics = {language: read_rubric(reader, cells[language, "rubric"]) for language in LANGUAGES}
        _check_counts(reader, {key: value[1] for key, value in parts.items()}, cells)
        _check_rubrics(reader, rubrics, cells)
        above = _headings(cells) if kind == "match" else None
        question = replace(_question(kind, unit, parts, rubrics, _reason(reader, cells), fields), headings=above)
        if kind == "code":
            task, solution = read_code(reader)
            question = replace(question, code=task, key=solution)
        draw = _draw_cell(reader)
        body = {
            "question": question,
            "samples": _samples(reader, cells, question.points),
            "draw": draw.source if draw else None,
            "lines": _lines(cells, parts, draw) | lines_of(reader.notebook),
        }
    except Stop:
        pass
    return body, reader.problems


def _both(texts: dict[str, str]) -> Bilingual:
    return Bilingual(texts["en"], texts["zh"])


def _cells(reader: Reader) -> Cells:
    """The Markdown cells by language and part; stops when a language has no text."""
    found: Cells = {(language, part): [] for language in LANGUAGES for part in PARTS}
    for cell in reader.notebook.cells:
        if cell.kind == "raw":
            reader.wrong(cell.line, "an item takes no raw cells; delete it")
        if cell.kind != "markdown":
            continue
        part = cell.metadata.get("part", "stem")
        if cell.language is None:
            reader.wrong(
                cell.line, 'the text must say its language: put `+++ {"lang": "en"}` or `+++ {"lang": "zh"}` above it'
            )
        elif part not in PARTS:
            reader.wrong(cell.line, f'the "part" of a cell must be reason, rubric or sample, got {part!r}')
        elif found[cell.language, part] and part != "sample":
            reader.wrong(cell.line, f"the {part} in {cell.language} is here a second time; join the two cells")
        else:
            found[cell.language, part].append(cell)
    for language in LANGUAGES:
        if not found[language, "stem"]:
            reader.wrong(1, f'the text in {language} is missing; add a cell `+++ {{"lang": "{language}"}}` with it')
    if reader.problems:
        raise Stop
    return found


def _check_counts(reader: Reader, entries: dict[str, list[Entry]], cells: Cells) -> None:
    english, chinese = entries["en"], entries["zh"]
    zh_line = cells["zh", "stem"][0].line
    if len(english) != len(chinese):
        raise reader.stop(
            zh_line,
            f"the zh text has {len(chinese)} entries in its list and the en text {len(english)}; both need the same",
        )
    if reader.kind not in COUNTS:
        return
    least, most = COUNTS[reader.kind]
    count = sum(1 for entry in english if entry.text)
    if not least <= count <= most:
        reader.wrong(cells["en", "stem"][0].line, f"kind {reader.kind} takes {least} to {most} entries, got {count}")
    for one, two in zip(english, chinese, strict=True):
        if one.right != two.right or bool(one.text) != bool(two.text):
            reader.wrong(
                two.line,
                "this entry is marked otherwise than in en; the order must be the same in both languages",
            )
        elif bool(one.reason) != bool(two.reason):
            reader.wrong(two.line, "the reason of this option is there in one language only; write it in both")
    right = sum(entry.right for entry in english)
    if reader.kind == "choice" and right != 1:
        reader.wrong(english[0].line, f"a choice has exactly one right option `- [x]`, got {right}")
    if reader.kind == "multi" and not 2 <= right < len(english):
        reader.wrong(
            english[0].line, f"a multi has two or more right options and at least one wrong one, got {right} right"
        )


def _check_rubrics(reader: Reader, rubrics: dict[str, list[Entry]], cells: Cells) -> None:
    if reader.kind != "text":
        for key, given in cells.items():
            if given and key[1] in ("rubric", "sample"):
                reader.wrong(
                    given[0].line, f"only an item of kind text has a {key[1]}, this one is of kind {reader.kind}"
                )
        return
    for language in LANGUAGES:
        if not rubrics[language]:
            raise reader.stop(
                1, f'the rubric in {language} is missing; add `+++ {{"lang": "{language}", "part": "rubric"}}`'
            )
    points = {language: [entry.points for entry in rubrics[language]] for language in LANGUAGES}
    if points["en"] != points["zh"]:
        raise reader.stop(
            rubrics["zh"][0].line,
            f"the rubric gives {points['zh']} points in zh and {points['en']} in en; both need the same",
        )


def _samples(reader: Reader, cells: Cells, full: float) -> dict[str, tuple[tuple[float, str], ...]]:
    if reader.kind != "text":
        return {language: () for language in LANGUAGES}
    samples: dict[str, tuple[tuple[float, str], ...]] = {}
    for language in LANGUAGES:
        found = []
        for cell in cells[language, "sample"]:
            points = cell.metadata.get("points")
            if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= full:
                reader.wrong(cell.line, f'a sample answer must say its "points", 0 to {full:g}, got {points!r}')
            else:
                found.append((float(points), cell.source.strip()))
        if not any(points == full for points, _ in found):
            reader.wrong(1, f"a sample answer in {language} that earns all {full:g} points is missing")
        samples[language] = tuple(found)
    return samples


def _reason(reader: Reader, cells: Cells) -> Bilingual | None:
    given = {language: cells[language, "reason"] for language in LANGUAGES}
    if bool(given["en"]) != bool(given["zh"]):
        cell = (given["en"] or given["zh"])[0]
        raise reader.stop(cell.line, "the reason is there in one language only; write it in both")
    return _both({language: given[language][0].source.strip() for language in LANGUAGES}) if given["en"] else None


def _draw_cell(reader: Reader) -> NotebookCell | None:
    tags = ("draw", *TAGS) if reader.kind == "code" else ("draw",)
    drawn = []
    for cell in reader.notebook.cells:
        if cell.kind == "code" and not set(tags) & set(cell.metadata.get("tags", [])):
            reader.wrong(
                cell.line,
                f"a code cell of an item must carry the tag {' or '.join(tags)} (`:tags: [draw]`); tag it or delete it",
            )
        elif cell.kind == "code" and "draw" in cell.metadata["tags"]:
            drawn.append(cell)
    if len(drawn) > 1:
        reader.wrong(drawn[1].line, "an item has one code cell tagged draw, this is the second; join them")
    return drawn[0] if drawn else None


def _question(
    kind: str,
    unit: Bilingual | None,
    parts: dict[str, tuple[str, list[Entry]]],
    rubrics: dict[str, list[Entry]],
    reasons: Bilingual | None,
    fields: dict[str, Any],
) -> Question:
    entries = list(zip(parts["en"][1], parts["zh"][1], strict=True))
    options = tuple(
        Option(
            letter,
            Bilingual(one.text, two.text),
            right=one.right or kind in ("order", "match"),
            reason=Bilingual(one.reason, two.reason) if one.reason else None,
        )
        for letter, (one, two) in _lettered([pair for pair in entries if pair[0].text])
    )
    key: Any = None
    targets: tuple[Option, ...] = ()
    if kind == "choice":
        key = next((option.id for option in options if option.right), None)
    elif kind == "multi":
        key = tuple(option.id for option in options if option.right)
    elif kind == "order":
        key = tuple(option.id for option in options)
    elif kind == "match":
        targets, key = _targets(options, entries)
    rubric = tuple(
        Criterion(letter, Bilingual(one.text, two.text), one.points)
        for letter, (one, two) in _lettered(list(zip(rubrics["en"], rubrics["zh"], strict=True)))
    )
    return Question(
        item_id=fields["id"],
        item_version=fields["version"],
        variant=None,
        kind=kind,
        statement=fields["statement"],
        points=sum(criterion.points for criterion in rubric) if kind == "text" else 1.0,
        stem=_both({language: parts[language][0] for language in LANGUAGES}),
        options=options,
        targets=targets,
        key=key,
        unit=unit,
        rubric=rubric,
        reasons=reasons,
    )


def _headings(cells: Cells) -> tuple[Bilingual, Bilingual] | None:
    """The heads of a match's two columns, when all of them are written."""
    english, chinese = (headings(cells[language, "stem"][0]) for language in LANGUAGES)
    left, right = (Bilingual(one, two) for one, two in zip(english, chinese, strict=True))
    return (left, right) if all((left.en, left.zh, right.en, right.zh)) else None


def _lettered(pairs: list[tuple[Entry, Entry]]) -> list[tuple[str, tuple[Entry, Entry]]]:
    return list(zip(LETTERS, pairs, strict=False))


def _targets(
    options: tuple[Option, ...], entries: list[tuple[Entry, Entry]]
) -> tuple[tuple[Option, ...], dict[str, str]]:
    """Right sides, each once, distractors last; two left sides may share a right side."""
    ordered = [pair for pair in entries if pair[0].text] + [pair for pair in entries if not pair[0].text]
    texts = list(dict.fromkeys(Bilingual(one.other, two.other) for one, two in ordered))
    targets = tuple(Option(letter, text) for letter, text in zip(LETTERS, texts, strict=False))
    ids = {target.text: target.id for target in targets}
    pairs = [pair for pair in ordered if pair[0].text]
    return targets, {
        option.id: ids[Bilingual(one.other, two.other)] for option, (one, two) in zip(options, pairs, strict=True)
    }


def _lines(cells: Cells, parts: dict[str, tuple[str, list[Entry]]], draw: NotebookCell | None) -> dict[str, int]:
    lines = {"draw": draw.line if draw else 1}
    for language in LANGUAGES:
        lines[language] = cells[language, "stem"][0].line
        entries = [entry for entry in parts[language][1] if entry.text]
        for letter, entry in zip(LETTERS, entries, strict=False):
            lines[f"{language}.{letter}"] = entry.line
        for part in ("reason", "rubric"):
            if cells[language, part]:
                lines[f"{language}.{part}"] = cells[language, part][0].line
    return lines
