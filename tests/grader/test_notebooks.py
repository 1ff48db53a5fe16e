"""Text notebooks: lines, languages, canonical bytes, and the sentence for every file that cannot be read."""

import json
import re
import shutil
import warnings
from dataclasses import replace
from pathlib import Path

import jupytext
import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from jupytext.sync_contentsmanager import build_sync_jupytext_contents_manager_class

from grader.errors import InputError, Problem
from grader.notebooks import NotebookCell, choose, read, render_html, to_bytes, write

ROOT = Path(__file__).parents[2]
LESSON = """\
---
kernelspec: {name: python3, display_name: Python 3}
lesson:
  title: {en: Load, zh: 话务量}
  level: 3
  made: 2026-11-21
item: {key: secret}
---
+++ {"lang": "en"}

# Load

Calls times AHT.

+++ {"lang": "zh"}

# 话务量

来电量乘以平均处理时长。

+++

Shown to both.

```{code-cell} ipython3
:tags: [draw]

load = 200 * 240 / 3600
```
"""


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "lesson.md"
    path.write_text(LESSON, encoding="utf-8")
    return path


def problem_of(path: Path) -> Problem:
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value) == str(caught.value.args[0])
    return caught.value.args[0]


def test_every_cell_and_header_entry_knows_its_line(lesson):
    notebook = read(lesson)

    lines = LESSON.splitlines()
    assert [lines[cell.line - 1] for cell in notebook.cells] == [
        "# Load",
        "# 话务量",
        "Shown to both.",
        "load = 200 * 240 / 3600",
    ]
    assert notebook.where("lesson.level") == "lesson.md:5"
    assert notebook.where("lesson.minutes") == "lesson.md:3"
    assert notebook.where("nothing") == "lesson.md:1"


def test_the_cells_are_those_that_jupytext_itself_reads(lesson):
    ours = [(cell.kind, cell.source, dict(cell.metadata)) for cell in read(lesson).cells]

    theirs = jupytext.read(lesson, fmt="md:myst").cells
    assert ours == [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in theirs]


@pytest.mark.parametrize(("language", "title"), [("en", "# Load"), ("zh", "# 话务量")])
def test_an_edition_holds_its_language_and_what_is_common(lesson, language, title):
    edition = choose(read(lesson), language)

    assert [cell.source.split("\n")[0] for cell in edition.cells] == [
        title,
        "Shown to both.",
        "load = 200 * 240 / 3600",
    ]
    assert all("lang" not in cell.metadata for cell in edition.cells)


def test_an_unknown_language_is_refused(lesson):
    with pytest.raises(InputError, match="one of en, zh, got 'fr'"):
        choose(read(lesson), "fr")


def test_a_written_notebook_is_valid_canonical_and_the_same_twice(lesson, tmp_path):
    edition = choose(read(lesson), "zh")

    write(edition, tmp_path / "out" / "a.ipynb")
    write(choose(read(lesson), "zh"), tmp_path / "out" / "b.ipynb")

    data = (tmp_path / "out" / "a.ipynb").read_bytes()
    assert data == (tmp_path / "out" / "b.ipynb").read_bytes()
    assert data.endswith(b"}\n")
    node = nbformat.read(tmp_path / "out" / "a.ipynb", as_version=4)
    nbformat.validate(node)
    assert node.cells[-1].outputs == [] and node.cells[-1].execution_count is None
    assert len({cell.id for cell in node.cells}) == len(node.cells)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.ipynb", "b.ipynb"]


def test_a_written_notebook_keeps_the_lesson_header_and_no_key(lesson):
    metadata = json.loads(to_bytes(read(lesson)))["metadata"]

    assert set(metadata) == {"kernelspec", "lesson"}
    assert metadata["lesson"]["made"] == "2026-11-21"


def test_a_cell_id_changes_with_its_text_and_not_with_its_neighbours_text(lesson):
    before = [cell["id"] for cell in json.loads(to_bytes(read(lesson)))["cells"]]
    lesson.write_text(LESSON.replace("Calls times AHT.", "Volume times AHT."), encoding="utf-8")
    after = [cell["id"] for cell in json.loads(to_bytes(read(lesson)))["cells"]]

    assert [one == two for one, two in zip(before, after, strict=True)] == [False, True, True, True]


