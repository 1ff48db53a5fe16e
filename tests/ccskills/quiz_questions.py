"""A question of each kind as a quiz file holds it, shared by the tests of the quiz and of its marks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BOTH = {"en": "?", "zh": "？"}


def options(letters: str, reasons: bool = False) -> list[dict[str, Any]]:
    reason = {"en": "why", "zh": "为什么"}
    return [{"id": one, "html": {"en": one, "zh": one}, "reason_html": reason if reasons else None} for one in letters]


def question(name: str, kind: str, **parts: Any) -> dict[str, Any]:
    return {
        "id": name,
        "version": 1,
        "variant": None,
        "kind": kind,
        "statement": "QA-2.1",
        "statement_text": {"en": "Scores contacts", "zh": "给录音评分"},
        "stem_html": BOTH,
        "reason_html": {"en": "<p>so</p>", "zh": "<p>因此</p>"},
        **parts,
    }


AGENTS = {"en": "agents", "zh": "人"}
CHOICE = question("choice", "choice", options=options("badc", reasons=True), key="b")
MULTI = question("multi", "multi", options=options("ecadb"), key=["a", "c"], choose=2)
NUMBER = question("number", "number", key=17.0, tolerance=0.5, unit=AGENTS)
ORDER = question("order", "order", options=options("cadb"), key=["a", "b", "c", "d"])
MATCH = question("match", "match", options=options("abc"), targets=options("zwyx"), key={"a": "w", "b": "x", "c": "x"})
QUESTIONS = [CHOICE, MULTI, NUMBER, ORDER, MATCH]
RIGHT = {"choice": "b", "multi": ["c", "a"], "number": "17 人", "order": list("abcd"), "match": MATCH["key"]}


def write(path: Path, questions: list[dict[str, Any]] | None = None, **changes: Any) -> None:
    title = {"en": "Team Leader: practice", "zh": "班组长练习"}
    document = {"quiz": 1, "title": title, "questions": QUESTIONS if questions is None else questions} | changes
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
