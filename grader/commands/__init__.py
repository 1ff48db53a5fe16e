"""The command `academy`: words in, one step of the story done, a sentence or a table out; no rule lives here.

Each group of commands is a module: its ``words`` enters the parsers, each with the function that does it as ``run``.
What a command needs of the engine is imported when it runs: `academy --help` must not wait for Jupyter.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from ..errors import AcademyError
from . import autograde, bank, cert, courses, exam, hr, registry, start
from ._options import settle_by

__all__ = ["main", "parser"]

GROUPS = (start, autograde, courses, bank, exam, hr, cert, registry)
"""The groups in the order in which `academy --help` tells them."""


def parser() -> argparse.ArgumentParser:
    """Every command with its options; docs/reference/commands.md is written from it."""
    root = argparse.ArgumentParser(prog="academy", description="Train and certify the people of a contact centre.")
    nouns = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for group in GROUPS:
        group.words(nouns)
    return root


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 2 with one sentence on stderr when it could not."""
    given = parser().parse_args(words)
    try:
        settle_by(given)
        run: Callable[[argparse.Namespace], int] = given.run
        return run(given)
    except AcademyError as error:
        print(f"academy: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our lines has read enough (`academy ... | head`); Python must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("academy: stopped; what was acknowledged is kept", file=sys.stderr)
        return 130
