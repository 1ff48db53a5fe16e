"""The notebook edited: points, names, flags, order, kinds of cells, outputs, marks, kernels, words for the page."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable

from tests.grader.attacks.assignment import PNG, POINTS
from tests.grader.attacks.case import FULL, RIGHT, Case, Work

TESTS = tuple(POINTS)
SCRIPT = "</script></title></pre></style>\"'><script>pwned()</script><img src=x onerror=pwned()>"


def tampered(tries: str, change: Callable[[Work], object]) -> tuple[Case, Case]:
    """The change to a notebook without answers earns nothing; to one with right answers it costs nothing."""

    def right(work: Work) -> None:
        work.write(**RIGHT)
        change(work)

    return Case(tries, change), Case(f"{tries}, right answers", right, FULL)


def each(change: Callable[[Work, str], object]) -> Callable[[Work], object]:
    return lambda work: [change(work, name) for name in TESTS]


def kind(to: str) -> Callable[[Work, str], object]:
    def change(work: Work, name: str) -> None:
        cell = work.cell(name)
        cell["cell_type"] = to
        del cell["outputs"], cell["execution_count"]

    return change


def baked(work: Work, name: str) -> None:
    data = {"text/plain": str(POINTS[name])}
    result = {"output_type": "execute_result", "data": data, "execution_count": 1, "metadata": {}}
    work.cell(name)["outputs"] = [result]
    work.cell(name)["execution_count"] = 1


def baked_marks(work: Work, name: str) -> None:
    work.words(name).update(
        score=99, auto_score=99, manual_score=99, max_score=99, comment="full marks", needs_manual_grade=False
    )


def bonus(work: Work) -> None:
    for number in range(3):
        work.add(
            "4.0", f"bonus-{number}", grade_id=f"bonus-{number}", grade=True, solution=False, locked=True, points=50
        )


def copies(work: Work, first: bool) -> None:
    for name in TESTS:
        copied = copy.deepcopy(work.cell(name))
        work.notebook["cells"].insert(
            0 if first else len(work.notebook["cells"]), {**copied, "id": f"{name}-2", "source": "4.0"}
        )


def under_each_others_names(work: Work) -> None:
    names = dict(zip(TESTS, (*TESTS[1:], TESTS[0]), strict=True))
    cells = {name: work.cell(name) for name in TESTS}
    for name, cell in cells.items():
        cell["metadata"]["nbgrader"]["grade_id"] = names[name]


def answers_as_tests(work: Work) -> None:
    for name in RIGHT:
        work.words(name).update(grade=True, points=100, locked=True)


def kernel(**words: object) -> Callable[[Work], object]:
    return lambda work: work.notebook["metadata"].update(kernelspec=words)


def page(work: Work) -> None:
    """What a page might show as it is: title, language, tags, ids, attachments, outputs."""
    metadata = work.notebook["metadata"]
    metadata |= {"title": SCRIPT, "authors": [{"name": SCRIPT}], "lesson": {"title": {"en": SCRIPT, "zh": SCRIPT}}}
    metadata["language_info"] = {"name": SCRIPT, "pygments_lexer": SCRIPT, "codemirror_mode": SCRIPT}
    metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {"a": {"model_module": SCRIPT}}, "x": SCRIPT}
    }
    text = {"cell_type": "markdown", "id": "mark", "metadata": {"tags": [SCRIPT]}}
    work.notebook["cells"].insert(0, {**text, "source": f"# {SCRIPT}\n[a](javascript:pwned) {SCRIPT}"})
    raw = {"cell_type": "raw", "id": "raw", "metadata": {"raw_mimetype": "text/html", "format": "text/html"}}
    work.notebook["cells"].insert(1, {**raw, "source": SCRIPT})
    image = base64.b64encode(PNG).decode()
    work.write(
        chart=f"script, image = {SCRIPT!r}, {image!r}\n"
        "from IPython.display import HTML, Javascript, Latex, Markdown, SVG, display\n"
        "display(HTML(script), Javascript('pwned()'), Latex(script), Markdown(script))\n"
        "for kind in ('image/png', 'image/jpeg', 'image/svg+xml', 'text/html', 'text/latex', 'text/plain',\n"
        "             'text/markdown', 'application/javascript', 'application/vnd.jupyter.widget-view+json'):\n"
        "    display({kind: script}, raw=True)\n"
        "display({'image/png': image}, raw=True, metadata={'image/png': {'alt': script, 'width': script}})\n"
        "import sys\nprint(script)\nprint('\\x1b]8;;javascript:pwned()\\x1b\\\\x\\x1b[31m' + script, file=sys.stderr)\n"
        "raise type(script, (Exception,), {})(script)"
    )


def pasted(data: str) -> Callable[[Work], object]:
    """A picture pasted into a text, and one that is not there."""

    def change(work: Work) -> None:
        work.write(**RIGHT)
        text = {"cell_type": "markdown", "id": "pasted", "metadata": {}, "attachments": {"a.png": {"image/png": data}}}
        work.notebook["cells"].append({**text, "source": "![one](attachment:a.png) ![none](attachment:b.png)"})

    return change


def words_of_the_page(value: object) -> Callable[[Work], object]:
    def change(work: Work) -> None:
        work.write(**RIGHT)
        work.notebook["metadata"]["lesson"] = value

    return change


PAIRS: dict[str, tuple[Case, Case]] = {
    "asserts-stripped": tampered("tests without their asserts", each(lambda work, name: work.write(**{name: "pass"}))),
    "tests-print-marks": tampered("tests that print marks", each(lambda work, name: work.write(**{name: "4.0"}))),
    "tests-deleted": tampered("tests deleted", each(lambda work, name: work.notebook["cells"].remove(work.cell(name)))),
    "points-raised": tampered("points raised", each(lambda work, name: work.words(name).update(points=1000))),
    "points-odd": tampered(
        "points of text, below zero and nothing", each(lambda work, name: work.words(name).update(points=-1))
    ),
    "tests-unlocked": tampered("tests unlocked", each(lambda work, name: work.words(name).update(locked=False))),
    "tests-called-answers": tampered(
        "tests that call themselves answers",
        each(lambda work, name: work.words(name).update(grade=False, solution=True, locked=False)),
    ),
    "tests-by-hand": tampered(
        "tests that ask for a person", each(lambda work, name: work.words(name).update(solution=True, locked=False))
    ),
    "tests-as-tasks": tampered(
        "tests that call themselves tasks", each(lambda work, name: work.words(name).update(task=True, grade=False))
    ),
    "tests-as-text": tampered("tests as Markdown", each(kind("markdown"))),
    "tests-as-raw": tampered("tests as raw text", each(kind("raw"))),
    "tests-without-words": tampered(
        "tests without nbgrader's words", each(lambda work, name: work.cell(name)["metadata"].clear())
    ),
    "tests-copied-before": tampered("a second copy of each test before the first", lambda work: copies(work, True)),
    "tests-copied-behind": tampered("a second copy of each test behind the last", lambda work: copies(work, False)),
    "tests-renamed": tampered("tests under each other's names", under_each_others_names),
    "tests-of-ones-own": tampered("more tests, of one's own", bonus),
    "outputs-baked": tampered("outputs of a former run that look like marks", each(baked)),
    "marks-baked": tampered("marks in the words of the cells", each(baked_marks)),
    "answers-as-tests": tampered("answers that call themselves tests", answers_as_tests),
    "old-schema": tampered(
        "words of nbgrader's first schema", each(lambda work, name: work.words(name).update(schema_version=0))
    ),
    "kernel-shell": tampered("the kernel of a shell", kernel(name="bash", display_name="Bash", language="bash")),
    "kernel-argv": tampered(
        "a kernel that brings its own program",
        kernel(name="mine", display_name="x", language="python", argv=["/bin/sh", "-c", "touch {course}/pwned"]),
    ),
    "kernel-odd": tampered(
        "a kernel with a path for its name", kernel(name="../../../../tmp", display_name=None, language="python")
    ),
    "checksums": tampered(
        "checksums of one's own", each(lambda work, name: work.words(name).update(checksum="0" * 32))
    ),
    "cell-metadata": tampered(
        "words for execution: skip it, hide it, let it raise",
        each(
            lambda work, name: work.cell(name)["metadata"].update(
                tags=["raises-exception", "skip-execution"], editable=True
            )
        ),
    ),
}
HARMLESS = (
    *("asserts-stripped", "tests-deleted", "points-raised", "points-odd", "tests-called-answers", "tests-by-hand"),
    *(
        "tests-as-tasks",
        "tests-as-text",
        "tests-as-raw",
        "tests-without-words",
        "tests-copied-behind",
        "tests-of-ones-own",
    ),
    *("outputs-baked", "marks-baked", "answers-as-tests", "old-schema", "kernel-argv"),
)
"""Changes that right answers survive with all of their marks."""
CASES: dict[str, Case] = {
    **{name: pair[0] for name, pair in PAIRS.items()},
    **{f"{name}-right": PAIRS[name][1] for name in HARMLESS},
    "tests-first": Case(
        "tests moved before the answers",
        lambda work: (work.write(**RIGHT), each(lambda w, n: w.move(n, 0))(work)),
        {**dict.fromkeys(POINTS, 0.0)},
    ),
    "tests-last": Case(
        "tests moved behind the answers",
        lambda work: (work.write(**RIGHT), each(lambda w, n: w.move(n, 99))(work)),
        FULL,
    ),
    "scripts-for-the-page": Case("scripts wherever a page might show them", page),
    "picture-pasted": Case("a picture pasted into a text", pasted(base64.b64encode(PNG).decode()), FULL),
    "picture-script": Case("a script in the place of a pasted picture", pasted(SCRIPT), FULL),
    "title-text": Case("a text where the page looks for titles", words_of_the_page("x"), FULL),
    "title-list": Case("a list where the page looks for titles", words_of_the_page({"title": ["x"]}), FULL),
    "title-number": Case("a number for a title", words_of_the_page({"title": {"en": 7, "zh": {}}}), FULL),
    "flags-of-a-stranger": Case(
        "a cell that claims to be graded, without points",
        lambda work: work.add("4.0", grade_id="t-mean", grade=True, solution=False),
    ),
}
