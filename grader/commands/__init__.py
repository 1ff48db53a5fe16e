"""The command `academy`: words in, one step of the story done, a sentence or a table out; no rule lives here.

Each group of commands is a module: its ``words`` enters the parsers, each with the function that does it as ``run``.
What a command needs of the engine is imported when it runs: `academy --help` must not wait for Jupyter.
The sentences are English; :mod:`.zh` tells them to those who read Chinese, here at the door and nowhere further in.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from ..errors import AcademyError, RoomError
from . import autograde, bank, cert, courses, exam, hr, registry, start
from ._options import language, settle_by

__all__ = ["main", "parser"]

GROUPS = (start, autograde, courses, bank, exam, hr, cert, registry)
"""The groups in the order in which `academy --help` tells them."""


def parser(speaks: str = "en") -> argparse.ArgumentParser:
    """Every command with its options; docs/reference/commands.md is written from it. It ``speaks`` en or zh."""
    root = _parser_class(speaks)(prog="academy", description="Train and certify the people of a contact centre.")
    nouns = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for group in GROUPS:
        group.words(nouns)
    return root


def _parser_class(speaks: str) -> type[argparse.ArgumentParser]:
    if speaks == "en":
        return argparse.ArgumentParser
    from .zh._help import Parser

    return Parser


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 2 with one sentence on stderr when it could not."""
    speaks = language()
    given = parser(speaks).parse_args(words)
    with _telling(given, speaks):
        return _run(given, speaks)


def _telling(given: argparse.Namespace, speaks: str) -> AbstractContextManager[None]:
    """The streams while the command runs: Chinese for who reads it; documents, and what is wanted in English, as is."""
    if speaks == "en":
        return nullcontext()
    from .zh._stream import told

    data = True in (getattr(given, "json", None), getattr(given, "csv", None))
    english = getattr(given, "answers_in_language", False) and given.language == "en"
    return told(answers=not data and not english)


def _run(given: argparse.Namespace, speaks: str) -> int:
    try:
        settle_by(given)
        run: Callable[[argparse.Namespace], int] = given.run
        return run(given)
    except AcademyError as error:
        if speaks == "zh" and isinstance(error, RoomError):
            print(f"academy：{error.zh}", file=sys.stderr)
        else:
            print(f"academy: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our lines has read enough (`academy ... | head`); Python must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("academy: stopped; what was acknowledged is kept", file=sys.stderr)
        return 130
