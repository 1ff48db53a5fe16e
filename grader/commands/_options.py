"""Options and answers that many commands share: the centre, who acts, JSON, moments, problems."""

from __future__ import annotations

import argparse
import fcntl
import getpass
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from ..centre import PROJECT, Centre
from ..errors import InputError

__all__ = [
    "Nouns",
    "alone",
    "answers_in",
    "author",
    "by",
    "centre",
    "day",
    "hours",
    "known",
    "language",
    "many",
    "moment",
    "progress",
    "read",
    "say_problems",
    "server",
    "settle_by",
    "step",
    "tell",
]

# argparse has no public name for what add_subparsers gives back.
Nouns: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


# --- options ---


def step(
    steps: Nouns,
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], int],
    *,
    about: tuple[str, str] = ("sitting", "name of the sitting, e.g. TL-2026-11"),
    acts: bool = True,
    apart: bool = False,
    reads: Callable[[argparse.Namespace], bool] = lambda given: False,
    more: str = "",
) -> argparse.ArgumentParser:
    """A step of an exam: it names what it is about and a centre, can answer in JSON and, when it ``acts``, who acts.

    ``text`` is its line in the list of steps, ``more`` what `--help` says besides; ``apart`` and ``reads`` as in
    :func:`by`.
    """
    words = steps.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}. {more}".strip())
    words.add_argument(about[0], help=about[1])
    centre(words)
    if acts:
        by(words, apart=apart, reads=reads)
    words.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    words.set_defaults(run=alone(run) if acts else run)
    return words


def alone(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The step while nobody else acts in the centre: what it has looked at is still so when it writes."""

    def acted(given: argparse.Namespace) -> int:
        path = known(given.centre) / ".acting"
        try:
            file = path.open("a", encoding="ascii")
        except OSError as error:
            raise InputError(f"{path.parent} cannot be written: {error.strerror}") from error
        with file:  # the lock falls with the file, and with the process
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("academy: another step is being done in this centre; waiting for it ...", file=sys.stderr)
                fcntl.flock(file, fcntl.LOCK_EX)
            return run(given)

    return acted


def centre(words: argparse.ArgumentParser) -> None:
    """The option ``--centre``."""
    words.add_argument(
        "--centre", type=Path, default=PROJECT / "centre", help="folder of the centre (default: centre/)"
    )


def server(words: argparse.ArgumentParser) -> None:
    """The options of a command that opens a page in the browser."""
    words.add_argument("--port", type=_port, default=8888, help="port of the server (default: %(default)s)")
    words.add_argument("--no-browser", action="store_true", help="only print the address")


def by(
    words: argparse.ArgumentParser,
    *,
    apart: bool = False,
    makes: bool = False,
    reads: Callable[[argparse.Namespace], bool] = lambda given: False,
) -> None:
    """The option ``--by``: a person, and never the account of the computer.

    ``apart``: only somebody who had no part in what came before may do this, so the centre's own name does not stand
    in for it. ``makes``: the centre may be new. ``reads`` says of given options that nothing is written and nobody has
    to be named.
    """
    usual = "always named here" if apart else "default: `by` in the centre's centre.json"
    words.add_argument("--by", metavar="WHO", help=f"who does this, as the registry will say ({usual})")
    words.set_defaults(acts_apart=apart, makes_centre=makes, only_reads=reads)


def author(words: argparse.ArgumentParser) -> None:
    """The option ``--by`` of those who write the bank: whoever sits at the computer, unless somebody else is named."""
    words.add_argument(
        "--by", default=getpass.getuser(), help="who does this, as the item's history will say (default: %(default)s)"
    )


def settle_by(given: argparse.Namespace) -> None:
    """Put who acts into ``given.by``; :class:`InputError` asks for a name where none is known."""
    if not hasattr(given, "acts_apart") or given.only_reads(given):
        return
    if not given.makes_centre:
        known(given.centre)  # a mistyped folder is told first
    if given.by is None and not given.acts_apart:
        given.by = _usual(given.centre)
    if given.by is None:
        usual = "" if given.acts_apart else f', or write "by": "S1001" into {given.centre / "centre.json"}'
        raise InputError(f"who does this? Name the person with --by, e.g. --by S1001{usual}")
    if not given.by.strip():
        raise InputError("--by names the person who does this, got an empty text")


def _usual(centre: Path) -> str | None:
    """Who acts in a centre when nobody is named: ``by`` of its ``centre.json``, said aloud on a terminal."""
    try:
        found = json.loads((centre / "centre.json").read_text("utf-8")).get("by")
    except (OSError, ValueError, AttributeError):  # no such file, or one that `issue` will name
        return None
    if not isinstance(found, str) or not found.strip():
        return None
    if sys.stderr.isatty():
        print(f"academy: by {found}, as centre.json says", file=sys.stderr)
    return found


def language() -> str:
    """The language of the reader: ``ACADEMY_LANGUAGE``, else that of the terminal, else English."""
    asked = os.environ.get("ACADEMY_LANGUAGE", "")
    if asked:
        return "zh" if asked.startswith("zh") else "en"
    terminal = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if terminal.startswith("zh") else "en"


def answers_in(step: argparse.ArgumentParser, what: str = "of the answer") -> None:
    """Let ``--language`` say in which language the command answers; elsewhere it is that of a text or an edition."""
    step.add_argument("--language", choices=("en", "zh"), default=language(), help=what)
    step.set_defaults(answers_in_language=True)


def moment(text: str) -> datetime:
    """A moment as an option gives it."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"a time such as 2026-11-21T09:00+08:00 is wanted, got {text!r}") from None


def day(text: str) -> date:
    """A day as an option gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a day such as 2026-12-07 is wanted, got {text!r}") from None


def hours(text: str) -> float:
    """A time in hours as an option gives it."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found <= 24 * 366:
        raise argparse.ArgumentTypeError(f"hours from 0 to {24 * 366} (a year) are wanted, got {text!r}")
    return found


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65485):
        raise argparse.ArgumentTypeError(f"a port from 1 to 65485 is wanted, got {text!r}")
    return int(text)


