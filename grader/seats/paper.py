"""The shape of a seat, of its paper and of its answers: a paper never carries a key, an answer fits its question."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from grader.errors import RoomError

__all__ = ["SEAT_NUMBER", "check_paper", "check_seat", "check_value", "code_sha256", "iso", "moment"]

SEAT_NUMBER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"

_SEAT = ["seat", "sitting", "candidate", "language", "minutes", "opens_at", "closes_at", "code_sha256"]
_SEAT += ["form_digest", "title"]
_ACCOMMODATIONS = {"type_percent": (100, 300), "break_min": (0, 240)}
"""What may be arranged for a seat beside extra time, with the least and the most."""

_PAPER = {
    "paper",
    "seat",
    "sitting",
    "language",
    "title",
    "candidate",
    "minutes",
    "purpose",
    "questions",
    "practical",
    "trial",
}
_QUESTION = {
    "slot",
    "kind",
    "points",
    "stem_html",
    "options",
    "targets",
    "choose",
    "unit",
    "max_chars",
    "headings",
    "given",
}
_OPTION = {"id", "html"}
_MAX_NUMBER_CHARS = 100
_MAX_TEXT_CHARS = 3000


def iso(when: datetime) -> str:
    """``when`` as it is written everywhere in a seat, e.g. ``2026-11-21T20:30:00Z``; fractions of a second are dropped.

    >>> iso(datetime(2026, 11, 21, 20, 30, 0, 999, tzinfo=UTC))
    '2026-11-21T20:30:00Z'
    """
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def moment(text: str) -> datetime:
    """The time that :func:`iso` wrote; ``ValueError`` when it is no ISO 8601 time with a zone."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"a time with its zone was wanted, such as 2026-11-21T20:30:00Z, got {text!r}")
    return when


def code_sha256(code: str) -> str:
    """SHA-256 of an access code without spaces and hyphens, in capitals, full-width letters made plain.

    >>> code_sha256("ab12-cd34") == code_sha256(" AB12 CD34 ") == hashlib.sha256(b"AB12CD34").hexdigest()
    True
    """
    plain = re.sub(r"[\s\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", code)).upper()
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def check_seat(name: str, seat: Mapping[str, Any], paper: Mapping[str, Any]) -> None:
    """Raise :class:`RoomError` unless ``seat`` is complete, belongs in the folder ``name``, and fits its paper."""
    if missing := [wanted for wanted in _SEAT if wanted not in seat]:
        raise RoomError(f"Seat {name} lacks {', '.join(missing)}.", 500)
    if not re.fullmatch(SEAT_NUMBER, str(seat["seat"])) or seat["seat"] != name:
        raise RoomError(
            f"A seat is named by letters, digits, - and _ like its folder {name!r}, got {seat['seat']!r}.", 500
        )
    if paper.get("seat") != seat["seat"] or paper.get("language") != seat["language"]:
        raise RoomError(f"The paper of seat {name} was made for another seat or language.", 500)
    try:
        in_order = moment(seat["opens_at"]) < moment(seat["closes_at"])
    except ValueError as error:
        raise RoomError(f"Seat {name}: {error}.", 500) from None
    if not in_order or not seat["minutes"] > 0:
        raise RoomError(f"Seat {name} must open before it closes and last more than 0 minutes.", 500)
    for what, value in (seat.get("accommodations") or {}).items():
        least, most = _ACCOMMODATIONS.get(what, (1, 0))
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise RoomError(f"Seat {name} cannot have {what} of {value!r}.", 500)
    check_paper(paper)


def check_paper(paper: Mapping[str, Any]) -> None:
    """Raise :class:`RoomError` unless the paper can be answered and holds only what a candidate may see: no key."""
    _only(paper, _PAPER, "The paper")
    slots = [question.get("slot") for question in paper["questions"]]
    if not slots or len(set(slots)) != len(slots) or not all(re.fullmatch(r"[A-Za-z0-9_]+", str(s)) for s in slots):
        raise RoomError(f"A paper needs questions with names of their own such as q01, got {slots}.", 500)
    for question in paper["questions"]:
        where = f"Question {question['slot']}"
        _only(question, _QUESTION, where)
        if question["kind"] not in _CHECKS:
            raise RoomError(f"{where} is of kind {question['kind']!r}; wanted one of {', '.join(_CHECKS)}.", 500)
        for option in [*question.get("options", ()), *question.get("targets", ())]:
            _only(option, _OPTION, f"An option of {where.lower()}")


def _only(part: Mapping[str, Any], allowed: set[str], what: str) -> None:
    if more := sorted(set(part) - allowed):
        raise RoomError(f"{what} carries {', '.join(more)}; a paper may hold only {', '.join(sorted(allowed))}.", 500)


def check_value(question: Mapping[str, Any], value: Any) -> None:
    """Raise :class:`RoomError` when ``value`` cannot be an answer to ``question``; None (cleared) always can."""
    if value is None:
        return
    wanted = _CHECKS[question["kind"]](question, value)
    if wanted:
        raise RoomError(f"Question {question['slot']} wants {wanted}; this answer cannot be saved.", 400)
    try:
        repr(value).encode() if not isinstance(value, str) else value.encode()
    except UnicodeEncodeError:
        raise RoomError(
            f"The answer to {question['slot']} holds a broken character and cannot be saved.", 400
        ) from None


def _ids(question: Mapping[str, Any], side: str = "options") -> set[str]:
    return {option["id"] for option in question.get(side) or ()}


def _choice(question: Mapping[str, Any], value: Any) -> str:
    return "" if isinstance(value, str) and value in _ids(question) else "the number of one option"


def _list_of_ids(question: Mapping[str, Any], value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return False
    return len(set(value)) == len(value) and set(value) <= _ids(question)


def _multi(question: Mapping[str, Any], value: Any) -> str:
    return "" if _list_of_ids(question, value) else "a list of options, none twice"


def _order(question: Mapping[str, Any], value: Any) -> str:
    whole = _list_of_ids(question, value) and len(value) == len(_ids(question))
    return "" if whole else "every step exactly once"


def _match(question: Mapping[str, Any], value: Any) -> str:
    lefts, rights = _ids(question), _ids(question, "targets")
    pairs = isinstance(value, dict) and all(isinstance(right, str) for right in value.values())
    fits = pairs and set(value) <= lefts and set(value.values()) <= rights
    return "" if fits else "pairs of its own left and right sides"


def _number(question: Mapping[str, Any], value: Any) -> str:
    fits = isinstance(value, str) and len(value) <= _MAX_NUMBER_CHARS
    return "" if fits else f"a number, at most {_MAX_NUMBER_CHARS} characters"


def _text(question: Mapping[str, Any], value: Any) -> str:
    most = question.get("max_chars") or _MAX_TEXT_CHARS
    return "" if isinstance(value, str) and len(value) <= most else f"a text of at most {most} characters"


_CHECKS: dict[str, Callable[[Mapping[str, Any], Any], str]] = {
    "choice": _choice,
    "multi": _multi,
    "number": _number,
    "order": _order,
    "match": _match,
    "text": _text,
    "code": _text,
}
