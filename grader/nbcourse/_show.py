"""A candidate's Markdown and HTML as the trainer's browser may show them: no script, no form, nothing from elsewhere.

nbgrader's pages show what was handed in as it is; a script in an answer would act there with the trainer's rights.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import bleach
from jinja2 import pass_context
from nbconvert.filters import markdown2html

__all__ = ["clean", "markdown"]

_TAGS = {f"h{level}" for level in range(1, 7)}
_TAGS |= {"a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "hr", "i", "img", "ins"}
_TAGS |= {"kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "u", "ul"}
_TAGS |= {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_PASTED = re.compile(r"\battachment:([^\s)>\"']+)")
_UNSHOWN = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


@pass_context
def markdown(context: Any, source: str) -> str:
    """Markdown as harmless HTML; pictures pasted into the cell of ``context`` become part of the page.

    >>> markdown({}, "**bold** <b onclick='x()'>b</b> [link](javascript:x)").strip()
    '<p><strong>bold</strong> <b>b</b> <a>link</a></p>'
    >>> markdown({"cell": {"attachments": {"a.png": {"image/png": "AA=="}}}}, "![a](attachment:a.png)").strip()
    '<p><img src="data:image/png;base64,AA==" alt="a"></p>'
    """
    cell = context.get("cell") or {}
    pasted = cell.get("attachments") or {}

    def link(found: re.Match[str]) -> str:
        kinds = pasted.get(found[1]) or pasted.get(unquote(found[1])) or {}
        return next((f"data:{kind};base64,{''.join(data)}" for kind, data in kinds.items()), "#")

    return clean(markdown2html(_PASTED.sub(link, source)))


def clean(html: str | bytes) -> str:
    """HTML with harmless tags only; an image only when it is part of the page."""
    text = html.decode(errors="replace") if isinstance(html, bytes) else str(html)
    protocols = {"http", "https", "mailto", "data"}
    shown = _UNSHOWN.sub("", text)
    return _roomy(str(bleach.clean(shown, tags=_TAGS, attributes=_harmless, protocols=protocols, strip=True)))


def _roomy(html: str) -> str:
    """Tables in the style that nbgrader's pages have at hand; without it the words of two columns touch each other."""
    return re.sub(
        r'<table(?: border="\d+")?(?: class="(dataframe)")?>',
        lambda found: f'<table class="{found[1] or ""} table table-condensed" style="width: auto">',
        html,
    )


def _harmless(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and re.match(r"data:image/(png|jpeg|gif);base64,", value) is not None
    if name == "href":
        return tag == "a" and not value.strip().lower().startswith("data:")
    return name in ("alt", "title", "align", "class", "colspan", "rowspan", "width", "height", "border")
