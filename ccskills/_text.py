"""A sentence or a name in both languages of the library."""

from __future__ import annotations

from dataclasses import dataclass

from ._checks import choice

__all__ = ["LANGUAGES", "Text"]

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Text:
    """The same words in English and Simplified Chinese.

    >>> Text("agents", "座席").say("zh")
    '座席'
    """

    en: str
    zh: str

    def say(self, language: str) -> str:
        """The words in "en" or "zh"."""
        return self.en if choice("language", language, LANGUAGES) == "en" else self.zh
