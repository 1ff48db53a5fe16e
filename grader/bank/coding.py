"""Items answered by lines of code: what is given, the author's own lines, and the tests that both must stand."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from grader.bank.draws import NAME, in_time
from grader.bank.lists import Reader
from grader.model import CodeTask, Question
from grader.notebooks import Notebook, NotebookCell

__all__ = ["MOST_LINES", "TAGS", "faults", "lines_of", "read_code"]

TAGS = ("given", "solution", "test")
MOST_LINES = 8
"""Lines of the author's own solution: a manager's answer, not a program."""
MOST_TESTS = 4


def read_code(reader: Reader) -> tuple[CodeTask, str]:
    """The task and the author's solution, from the cells tagged ``given`` (if any), ``solution`` and ``test``."""
    cells = {tag: [cell for cell in reader.notebook.cells if _tagged(cell, tag)] for tag in TAGS}
    for tag in ("given", "solution"):
        if len(cells[tag]) > 1:
            raise reader.stop(cells[tag][1].line, f"an item has one cell tagged {tag}, this is the second; join them")
    if not cells["solution"]:
        raise reader.stop(1, "the author's own lines are missing; add a code cell `:tags: [solution]`")
    if not 1 <= len(cells["test"]) <= MOST_TESTS:
        line = cells["test"][-1].line if cells["test"] else 1
        raise reader.stop(
            line, f"kind code takes 1 to {MOST_TESTS} code cells `:tags: [test]`, got {len(cells['test'])}"
        )
    solution = cells["solution"][0]
    lines = [row for row in solution.source.split("\n") if row.strip() and not row.strip().startswith("#")]
    if len(lines) > MOST_LINES:
        reader.wrong(
            solution.line, f"the solution has {len(lines)} lines, at most {MOST_LINES} are wanted; ask for less"
        )
    given = cells["given"][0].source if cells["given"] else ""
    return CodeTask(given, tuple(cell.source for cell in cells["test"])), solution.source


def lines_of(notebook: Notebook) -> dict[str, int]:
    """The line of the first cell of each tag that there is."""
    return {tag: cell.line for tag in TAGS for cell in reversed(notebook.cells) if _tagged(cell, tag)}


def faults(question: Question) -> Iterator[tuple[str, str]]:
    """What is wrong with a drawn question of code, as place and sentence: its own code is run.

    The solution must pass every test, nothing must pass without an answer, and the names that the tests ask for must
    stand in the text of both languages, so that the candidate knows what to call things.
    """
    task = question.code
    assert task is not None
    solved, error = _run(task.given + "\n" + question.key)
    if error:
        yield "solution", f"given and solution fail with {error}"
        return
    bare, error = _run(task.given)
    for number, test in enumerate(task.tests, start=1):
        if failed := _run(test, dict(solved))[1]:
            yield "test", f"the solution does not pass test {number}: {failed}"
        elif not _run(test, dict(bare))[1]:
            yield "test", f"test {number} passes without any answer; let it ask for what the candidate works out"
    for name in sorted(_asked(task.tests) - set(bare)):
        for language in ("en", "zh"):
            if f"`{name}" not in question.stem.say(language):
                yield language, f"the tests ask for `{name}`, and the {language} text does not name it in backticks"


def _tagged(cell: NotebookCell, tag: str) -> bool:
    return cell.kind == "code" and tag in cell.metadata.get("tags", [])


def _run(source: str, names: dict[str, object] | None = None) -> tuple[dict[str, object], str]:
    """The names that the author's code leaves, and its error as a text; never a candidate's code."""
    space: dict[str, object] = {"__name__": "item"} if names is None else names
    try:
        with in_time():
            exec(compile(source, "item", "exec"), space)
    except (Exception, SystemExit) as error:
        return space, f"{type(error).__name__}: {' '.join(str(error).split())[:120]}".rstrip(": ")
    return space, ""


def _asked(tests: tuple[str, ...]) -> set[str]:
    """Names that the tests read and neither import nor set themselves."""
    read: set[str] = set()
    known = set(dir(builtins))
    for test in tests:
        for node in ast.walk(ast.parse(NAME.sub("0", test))):
            if isinstance(node, ast.Name):
                (read if isinstance(node.ctx, ast.Load) else known).add(node.id)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                known |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return read - known
