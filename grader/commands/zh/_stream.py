"""The streams of a command while it runs: every line that goes out is told in Chinese where the catalogue knows it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any, TextIO, cast

from . import Catalogue, catalogue

__all__ = ["told"]


@contextlib.contextmanager
def told(*, answers: bool) -> Iterator[None]:
    """Tell in Chinese what is printed inside: faults and notices always, with ``answers`` also what goes to stdout."""
    words = catalogue()
    with contextlib.ExitStack() as stack:
        if answers:
            stack.enter_context(contextlib.redirect_stdout(_over(sys.stdout, words, stack)))
        stack.enter_context(contextlib.redirect_stderr(_over(sys.stderr, words, stack)))
        yield


def _over(stream: TextIO, words: Catalogue, stack: contextlib.ExitStack) -> TextIO:
    found = _Told(stream, words)
    stack.callback(found.close_line)
    return cast(TextIO, found)


class _Told:
    """A stream in front of another one; in everything but ``write`` it is that one."""

    def __init__(self, stream: TextIO, words: Catalogue) -> None:
        self._stream, self._words = stream, words
        self._line = ""

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._stream.write(f"{self._words.said(line)}\n")
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        self.write("".join(lines))

    def flush(self) -> None:
        self.close_line()
        self._stream.flush()

    def close_line(self) -> None:
        """What has been written of a line goes out: a question to the reader, a line that is to be written over."""
        line, self._line = self._line, ""
        if line:
            self._stream.write(self._words.said(line))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
