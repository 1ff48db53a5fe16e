"""The frame of a page that says everything in both languages and shows one of them: it loads nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path
from string import Template

__all__ = ["framed"]

_FRAME = Path(__file__).with_suffix(".html")
_UNLISTED = '<meta name="robots" content="noindex, noarchive">\n'


def framed(title: str, style: str, inside: str, *, language: str = "en", script: str = "", data: str = "") -> str:
    """The whole page around ``inside``, which is HTML; ``style`` hides the language that is not chosen.

    A page with a ``script``, which finds its ``data`` (JSON) in the element ``entries``, is one for the web, where
    search engines are asked to leave it out.
    """
    after = f'<script type="application/json" id="entries">{data}</script>\n<script>{script}</script>\n'
    return Template(_FRAME.read_text("utf-8")).substitute(
        lang="zh-CN" if language == "zh" else "en",
        title=escape(title),
        meta=_UNLISTED if script else "",
        style=style,
        style_hash=_hash(style),
        scripts=f"; script-src 'sha256-{_hash(script)}'" if script else "",
        checked_en="checked" if language == "en" else "",
        checked_zh="checked" if language == "zh" else "",
        inside=inside,
        after=after if script else "",
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
