"""Exchange with other systems: QTI 3.0, GIFT and Moodle XML, both ways; what a format cannot carry is said by item.

``write`` and ``read`` take the name of a format; a file holds one language. :class:`Carried` is what passes between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grader.errors import InputError
from grader.exchange import gift, moodle, qti
from grader.exchange.carried import Carried, Choice, Read, Written

__all__ = ["ENDINGS", "FORMATS", "Carried", "Choice", "Read", "Written", "guess", "read", "write"]

WRITERS: Mapping[str, Callable[[Sequence[Carried], str], Written]] = {
    "qti": qti.write,
    "gift": gift.write,
    "moodle": moodle.write,
}
READERS: Mapping[str, Callable[[bytes, str], Read]] = {"qti": qti.read, "gift": gift.read, "moodle": moodle.read}
FORMATS = tuple(WRITERS)
ENDINGS = {"qti": ".zip", "gift": ".gift.txt", "moodle": ".xml"}


def write(questions: Sequence[Carried], form: str, language: str) -> Written:
    """The file of all questions in a format, and what each of them lost."""
    return WRITERS[form](questions, language)


def read(data: bytes, name: str, form: str | None = None) -> Read:
    """The questions of a file; the format is seen from its bytes when none is named.

    Raises :class:`InputError` when the file as a whole cannot be read; one broken question is a problem of its own.
    """
    return READERS[form or guess(data)](data, name)


def guess(data: bytes) -> str:
    """The format of a file: a package or a QTI item, Moodle XML, else GIFT.

    Raises :class:`InputError` for an empty file.
    """
    head = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise InputError("the file is empty; wanted QTI 3.0, GIFT or Moodle XML")
    if head.startswith(b"PK") or b"qti-assessment-item" in head or b"assessmentItem" in head:
        return "qti"
    return "moodle" if head.startswith(b"<") else "gift"
