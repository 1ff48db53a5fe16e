"""`--help` and the refusals of argparse in Chinese: a parser that speaks it, and columns that fit double-wide signs."""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from . import catalogue, helped, metavars, wide

__all__ = ["Parser"]

_PAD = "\uffff"
"""Stands after a double-wide sign while argparse counts letters, so that it counts columns."""
_UNBROKEN = re.compile(r"[ -~]+|.", re.S)
_CLOSING = "，。；：？！、）”》"


class Parser(argparse.ArgumentParser):
    """argparse's parser; its texts stay English inside and are told in Chinese when they are shown."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"formatter_class": _Formatter, **more})

    def error(self, message: str) -> NoReturn:
        """What argparse refuses, in Chinese."""
        self.print_usage(sys.stderr)
        words = metavars()
        message = re.sub(r"^argument ([^-:]+): ", lambda found: f"argument {words.get(found[1], found[1])}: ", message)
        required, colon, names = message.partition("are required: ")
        if colon:
            message = required + colon + ", ".join(words.get(name, name) for name in names.split(", "))
        self.exit(2, f"{self.prog}：{catalogue().said(message)}\n")


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, _padded(f"{_told('usage')}：") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading if heading is None else _told(heading))

    def add_text(self, text: str | None) -> None:
        super().add_text(text if text is None or text == argparse.SUPPRESS else _told(text))

    def format_help(self) -> str:
        text = super().format_help().replace(_PAD, "")
        # A heading keeps the colon that argparse gives it.
        return re.sub(r"^(\S.*[^\x00-\x7f]):$", r"\1：", text, flags=re.M)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return None if action.help is None else _told(action.help)

    def _metavar_formatter(self, action: argparse.Action, default_metavar: str) -> Callable[[int], tuple[str, ...]]:
        formatted = super()._metavar_formatter(action, default_metavar)
        if isinstance(action, argparse._SubParsersAction._ChoicesPseudoAction):
            return formatted  # the name of a step is typed as it stands
        words = metavars()
        # When an option is entered argparse asks once with no name at all.
        return lambda size: tuple(_padded(words.get(name, name)) if name else "" for name in formatted(size))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in _wrapped(text, width - len(indent)))


def _told(text: str) -> str:
    return helped(catalogue(), text) or text


def _padded(text: str) -> str:
    return "".join(sign + _PAD if wide(sign) == 2 else sign for sign in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many columns: broken between Chinese signs, never within a Latin word or before a comma."""
    lines, line = [], ""
    for found in _UNBROKEN.finditer(" ".join(text.split())):
        for bit in textwrap.TextWrapper()._split_chunks(found[0]):
            if line and wide(line) + wide(bit.rstrip()) > width and bit not in _CLOSING:
                lines.append(line.rstrip())
                line = ""
            line += bit if line else bit.lstrip()
    return [*lines, line] if line else lines
