"""HTML of other systems to the Markdown of items, as far as the exam page shows it; the rest is named."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from grader.errors import Problem
from grader.exchange.safe_xml import Element

__all__ = ["inner_html", "left_out", "markdown"]

MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "s": "~~", "del": "~~"}
BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "section", "blockquote", "pre"}
SILENT = {"span", "tbody", "thead", "u", "sub", "sup", "a", "font", "label", "small", "html", "body"}
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")
"""A picture that travels inside the text; one that lies in another file stays behind."""
DROPPED = {"script", "style", "head", "object", "iframe", "video", "audio"}
ALIGN = {"left": ":---", "center": ":---:", "right": "---:"}


def markdown(html: str) -> tuple[str, tuple[str, ...]]:
    """The text as Markdown, and the tags that were left out.

    >>> markdown("<p>Choose <b>two</b>.</p><ul><li>calls</li><li>chats</li></ul>")
    ('Choose **two**.\\n\\n- calls\\n- chats', ())
    """
    reader = _Writer()
    reader.feed(html)
    reader.close()
    reader.flush()
    return "\n\n".join(block for block in reader.blocks if block.strip()), tuple(sorted(reader.lost))


def left_out(html: str, name: str, where: str) -> list[Problem]:
    """The problem that a question came in without tags which no item can show, if it did."""
    lost = ", ".join(f"<{tag}>" for tag in markdown(html)[1])
    return [Problem(where, f"{name} came in without {lost}: an item cannot show it; say it in words")] if lost else []


def inner_html(element: Element, *, without: tuple[str, ...] = ()) -> str:
    """What stands inside an element, as HTML."""
    out = []
    for child in element.content:
        if isinstance(child, str):
            out.append(_escape(child))
        elif child.tag not in without:
            given = "".join(f' {key}="{_escape(value)}"' for key, value in child.attributes.items())
            out.append(f"<{child.tag}{given}>{inner_html(child, without=without)}</{child.tag}>")
    return "".join(out)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


class _Writer(HTMLParser):
    """Blocks of Markdown from HTML, list and table by list and table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.lost: set[str] = set()
        self.line = ""
        self.lists: list[tuple[str, list[str]]] = []
        self.table: list[list[str]] | None = None
        self.align: list[str] = []
        self.skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag in DROPPED:
            self.lost.add(tag)
            self.skip += 1
        elif tag in MARKS:
            self.line += MARKS[tag]
        elif tag == "br":
            self.line += "\\\n" if self.table is None and not self.lists else " "
        elif tag in ("ul", "ol"):
            if not self.lists:
                self.flush()
            self.lists.append((tag, []))
        elif tag == "table":
            self.flush()
            self.table, self.align = [], []
        elif tag == "tr" and self.table is not None:
            self.table.append([])
        elif tag in ("td", "th"):
            self.line = ""
            self._aligned(given)
        elif tag in BLOCKS and self.table is None and not self.lists:
            self.flush()
        elif tag == "img":
            self._picture(given.get("src", ""), " ".join(given.get("alt", "").split()))
        elif tag not in SILENT | BLOCKS | {"li"} and not tag.startswith("qti-"):
            self.lost.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in DROPPED:
            self.skip = max(0, self.skip - 1)
        elif tag in MARKS:
            self.line += MARKS[tag]
        elif tag == "li" and self.lists:
            self.lists[-1][1].append(self._taken())
        elif tag in ("ul", "ol") and self.lists:
            self._close_list()
        elif tag in ("td", "th") and self.table:
            self.table[-1].append(self._taken().replace("|", "\\|"))
        elif tag == "table" and self.table is not None:
            self._close_table()
        elif tag in BLOCKS and self.table is None and not self.lists:
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self.skip:
            text = re.sub(r"\s+", " ", data)
            self.line += text.lstrip() if not self.line or self.line.endswith("\n") else text

    def _picture(self, source: str, alt: str) -> None:
        if PICTURE.fullmatch(source):
            self.line += f"![{alt}]({source})"
        else:
            self.lost.add("img")
            self.line += alt

    def flush(self) -> None:
        """End the paragraph."""
        if text := self._taken():
            self.blocks.append(text)

    def _taken(self) -> str:
        text, self.line = self.line.strip(), ""
        return text

    def _aligned(self, given: dict[str, str]) -> None:
        if self.table is not None and len(self.table) == 1:
            found = re.search(r"(left|center|right)", given.get("style", "") + given.get("class", ""))
            self.align.append(ALIGN[found[1]] if found else "---")

    def _close_list(self) -> None:
        kind, rows = self.lists.pop()
        if self.lists:  # a list inside a list becomes part of its row's text
            self.line += " " + "; ".join(rows)
            return
        marks = [f"{place}." if kind == "ol" else "-" for place in range(1, len(rows) + 1)]
        self.blocks.append("\n".join(f"{mark} {row}" for mark, row in zip(marks, rows, strict=True)))

    def _close_table(self) -> None:
        rows = [row for row in self.table or [] if row]
        self.table = None
        if rows:
            shown = ["| " + " | ".join(row) + " |" for row in rows]
            self.blocks.append("\n".join([shown[0], "|" + "|".join(self.align) + "|", *shown[1:]]))
