"""A candidate's Markdown and HTML as the trainer's browser may show them: no script, no form, nothing from elsewhere.

nbgrader's pages show what was handed in as it is; a script in an answer would act there with the trainer's rights.
"""

from __future__ import annotations

import re

import bleach
from nbconvert.filters import markdown2html

__all__ = ["clean", "markdown"]

_TAGS = {f"h{level}" for level in range(1, 7)}
_TAGS |= {"a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "hr", "i", "img", "ins"}
_TAGS |= {"kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "u", "ul"}
_TAGS |= {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_UNSHOWN = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def markdown(source: str) -> str:
    """Markdown as harmless HTML.

    >>> markdown("**bold** <b onclick='x()'>b</b> [link](javascript:x)").strip()
    '<p><strong>bold</strong> <b>b</b> <a>link</a></p>'
    """
    return clean(markdown2html(source))


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
