"""A small lesson in a live notebook: a real IPython shell runs the cells, in a folder that holds the lesson's file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import ccskills
from ccskills import lesson
from ccskills.lesson import _progress

NAME = "supervisor/01-workload"
BESIDE: dict[str, Any] = {
    "lesson": NAME,
    "language": "en",
    "title": "Workload",
    "level": 3,
    "minutes": 60,
    "needs": [],
    "statements": {"FC-3.3": "Works out positions"},
    "ccskills": ccskills.__version__,
    "names": {"lesson": "", "ours": "2. The data", "calls": "3. Cleaning"},
    "answers": {"agents": "e1", "level_c": "e2", "level_a": "e2"},
    "exercises": [
        {
            "id": "e1",
            "title": "Exercise 1: people",
            "checks": ["e1"],
            "hints": [{"text": "First.", "html": "<p>First.</p>"}, {"text": "Second.", "html": "<p>Second.</p>"}],
            "solution": "agents = 21",
        },
        {"id": "e2", "title": "Exercise 2: levels", "checks": ["e2a", "e2b"], "hints": []},
    ],
    "quiz": {
        "quiz": 1,
        "title": {"en": "Workload: practice", "zh": "话务负荷：练习"},
        "questions": [
            {
                "id": "FC-3.3-a", "version": 1, "variant": None, "kind": "choice", "statement": "FC-3.3", "key": "a",
                "statement_text": {"en": "Positions", "zh": "座席数"}, "stem_html": {"en": "How?", "zh": "怎么算？"},
                "options": [
                    {"id": "a", "html": {"en": "divide", "zh": "除"}, "reason_html": None},
                    {"id": "b", "html": {"en": "multiply", "zh": "乘"}, "reason_html": None},
                ],
            }
        ],
    },
}  # fmt: skip
CHECK = """
# Exercise 1: check  练习1：检查
assert agents is not None, {"en": "Exercise 1 has no answer yet.", "zh": "练习1还没有作答。"}[language]
assert agents != 30, {"en": "did you multiply by (1 + shrinkage)?", "zh": "是不是乘了（1＋缩减率）？"}[language]
lesson.passed("e1")
"""


class Notebook:
    """A shell in a folder, with what its cells published."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        self.shell: Any = InteractiveShell(config=config)
        self.said: list[dict[str, str]] = []
        self.shell.display_pub.publish = lambda data, *_, **__: self.said.append(data)

    def run(self, code: str) -> str:
        """Run a cell; what was said of it, as plain text."""
        self.said.clear()
        self.shell.run_cell(code)
        return "\n".join(one["text/plain"] for one in self.said)

    def open(self, language: str = "en", name: str = NAME) -> str:
        return self.run(f'from ccskills import lesson\nlanguage = "{language}"\nlesson.begin("{name}", language)')


def fixtures() -> tuple[Any, Any]:
    """The fixtures ``folder`` and ``notebook`` of a module of tests."""

    @pytest.fixture
    def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
        monkeypatch.setattr(lesson._Here, "lesson", None)
        monkeypatch.setattr(lesson._Here, "lacks", lesson._NO_LESSON)
        monkeypatch.setattr(lesson._Here, "language", "en")
        monkeypatch.setattr(lesson._Here, "spoken", False)
        return tmp_path

    @pytest.fixture
    def notebook(folder: Path) -> Notebook:
        write(folder)
        return Notebook()

    return folder, notebook


def write(folder: Path, name: str = "01-workload", **other: Any) -> None:
    (folder / f"{name}.lesson.json").write_text(json.dumps(BESIDE | other), "utf-8")


def progress() -> list[tuple[str, str]]:
    path = _progress.place()
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [(entry["event"], entry["check"]) for entry in map(json.loads, lines)]


def shown(notebook: Notebook, code: str) -> Any:
    return notebook.shell.run_cell(code).result