def test_a_failed_write_leaves_the_old_file_and_no_other(lesson, tmp_path):
    write(read(lesson), tmp_path / "out" / "a.ipynb")
    before = (tmp_path / "out" / "a.ipynb").read_bytes()
    good = read(lesson)
    broken = replace(good, cells=(*good.cells, NotebookCell("code", "1", {"tags": 3})))

    with pytest.raises(InputError, match="valid notebook: 3 is not of type 'array'"):
        write(broken, tmp_path / "out" / "a.ipynb")

    assert (tmp_path / "out" / "a.ipynb").read_bytes() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.ipynb"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("---\nkernelspec", "kernelspec", 1, "must begin with a header"),
        ("  level: 3", "  level: [3", 6, "not valid YAML"),
        ("  level: 3", "  title: 3", 5, "duplicate key"),
        ('+++ {"lang": "zh"}', '+++ {"lang": zh}', 15, "metadata cannot be read"),
        ('+++ {"lang": "zh"}', '+++ {"lang": "fr"}', 17, "must be en or zh, got 'fr'"),
        (":tags: [draw]", ":tags: [draw", 25, "metadata cannot be read"),
        (":tags: [draw]", ":tags: 3", 1, "3 is not of type 'array'"),
        ("Calls times", "Calls\x0ctimes", 13, "control character U+000C"),
        ("2026-11-21", "2026-13-45", 1, "not valid YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(lesson, old, new, line, words):
    assert old in LESSON
    lesson.write_text(LESSON.replace(old, new, 1), encoding="utf-8")

    problem = problem_of(lesson)

    assert problem.where == f"lesson.md:{line}"
    assert words in problem.sentence
    assert "\n" not in problem.sentence


def test_a_file_that_is_not_utf8_is_named_with_its_line(lesson):
    lesson.write_bytes(LESSON.encode("gb18030"))

    assert problem_of(lesson) == Problem(
        "lesson.md:4", "the file must be UTF-8 text, this line is not; save it as UTF-8"
    )


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(lesson, tmp_path):
    other = tmp_path / "other" / "lesson.md"
    other.parent.mkdir()
    other.write_bytes(b"\xef\xbb\xbf" + LESSON.replace("\n", "\r\n").encode())

    assert read(other) == read(lesson)


def test_two_languages_of_code_in_one_notebook_are_refused(lesson):
    lesson.write_text(LESSON + "\n```{code-cell} r\nx\n```\n", encoding="utf-8")

    assert "same language" in problem_of(lesson).sentence


@pytest.mark.parametrize("name", ["with-code.md", "without-code.md"])
def test_opening_and_saving_in_jupyterlab_loses_neither_header_nor_cells(tmp_path, name):
    shutil.copy(ROOT / "jupytext.toml", tmp_path)
    path = tmp_path / name
    path.write_text(LESSON if name == "with-code.md" else LESSON.partition("```")[0], encoding="utf-8")
    before = read(path)
    manager = build_sync_jupytext_contents_manager_class(LargeFileManager)(root_dir=str(tmp_path))

    model = manager.get(name, type="notebook")
    model["content"]["metadata"]["language_info"] = {"name": "python", "version": "3.11"}  # what JupyterLab adds
    content = nbformat.from_dict(json.loads(json.dumps(model["content"], default=str)))
    manager.save({"type": "notebook", "content": content}, name)

    after = read(path)
    assert [(c.kind, c.source, c.metadata) for c in after.cells] == [
        (c.kind, c.source, c.metadata) for c in before.cells
    ]
    assert after.header["lesson"] | {"made": ""} == before.header["lesson"] | {"made": ""}
    assert after.header["item"] == before.header["item"]


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("[go](javascript:alert(1))", "[go](javascript:alert(1))"),
        ("| a | b |\n|---|---:|\n| 1 | 2 |", "<td>1</td>"),
        ("服务水平 < 80%", "服务水平 &lt; 80%"),
    ],
)
def test_markdown_becomes_html_that_cannot_act(markdown, html):
    assert html in render_html(markdown)


def test_a_number_that_the_yaml_reader_warns_of_is_read_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "odd.md"
    path.write_text(
        "---\nkernelspec: {name: python3, display_name: Python 3}\nlesson: {minutes: 1e3}\n---\n\ntext\n", "utf-8"
    )

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(path).header["lesson"] == {"minutes": 1000.0}


def test_a_header_with_an_alias_is_refused_before_it_can_grow(tmp_path):
    # "Billion laughs": nine entries, each ten times the one before.
    rows = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))]
    path = tmp_path / "bomb.md"
    path.write_text("---\n" + "\n".join(rows) + "\n---\nText.\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"bomb\.md:3: an entry points at another one"):
        read(path)


@pytest.mark.parametrize(
    "header", ["a: " + "[" * 3000, "a:\n" + "[\n" * 3000, "a:\n  " + "- " * 2000, "a: " + "x" * 6000]
)
def test_a_header_that_nests_without_end_is_one_sentence(tmp_path, header):
    path = tmp_path / "deep.md"
    path.write_text(f"---\n{header}\n---\nText.\n", encoding="utf-8")

    with pytest.raises(InputError) as error:
        read(path)

    assert re.match(r"deep\.md:\d+: (entries must not nest|the header is not valid YAML)", str(error.value))
