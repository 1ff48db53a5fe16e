"""A practice quiz inside a notebook: one question at a time, feedback at once, answers kept beside the quiz.

``show("team-leader.quiz.json")`` is all that a notebook needs. The rules by which an answer is marked are here, in
Python; the page in ``static`` only shows and asks, and learns a key when its question has been answered.
"""

from __future__ import annotations

import functools
import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ._file import append_progress, read_progress, read_quiz
from ._marks import Refused, mark, read_number
from ._ready import Readiness, attempts, readiness

__all__ = ["Quiz", "Readiness", "Sentence", "attempts", "read_number", "read_progress", "readiness", "show"]

_STATIC = Path(__file__).parent / "static"
_LANGUAGES = ("en", "zh")
_OPEN = ("id", "kind", "statement", "statement_text", "stem_html", "unit", "choose")
"""What the page may know of a question before it is answered; options and targets go without ``right`` and reason."""


class Quiz:
    """A quiz and what the learner has answered so far; works without any notebook.

    Parameters
    ----------
    file : str or Path
        A ``.quiz.json`` file, or the ``.lesson.json`` file of a lesson.
    progress : str or Path, optional
        Where answers are kept; beside the quiz as ``<name>.progress.jsonl`` when it is not given.

    Raises
    ------
    ValueError
        When the quiz cannot be used: one sentence that says what was wanted, what came and where.
    """

    def __init__(self, file: str | Path, progress: str | Path | None = None) -> None:
        path = Path(file)
        self.document = read_quiz(path)
        self.progress = Path(progress) if progress else path.with_name(_name(path) + ".progress.jsonl")
        self.questions: dict[str, Mapping[str, Any]] = {one["id"]: one for one in self.document["questions"]}
        self.answers: dict[str, dict[str, Any]] = {}
        """By question: ``value`` as it was given and the share of the mark, ``points``, 0 to 1."""
        self.kept = True
        """False once an answer could not be written to the disk."""
        self._replay()

    def answer(self, question: str, value: Any) -> float:
        """Mark an answer and keep it; the share of the mark, 0 to 1.

        Raises ``ValueError`` when it cannot be read as an answer: nothing is counted, the learner is asked again.
        """
        asked = self.questions[question]
        points = mark(asked, value)
        self.answers[question] = {"value": value, "points": points}
        self._keep({"event": "answer", **_identity(asked), "value": value, "points": points})
        return points

    def again(self, questions: list[str]) -> None:
        """Open these questions anew; what was answered before stays in the file."""
        for question in questions:
            self.answers.pop(question, None)
        self._keep({"event": "again", "questions": questions})

    def results(self) -> dict[str, dict[str, Any]]:
        """Each answer with all that may be told once it is given: points, key, reasons."""
        return {name: answer | _told(self.questions[name]) for name, answer in self.answers.items()}

    def _replay(self) -> None:
        """Take up the answers that the file holds to these very questions (same version, same numbers)."""
        try:
            entries = read_progress(self.progress)
        except OSError:
            entries, self.kept = [], False
        for entry in entries:
            if entry["event"] == "again":
                for name in entry["questions"]:
                    self.answers.pop(str(name), None)
                continue
            asked = self.questions.get(entry["question"])
            if asked and all(entry.get(name) == part for name, part in _identity(asked).items()):
                try:
                    self.answers[asked["id"]] = {"value": entry["value"], "points": mark(asked, entry["value"])}
                except ValueError:  # a line that somebody edited
                    continue

    def _keep(self, entry: Mapping[str, Any]) -> None:
        try:
            append_progress(self.progress, entry)
            self.kept = True
        except OSError:
            self.kept = False


class Sentence:
    """One sentence in the place of a quiz that cannot be shown."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<p role="alert"><strong>{html.escape(self.text)}</strong></p>'


def show(file: str | Path, language: str = "en", progress: str | Path | None = None) -> Any:
    """Show the quiz of a file in the notebook's cell.

    Parameters
    ----------
    file : str or Path
        A ``.quiz.json`` file, as seen from the notebook's folder.
    language : str, optional
        ``"en"`` or ``"zh"``; the learner can change it on the quiz.
    progress : str or Path, optional
        Where answers are kept; beside the quiz as ``<name>.progress.jsonl`` when it is not given. Running the cell
        again goes on where one was.

    Returns
    -------
    anywidget.AnyWidget or Sentence
        The quiz, or one clear sentence when the file cannot be used.

    Examples
    --------
    >>> show("lost.quiz.json")
    There is no quiz lost.quiz.json beside this notebook; the folder holds no .quiz.json file.
    """
    if language not in _LANGUAGES:
        return Sentence(f"The language of a quiz is 'en' or 'zh', got {language!r}.")
    try:
        quiz = Quiz(file, progress)
        return _page()(quiz, language)
    except Refused as refused:
        return Sentence(refused.zh if language == "zh" else refused.en)


@functools.cache
def _page() -> Any:
    """The widget class; made when it is first shown, so that marks and files need no notebook."""
    try:
        import anywidget
        import traitlets
    except ImportError:
        raise Refused(
            "The quiz needs the package anywidget: run `pip install anywidget` and restart the notebook.",
            "显示练习需要anywidget包：请运行pip install anywidget，然后重启笔记本。",
        ) from None

    class QuizPage(anywidget.AnyWidget):
        """The quiz on the page: sends questions without keys, hears answers, sends results."""

        _esm = "\n".join((_STATIC / name).read_text("utf-8") for name in ("fields.js", "quiz.js"))
        _css = (_STATIC / "quiz.css").read_text("utf-8")
        language = traitlets.Unicode().tag(sync=True)
        title = traitlets.Dict().tag(sync=True)
        words = traitlets.Dict().tag(sync=True)
        questions: Any = traitlets.List().tag(sync=True)
        results = traitlets.Dict().tag(sync=True)
        kept = traitlets.Bool().tag(sync=True)
        restored = traitlets.Int().tag(sync=True)

        def __init__(self, quiz: Quiz, language: str) -> None:
            self.quiz = quiz
            super().__init__(
                language=language,
                title=quiz.document["title"],
                words=json.loads((_STATIC / "words.json").read_text("utf-8")),
                questions=[_asked(question) for question in quiz.questions.values()],
                results=quiz.results(),
                kept=quiz.kept,
                restored=len(quiz.answers),
            )
            self.on_msg(self._hear)

        def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
            try:
                if message["do"] == "again":
                    self.quiz.again([name for name in message["questions"] if name in self.quiz.questions])
                else:
                    self.quiz.answer(message["question"], message["value"])
            except Refused as refused:
                self.send({"refused": {"en": refused.en, "zh": refused.zh}})
                return
            self.kept, self.results = self.quiz.kept, self.quiz.results()
            self.send({"done": message["do"], "results": self.results})

    return QuizPage


def _name(path: Path) -> str:
    return path.name.removesuffix(".json").removesuffix(".quiz").removesuffix(".lesson")


def _identity(question: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a kept answer one to this very question: another version or other numbers are another question."""
    return {"question": question["id"], **{name: question.get(name) for name in ("version", "variant", "statement")}}


def _asked(question: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: question[name] for name in _OPEN if question.get(name) is not None}
    for side in ("options", "targets"):
        if question.get(side):
            asked[side] = [{"id": option["id"], "html": option["html"]} for option in question[side]]
    return asked


def _told(question: Mapping[str, Any]) -> dict[str, Any]:
    reasons = {
        option["id"]: option["reason_html"] for option in question.get("options", ()) if option.get("reason_html")
    }
    return {"key": question["key"], "reasons": reasons, "reason_html": question.get("reason_html")}
