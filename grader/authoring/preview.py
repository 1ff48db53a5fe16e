"""An item as the candidate sees it, both languages side by side; the page follows the file.

Its author sees key and reasons below, a second reader (`--without-key`) gets nothing that tells them.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import http.server
import json
import secrets
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader import exams
from grader.authoring.shelf import Shelf
from grader.bank import draw, hints, prove
from grader.errors import AcademyError
from grader.forms import freeze
from grader.model import LANGUAGES, Bilingual, Form, Item, Option, Question, Slot
from grader.notebooks import render_html

__all__ = ["document", "reader_document", "serve"]

ROOM = Path(__file__).parent.parent / "room" / "static"
HERE = Path(__file__).parent / "static"
SHARED = ("dom.js", "questions.js", "strings.js", "exam.css")
OWN = ("preview.js", "preview.css")
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"


def document(shelf: Shelf, item_id: str, variant: int | None) -> dict[str, Any]:
    """What the page shows: the question as on a paper in both languages, key and reasons, problems and hints."""
    try:
        item = shelf.item(item_id)
    except AcademyError as error:
        return {"id": item_id, "problems": str(error).split("\n"), "hints": [], "languages": {}}
    seeds, seed = _seeds(item, variant)
    statement = shelf.framework.statement(item.statement).text
    shown: dict[str, Any] = {
        "id": item.id,
        "facts": _facts(item),
        "seeds": list(seeds),
        "seed": seed,
        "problems": [str(problem) for problem in prove(item)],
        "hints": [str(problem) for problem in hints(item)],
        "languages": {},
    }
    try:
        question = draw(item, seed if item.body["draw"] else None)
    except AcademyError as error:
        return shown | {"problems": [*shown["problems"], str(error)]}
    for language in LANGUAGES:
        shown["languages"][language] = {
            "question": _as_on_paper(_as_written(question), language),
            "key": _key(question, language),
            "reasons": _reasons(question, language),
            "samples": [[points, render_html(text)] for points, text in item.body["samples"][language]],
            "statement": statement.say(language),
        }
    return shown


def reader_document(shelf: Shelf, item_id: str, variant: int | None) -> dict[str, Any]:
    """What a second reader's page shows: the question in both languages, options mixed as on a form, and no more.

    Problems and hints stay out, since they may quote the key; so do statement and difficulty, which no candidate sees.
    """
    shown: dict[str, Any] = {"id": item_id, "problems": [], "hints": [], "languages": {}}
    try:
        item = shelf.item(item_id)
        seeds, seed = _seeds(item, variant)
        question = draw(item, seed if item.body["draw"] else None)
    except AcademyError:
        why = "the question cannot be shown; its author finds out why by `academy bank check`"
        return shown | {"problems": [why]}
    slot = _as_mixed(question)
    return shown | {
        "facts": {name: str(getattr(item, name)) for name in ("kind", "minutes", "version")},
        "seeds": list(seeds),
        "seed": seed,
        "languages": {language: {"question": _as_on_paper(slot, language)} for language in LANGUAGES},
    }


def _seeds(item: Item, variant: int | None) -> tuple[tuple[int, ...], int | None]:
    """The draws to choose from, and the one that is shown."""
    seeds = item.variants or ((1, 2, 3) if item.body["draw"] else ())
    return seeds, variant if variant is not None else next(iter(seeds), None)


def _facts(item: Item) -> dict[str, str]:
    names = ("kind", "statement", "cognitive", "minutes", "use", "status", "difficulty", "version", "case")
    return {name: str(getattr(item, name)) for name in names if getattr(item, name) is not None} | {
        "sources": ", ".join(item.sources)
    }


def _as_written(question: Question) -> Slot:
    ids = tuple(option.id for option in question.options)
    return Slot("q", question, ids, tuple(target.id for target in question.targets))


def _as_mixed(question: Question) -> Slot:
    """Options as a form mixes them: the source has the steps of an order and the sides of a match in their right one.

    An item always gets the same order, so that its readers in both languages speak of the same option 2.
    """
    seed = zlib.crc32(question.item_id.encode())
    [slot] = freeze("preview", 1, [question], {question.item_id: 0.0}, (), seed).slots
    return slot


def _as_on_paper(slot: Slot, language: str) -> dict[str, Any]:
    """The question that a candidate's page would get."""
    form = Form("preview", 1, 0, (replace(slot, name=f"q-{language}"),), (), 0.0, "")
    plan = exams.SeatPlan("", "", "", "", language, 1, "", "", Bilingual("", ""), "practice")
    made: dict[str, Any] = exams.paper(form, plan, None)["questions"][0]
    return made


