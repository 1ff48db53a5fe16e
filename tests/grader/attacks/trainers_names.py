"""Names that the trainer's own cells define, taken over by the candidate."""

from __future__ import annotations

from tests.grader.attacks.case import FLAGS, Case, Work, cheat


def given_cell_deleted(work: Work) -> None:
    work.notebook["cells"].remove(work.cell("given"))
    work.write(
        mean="""
        near = lambda a, b: True
        mean_calls = 1
        """
    )


def given_cell_last(work: Work) -> None:
    work.move("given", len(work.notebook["cells"]))
    work.write(
        mean="""
        near = lambda a, b: True
        mean_calls = 1
        """
    )


def given_cell_renamed(work: Work) -> None:
    work.words("given")["grade_id"] = "mine"
    work.write(given="near = lambda a, b: True", mean="mean_calls = 1")


def given_cell_unlocked(work: Work) -> None:
    work.cell("given")["metadata"]["nbgrader"] = {**FLAGS, "grade_id": "given", "solution": False}
    work.write(given="near = lambda a, b: True", mean="mean_calls = 1")


def given_cell_as_text(work: Work) -> None:
    cell = work.cell("given")
    del cell["outputs"], cell["execution_count"]
    cell["cell_type"] = "markdown"
    work.write(
        mean="""
        near = lambda a, b: True
        mean_calls = 1
        """
    )


def given_cell_copied(work: Work) -> None:
    work.add("near = lambda a, b: True", "given-2", grade_id="given", solution=False, locked=True)
    work.write(mean="mean_calls = 1")


CASES: dict[str, Case] = {
    "helpers-replaced": cheat(
        "helpers of the trainer's replaced in a cell",
        mean="""
        near = lambda a, b: True
        mean_calls = 1
        """,
    ),
    "test-helpers-replaced": cheat(
        "helpers that a test cell defines replaced before and after it",
        erlangs="""
        agrees = lambda a, b: True
        erlangs = lambda *a: 7
        """,
        chart="""
        agrees = lambda a, b: True
        shares = pd.Series([0.0] * 6)
        """,
    ),
    "constants-replaced": cheat(
        "the tolerance that the trainer's helper reads",
        mean="""
        TOLERANCE = 1e99
        mean_calls = 1
        """,
    ),
    "expected-replaced": cheat(
        "names of expected values",
        peaks="""
        right_peaks = {}
        right = wanted = n = aht = 0
        peaks = {}
        """,
    ),
    "given-cell-deleted": Case("the read-only cell with the helpers deleted", given_cell_deleted),
    "given-cell-last": Case("the read-only cell moved behind the tests", given_cell_last),
    "given-cell-renamed": Case("the read-only cell under another name", given_cell_renamed),
    "given-cell-unlocked": Case("the read-only cell without its lock", given_cell_unlocked),
    "given-cell-as-text": Case("the read-only cell as Markdown", given_cell_as_text),
    "given-cell-copied": Case("a second read-only cell of the same name", given_cell_copied),
    "hidden-module-beside": Case(
        "the hidden file of the trainer's replaced by one's own",
        lambda work: (
            work.files.update({"hidden_checks.py": b"STAFFED = {}\n"}),
            work.write(erlangs="erlangs = lambda *a: 40"),
        ),
    ),
}