# --- what is there ---


def known(folder: Path) -> Path:
    """The folder of a centre that is there: a mistyped name must not make a new, empty one."""
    try:
        found = Centre(folder).registry.exists()
    except PermissionError as error:
        raise InputError(f"{folder} belongs to another account; work as the one that made the centre") from error
    if not found:
        raise InputError(
            f"{folder} is no centre (it has no registry.db); make one with `academy hr import` or `academy start`"
        )
    return folder


def read(path: Path) -> bytes:
    """The bytes of a file that an argument names."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give the path of a file") from error


# --- answers ---


def tell(given: argparse.Namespace, document: Any, lines: Iterable[str]) -> None:
    """Print the answer: with ``--json`` the one document and nothing else, otherwise the lines."""
    if given.json:
        print(json.dumps(document, ensure_ascii=False, indent=2, default=str))
        return
    for line in lines:
        print(line)


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """What long work is told each thing it takes up: counted on the terminal's last line, silent where nobody looks."""
    seen, done = sys.stderr.isatty(), 0

    def told(name: str) -> None:
        nonlocal done
        done += 1
        if seen:
            print(f"\r\x1b[K{what} {done}: {name}", end="", file=sys.stderr, flush=True)

    try:
        yield told
    finally:
        if seen:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def many(count: int, noun: str, nouns: str = "") -> str:
    """A count with its noun.

    >>> many(1, "decision"), many(0, "person", "people")
    ('1 decision', '0 people')
    """
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"


def say_problems(problems: Sequence[object]) -> None:
    """Problems go to stderr, one a line."""
    for problem in problems:
        print(problem, file=sys.stderr)