def _key(question: Question, language: str) -> list[str]:
    texts = {option.id: render_html(option.text.say(language)) for option in (*question.options,)}
    rights = {target.id: render_html(target.text.say(language)) for target in question.targets}
    if question.kind == "number":
        unit = f" {question.unit.say(language)}" if question.unit else ""
        return [html.escape(f"{question.key:g} ± {question.tolerance:g}{unit}")]
    if question.kind == "match":
        return [f"{texts[left]} → {rights[right]}" for left, right in question.key.items()]
    if question.code:
        return [render_html(f"```python\n{part}\n```") for part in (question.key, *question.code.tests)]
    if question.kind == "text":
        return [f"({line.points:g}) {render_html(line.text.say(language))}" for line in question.rubric]
    keys = (question.key,) if question.kind == "choice" else question.key
    return [texts[key] for key in keys]


def _reasons(question: Question, language: str) -> list[str]:
    def row(option: Option) -> str:
        said = option.reason.say(language) if option.reason else "—"
        return f"{'✓' if option.right else '✗'} {option.id} · {render_html(said)}"

    rows = [row(option) for option in question.options] if question.kind in ("choice", "multi") else []
    return rows + ([render_html(question.reasons.say(language))] if question.reasons else [])


# --- the server -------------------------------------------------------------------------------------------------------


def serve(
    shelf: Shelf, item_ids: list[str], port: int, chinese: Callable[[str], str] = str, *, with_key: bool = True
) -> tuple[http.server.ThreadingHTTPServer, str]:
    """A server on this machine only and the address to open; the secret in it keeps other accounts from the keys.

    ``chinese`` says a problem in Chinese, to a reader whose browser asks for it. Without ``with_key`` it is the page of
    a second reader: no answer of the server holds a key.
    """
    secret = secrets.token_urlsafe(18)
    shows = staticmethod(document if with_key else reader_document)
    given = {
        "folder": shelf.folder,
        "ids": item_ids,
        "secret": secret,
        "chinese": staticmethod(chinese),
        "shows": shows,
    }
    handler = type("Handler", (_Handler,), given)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    return server, f"http://127.0.0.1:{server.server_address[1]}/{secret}/"


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers the page, its parts, the list of items and one item with its state."""

    folder: Path
    ids: list[str]
    secret: str
    chinese: Callable[[str], str]
    shows: Callable[[Shelf, str, int | None], dict[str, Any]]

    def do_GET(self) -> None:
        """Everything below the secret; anything else is not there."""
        path, _, query = self.path.partition("?")
        _, first, *rest = path.split("/")
        if not secrets.compare_digest(first.encode(), self.secret.encode()):
            return self._answer(404, "text/plain", b"not here")
        name = "/".join(rest)
        if name == "":
            return self._answer(200, "text/html", (HERE / "preview.html").read_bytes())
        if name in SHARED or name in OWN:
            return self._answer(200, TYPES[Path(name).suffix], ((ROOM if name in SHARED else HERE) / name).read_bytes())
        if name == "items":
            return self._json(self.ids)
        if name.startswith("items/") and name[6:] in self.ids:
            return self._item(name[6:], dict(pair.partition("=")[::2] for pair in query.split("&")))
        return self._answer(404, "text/plain", b"not here")

    def _item(self, item_id: str, asked: Mapping[str, str]) -> None:
        shelf = Shelf(self.folder)  # read afresh: the author may have saved
        state = _state(shelf, item_id)
        if asked.get("state") == state:
            return self._answer(304, "text/plain", b"")
        seed = int(asked["seed"]) if asked.get("seed", "").isascii() and asked.get("seed", "").isdigit() else None
        shown = self.shows(shelf, item_id, seed)
        said = {part: [self.chinese(text) for text in shown[part]] for part in ("problems", "hints")}
        return self._json({"state": state, **shown, "chinese": said})

    def _json(self, value: Any) -> None:
        self._answer(200, "application/json", json.dumps(value, ensure_ascii=False).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        with contextlib.suppress(ConnectionError):  # the page was closed meanwhile
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: an address holds the secret."""


def _state(shelf: Shelf, item_id: str) -> str:
    """Changes when the item's file or a case does."""
    found = hashlib.sha256()
    for path in [shelf.path(item_id), *sorted((shelf.folder / "cases").glob("*"))]:
        try:
            facts = path.stat()
            found.update(f"{path.name} {facts.st_mtime_ns} {facts.st_size}".encode())
        except OSError:
            found.update(b"gone")
    return found.hexdigest()[:16]
