"""The feedback page as a trainee opens it: marks and comments on top, in the language of the work, complete offline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from grader.nbcourse._cells import language_of

__all__ = ["FeedbackPage", "summarise"]

_CHECK = re.compile(r"(: check|：检查)$")
_WORDS = {
    "en": {
        "lang": "en",
        "feedback": "Feedback",
        "colon": ": ",
        "total": "Your result:",
        "points": "points",
        "comment": "Comment:",
        "yours": "Your answer",
        "check": "What was checked",
        "late": "Handed in late:",
        "note": "Click a line to see your answer. Besides the check, tests that are not shown decide the marks.",
        "none": "No response.",
    },
    "zh": {
        "lang": "zh-CN",
        "feedback": "反馈",
        "colon": "：",
        "total": "总分：",
        "points": "分",
        "comment": "评语：",
        "yours": "你的作答",
        "check": "检查了什么",
        "late": "迟交扣分：",
        "note": "点某一行，可以看到你的作答。得分除了看检查，还看一些不公开的测试。",
        "none": "未作答。",
    },
}


class FeedbackPage(HTMLExporter):
    """nbgrader's feedback with a template of our own: no script, nothing fetched from the internet."""

    def __init__(self, config: Any = None, **options: Any) -> None:
        ours = Config(config or {})
        # Under its own name, since formgrader sets its template for HTMLExporter.
        ours.FeedbackPage.template_name = "academy-feedback"
        ours.FeedbackPage.extra_template_basedirs = [str(Path(__file__).with_name("templates"))]
        super().__init__(config=ours, **options)  # type: ignore[no-untyped-call]


def summarise(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """What the page says on top: title, and for every graded cell its name, marks and comments; after ``GetGrades``."""
    language = language_of(notebook)
    words = _WORDS[language]
    title = _inner(notebook["metadata"], "lesson", "title", language)
    rows, comments = [], []
    for cell, label in _labelled(notebook["cells"], language):
        graded = cell["metadata"]["nbgrader"]
        if graded.get("comment") == _WORDS["en"]["none"]:
            graded["comment"] = words["none"]
        if graded.get("comment"):
            comments.append(graded["comment"])
        if graded.get("grade") or graded.get("task"):
            score, points = float(graded["score"]), float(graded["points"])
            state = "full" if score >= points else "part" if score > 0 else "none"
            rows.append({"anchor": graded["grade_id"], "label": label, "score": score, "points": points})
            rows[-1] |= {"state": state, "comments": comments}
            comments = []
    resources["feedback"] = {
        "words": words,
        "title": title if isinstance(title, str) and title else resources["nbgrader"]["notebook"],
        "rows": rows,
        "labels": {row["anchor"]: row["label"] for row in rows},
    }
    _describe_images(notebook)
    return notebook, resources


def _inner(words: Any, *keys: str) -> Any:
    """A value in nested words of the notebook, whatever a candidate made of them; None when it is not there."""
    for key in keys:
        words = words.get(key) if isinstance(words, dict) else None
    return words


def _labelled(cells: Any, language: str) -> Iterator[tuple[Any, str]]:
    """The cells that nbgrader knows, each with what a person would call it.

    A test cell says so itself in its first line (``# Exercise 1: check``, ``# 练习1：检查``, or both beside each
    other), any other goes by the heading above it.
    """
    heading = ""
    for cell in cells:
        words = cell["metadata"].get("nbgrader")
        lines = cell["source"].splitlines() or [""]
        if words and (words.get("grade") or words.get("solution") or words.get("task")):
            names = [name.rstrip() for name in lines[0].lstrip("# ").split("  ") if name.strip()]
            name = names[language == "zh" and len(names) > 1].strip() if names else ""
            named = len(names) == 2 or (len(names) == 1 and _CHECK.search(name))
            if words.get("solution") or not lines[0].startswith("# ") or not named:
                yield cell, heading or words["grade_id"]
            else:
                yield cell, _CHECK.sub("", name)
        elif cell["cell_type"] == "markdown":
            heading = next((line.lstrip("# ") for line in reversed(lines) if re.match(r"#+ ", line)), heading)


def _describe_images(notebook: Any) -> None:
    """Give a chart the sentence that its cell printed as the text for people who do not see it."""
    for cell in notebook["cells"]:
        said = " ".join(out["text"].strip() for out in cell.get("outputs", []) if out["output_type"] == "stream")
        for output in cell.get("outputs", []):
            if said and "image/png" in output.get("data", {}):
                output["metadata"].setdefault("image/png", {}).setdefault("alt", said)
