"""The shape of a lesson: how it opens, what every exercise brings, charts for the ear too, quiz, summary, words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from grader.errors import Problem
from grader.lessons.cells import exercise_of, kind
from grader.lessons.glossary import misused
from grader.lessons.sidecar import DETAILS, FENCED, framework, headings
from grader.lessons.summary import last_section
from grader.model import LANGUAGES
from grader.notebooks import Notebook, NotebookCell, choose

__all__ = ["CORE", "PLACEHOLDER", "check_shape", "shape_hints"]

CORE = ("FC", "QA", "PM", "RP")
"""The domains of the lessons 01 to 04 of a level."""
PLACEHOLDER = re.compile(r"WRITE:|待写：")
"""What the template of a new lesson leaves to be written."""
EXERCISE = re.compile(r"e[1-9]")
IMAGE = re.compile(r"!\[([^\]]*)\]\(|<img\b(?![^>]*\balt=\"[^\"]+\")")
CHART = re.compile(r"\breporting\.\w+_chart\(")
WORDS = re.compile(r"[A-Za-z0-9][\w’'.,%-]*")
HAN = re.compile(r"[\u4e00-\u9fff]")
MOST_WORDS, MOST_HAN = 450, 900
"""What a summary may hold to fit on one printed page."""

Fault = tuple[int, str]


def check_shape(lesson: Notebook) -> list[Problem]:
    """What the lesson lacks of the shape that all lessons have."""
    faults = [*_opening(lesson), *_exercises(lesson.cells), *_calls(lesson.cells), *_charts(lesson.cells)]
    faults += _unwritten(lesson)
    for language in LANGUAGES:
        cells = choose(lesson, language).cells
        faults += [*_headings(cells), *_statements(lesson, cells, language), *_summary(cells, language)]
        faults += [*_words(cells, language)]
    return [Problem(lesson.where(line), sentence) for line, sentence in dict.fromkeys(faults)]


def _has(cell: NotebookCell, what: str) -> bool:
    return cell.kind == "code" and what in cell.source


def _opening(lesson: Notebook) -> Iterator[Fault]:
    name = lesson.path.removesuffix(".md")
    wanted = f'lesson.begin("{name}", language)'
    places = [number for number, cell in enumerate(lesson.cells) if _has(cell, "lesson.begin(")]
    if not places or wanted not in lesson.cells[places[0]].source:
        line = lesson.cells[places[0]].line if places else 1
        yield line, f"the setup cell must hold `{wanted}`, so that errors are told in plain words; write it there"
    elif [cell for cell in lesson.cells[: places[0]] if cell.kind == "code" and cell.language is None]:
        yield lesson.cells[places[0]].line, "`lesson.begin` stands in the first cell that both languages share; move it"
    for cell in lesson.cells:
        if _has(cell, "InteractiveTB"):
            yield cell.line, "`lesson.begin` sets how errors are shown; take the lines with InteractiveTB out"


def _exercises(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    """Names e1, e2, ..., a hint in each language, and a tick at the end of what the learner sees of each check."""
    count, texts, current = 0, {language: "" for language in LANGUAGES}, ""
    for cell in cells:
        found = kind(cell)
        if cell.kind == "markdown" and cell.language:
            texts[cell.language] += cell.source
        if found == "answer":
            count, current = count + 1, exercise_of(cell)
            if not EXERCISE.fullmatch(current) or cell.metadata["nbgrader"]["grade_id"] != f"e{count}-answer":
                name = cell.metadata["nbgrader"]["grade_id"]
                yield cell.line, f"`grade_id` of the answer must be e{count}-answer, got {name!r}; rename it"
            for language, text in texts.items():
                if not DETAILS.search(text):
                    todo = "add <details><summary>Hint</summary> ... </details> to its text"
                    yield cell.line, f"exercise {count} has no hint in {language}; {todo}"
        if found == "test":
            yield from _check_of(cell, current)
        if found in ("test", "written"):
            texts = {language: "" for language in LANGUAGES}
    written = [cell for cell in cells if kind(cell) == "written"]
    for cell in written[1:]:
        yield cell.line, "a lesson has one written task, this is one more; make it part of the first or take it out"


def _check_of(cell: NotebookCell, exercise: str) -> Iterator[Fault]:
    name = cell.metadata["nbgrader"]["grade_id"]
    if EXERCISE.fullmatch(exercise) and not re.fullmatch(rf"{exercise}[a-z]?", str(name)):
        yield (
            cell.line,
            f"`grade_id` of a check of exercise {exercise} is {exercise} or {exercise}a, got {name!r}; rename it",
        )
    shown = cell.source.partition("### BEGIN HIDDEN TESTS")[0].rstrip()
    last = shown.rpartition("\n")[2].strip()
    if last != f'lesson.passed("{name}")':
        todo = f'end what the learner sees with `lesson.passed("{name}")`, and import lesson in the cell'
        yield cell.line, f"a check that passes says so with a tick; {todo}"
    first = cell.source.partition("\n")[0]
    if not re.fullmatch(r"# .+: check  .*[\u4e00-\u9fff].*：检查", first):
        yield (
            cell.line,
            f"a check opens with its name for the feedback page, `# Exercise 1: check  练习1：检查`, got {first!r}",
        )


def _calls(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    if not any(_has(cell, "explore.") for cell in cells):
        yield 1, "a lesson has a widget to play with, a cell such as `explore.staffing(language, ...)`; add it"
    quizzes = [cell for cell in cells if _has(cell, "lesson.quiz()")]
    if len(quizzes) != 1:
        yield 1, f"a lesson has one cell `lesson.quiz()`, this one has {len(quizzes)}; put one before the summary"
    for cell in quizzes:
        if cell.language is not None or cell.source.strip().split("\n")[-1] != "lesson.quiz()" or kind(cell):
            yield cell.line, "`lesson.quiz()` stands alone in a code cell that both languages share; mend the cell"


def _charts(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    """A chart is not for eyes only: its sentence is printed by the same cell; pictures have a text."""
    for cell in cells:
        if cell.kind == "code" and kind(cell) is None:
            if CHART.search(cell.source) and "print(reporting.describe(" not in cell.source:
                yield cell.line, "a chart comes with its sentence: add `print(reporting.describe(chart))` to the cell"
            if re.search(r"\bplt\.|\.plot[.(]|\bpyplot\b", cell.source):
                yield (
                    cell.line,
                    "draw with ccskills.reporting, whose charts can be described in words; replace this one",
                )
        for found in IMAGE.finditer(cell.source) if cell.kind == "markdown" else ():
            if not (found[1] or "").strip():
                yield cell.line, "a picture needs a text for people who do not see it: ![what it shows](file)"


def _headings(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    found = list(headings(cells))
    tops = [cell for cell, level, _ in found if level == 1]
    if not found or found[0][1] != 1 or len(tops) != 1:
        line = tops[1].line if len(tops) > 1 else 1
        yield line, "a lesson has one heading of level 1 (#), its title, before all others; mend the headings"
    for (_, before, _), (cell, level, text) in pairwise(found):
        if level > before + 1:
            yield (
                cell.line,
                f"headings go down step by step, and {text!r} of level {level} follows one of level {before}",
            )


def _statements(lesson: Notebook, cells: Sequence[NotebookCell], language: str) -> Iterator[Fault]:
    """Every statement of the header is named in the goals, the first text, or in a heading."""
    told = lesson.header.get("lesson")
    codes = told.get("statements") if isinstance(told, dict) else None
    first = next((cell.source for cell in cells if cell.kind == "markdown"), "")
    named = first + " ".join(text for _, _, text in headings(cells))
    for code in codes if isinstance(codes, list) else ():
        if str(code) not in named:
            yield (
                lesson.lines.get("lesson.statements", 1),
                f"{code} is named in no goal and no heading ({language}); name it",
            )


def _summary(cells: Sequence[NotebookCell], language: str) -> Iterator[Fault]:
    title, text = last_section(cells)
    if not title:
        yield 1, f"the last section (## ...) is the summary, and there is none ({language}); write it"
        return
    last = max(number for number, cell in enumerate(cells) if any(level == 2 for _, level, _ in headings([cell])))
    if any(cell.kind == "code" for cell in cells[last:]):
        yield (
            cells[last].line,
            f"the last section is the summary on one page and holds no code; move {title!r} before it",
        )
    if not re.search(r"^(\||[-*] |\d+\. )", text, re.M):
        yield (
            cells[last].line,
            f"the summary says it in a table or a list, and {title!r} has none ({language}); add one",
        )
    length, most, unit = (
        (len(WORDS.findall(text)), MOST_WORDS, "words")
        if language == "en"
        else (len(HAN.findall(text)), MOST_HAN, "characters")
    )
    if length > most:
        yield cells[last].line, f"the summary must fit on one page, at most {most} {unit}, and has {length}; shorten it"


def _words(cells: Sequence[NotebookCell], language: str) -> Iterator[Fault]:
    for cell in cells:
        for word, term in misused(FENCED.sub("", cell.source), language):
            yield cell.line, f"the glossary says {term!r}, and here stands {word!r}; write the term"


def _unwritten(lesson: Notebook) -> Iterator[Fault]:
    given = lesson.header.get("lesson")
    if isinstance(given, dict) and PLACEHOLDER.search(str(given.get("title"))):
        yield lesson.lines.get("lesson.title", 1), "still to be written: the title in the header, in both languages"
    for cell in lesson.cells:
        for number, line in enumerate(cell.source.split("\n")):
            # One line of a table may hold several; what closes a string or a cell is not part of what is asked for.
            parts = [part.strip(" *|,;:，；：\"')") for part in PLACEHOLDER.split(line)[1:]]
            if parts:
                asked = " | ".join(filter(None, parts)) or line
                yield cell.line + number, f"still to be written: {asked!r}"


# --- what a person should look at -------------------------------------------------------------------------------------


def shape_hints(lesson: Notebook, practice: int) -> list[Problem]:
    """What is no fault and often a weakness; ``practice`` is how many practice questions the lesson has."""
    found: list[Fault] = []
    level = lesson.header["lesson"]["level"]
    if left_out := _left_out(lesson):
        line = lesson.lines.get("lesson.statements", 1)
        found.append((line, f"{', '.join(left_out)} of the same domain and level: does another lesson teach them?"))
    cells = choose(lesson, "en").cells
    if practice < 4:
        found.append((1, f"the bank has {practice} practice questions for these statements; four or more make a quiz"))
    if not any("data.load(" in cell.source for cell in cells):
        found.append((1, "no real data is used; is there none for this subject? `data.load` lists what there is"))
    for cell in cells:
        length = len(WORDS.findall(FENCED.sub("", cell.source)))
        if cell.kind == "markdown" and length > 380:
            found.append((cell.line, f"{length} words without a cell to run; split them or show something in between"))
        lines = len([line for line in cell.source.split("\n") if line.strip()])
        if cell.kind == "code" and kind(cell) is None and lines > (12 if level < 4 else 20):
            hidden = cell.metadata.get("jupyter", {}).get("source_hidden")
            if not hidden:
                found.append(
                    (cell.line, f"{lines} lines of code in view of a learner of level {level}; fold or shorten them")
                )
        if kind(cell) == "test" and cell.source.partition("### BEGIN HIDDEN")[0].count("\nassert ") < 2:
            found.append(
                (cell.line, "the check explains no usual mistake beside the missing answer; which one is usual?")
            )
    return [Problem(lesson.where(line), sentence) for line, sentence in found]


def _left_out(lesson: Notebook) -> list[str]:
    """Statements of the domains and the level of the lesson that its header does not name."""
    told = lesson.header["lesson"]
    domains = {code.partition("-")[0] for code in told["statements"]}
    return [
        statement.code
        for known in framework().domains
        for cell in known.cells
        for statement in cell.statements
        if known.code in domains and cell.level == told["level"] and statement.code not in told["statements"]
    ]
