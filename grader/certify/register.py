"""The public register: certificates in force of those who agreed, as a page in both languages and as JSON.

It never shows more than a holder agreed to, and nobody who did not agree stands in it; nor can a number be tried
there, since that would tell who holds what.  Whoever has somebody's file asks the status list, which names nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template

from .. import certificates, ladder
from ..errors import InputError
from ..model import Bilingual, digest
from .consent import SHOWS, consents
from .desk import Academy
from .keys import known_keys
from .signed_file import digests
from .two_languages import framed

__all__ = ["Entry", "publish_register"]

_FOLDER = Path(__file__).parent
_HOLDS = ("in force", "due")
_MOST_ROWS = 200
"""So many rows are drawn at a time; the others are found by what is typed."""


@dataclass(frozen=True)
class Entry:
    """A line of the register; None is what the holder did not agree to."""

    number: str
    level: int
    name: str | None
    until: str | None
    file: str | None


_SAY = {
    "title": Bilingual("Public register of certificates", "证书公开登记簿"),
    "opening": Bilingual(
        "Certificates in force on {day} (UTC), of those holders who agreed to be shown here.",
        "截至{day}（UTC）有效、且持证人同意公开的证书。",
    ),
    "find": Bilingual("Find a number or a name", "查找编号或姓名"),
    "number": Bilingual("Number", "证书编号"),
    "level": Bilingual("Level", "等级"),
    "name": Bilingual("Holder", "持证人"),
    "until": Bilingual("Valid until", "有效期至"),
    "file": Bilingual("SHA-256 of the signed file", "签名文件的SHA-256"),
    "not": Bilingual("not shown", "未公开"),
    "more": Bilingual(
        "The first {most} are shown: type more of a number or a name.", "仅显示前{most}条：请输入编号或姓名的更多部分。"
    ),
    "none": Bilingual("No certificate is found here.", "此处没有查到证书。"),
    "nobody": Bilingual(
        "Nothing stands here at present: no holder of a certificate in force has agreed to be shown.",
        "目前没有条目：持有有效证书的人中，尚无人同意公开。",
    ),
    "samples": Bilingual(
        "Nothing stands here, and nothing is missing: so far this centre has given out samples only, for demonstration "
        "or practice. A sample certifies nobody and is never listed.",
        "此处没有条目，并无遗漏：本中心目前只出具过演示或练习用的样本。样本不代表任何真实评价结果，从不列入登记簿。",
    ),
}
_NOTES = (
    (
        Bilingual("Who is not here", "此处没有的"),
        Bilingual(
            "A certificate that is not here may be in force all the same: its holder did not agree to be shown. Nor "
            "does this page say of any number whether it exists. Ask the holder for the signed file, or for the badge, "
            "and check it together with the status lists; that tells whether it was withdrawn or suspended, and tells "
            "the issuer nothing about who asked.",
            "此处没有的证书也可能有效：持证人可能没有同意公开。本页也不说明某个编号是否存在。请向持证人索取签名文件或徽章，与状态列表一起核验："
            "由此可知证书是否已撤销或暂停，签发机构也不会知道是谁在查询。",
        ),
    ),
    (
        Bilingual("What is shown", "公开的内容"),
        Bilingual(
            "Number and level, and what the holder agreed to beside them. The consent can be taken back at any time; "
            "the entry is gone with the next edition. Suspended, withdrawn and expired certificates do not stand here.",
            "编号和等级，以及持证人另外同意公开的内容。持证人可随时撤回同意，下一版起即不再列出。已暂停、撤销或到期的证书不在此列。",
        ),
    ),
    (
        Bilingual("Check a file", "核验文件"),
        Bilingual(
            "Status lists: {lists}. Keys of the issuer: {keys}. The same register for programs: register.json.",
            "状态列表：{lists}。签发机构的密钥：{keys}。供程序使用的同一份登记簿：register.json。",
        ),
    ),
)


def publish_register(academy: Academy, folder: Path, by: str, at: datetime | None = None) -> tuple[Path, int]:
    """Write the register of today into ``folder``/register; its page, and how many entries it has."""
    now = (at or datetime.now(UTC)).replace(microsecond=0)
    entries = sorted(_entries(academy, now), key=lambda entry: entry.number)
    keys = [asdict(key) for key in known_keys(academy)]
    name = academy.issuer.name
    document = {
        "issuer": {"name": {"en": name.en, "zh": name.zh}, "url": academy.issuer.url, "keys": keys},
        "made": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "shows": "certificates in force of holders who agreed; null is what a holder did not agree to",
        "entries": [asdict(entry) for entry in entries],
    }
    page = _page(academy, entries, [str(key["did"]) for key in keys if key["reason"] != "stolen"], now)
    text = json.dumps(document, ensure_ascii=False, indent=1).encode()
    _write(folder / "register", {"index.html": page.encode(), "register.json": text})
    fact = {"made": document["made"], "entries": len(entries), "digest": digest(text)}
    academy.store.append("register.published", "register", fact, by)
    return folder / "register" / "index.html", len(entries)


def _entries(academy: Academy, now: datetime) -> Iterator[Entry]:
    agreed = consents(academy)
    if not agreed:
        return
    again = digests(academy)
    names = {row["person"]: row["name"] for row in academy.store.rows("people") if row["person"] in agreed}
    for row in academy.store.rows("certificates", purpose="certification"):
        shows = agreed.get(row["person"])
        if shows is None or ladder.state_of(row, now.date(), academy.scheme.keeping) not in _HOLDS:
            continue
        yield Entry(
            row["number"],
            row["level"],
            names.get(row["person"]) if "name" in shows else None,
            row["valid_until"] if "until" in shows else None,
            again.get(row["number"], row["digest"]) if "file" in shows else None,
        )


# --- the page ---------------------------------------------------------------------------------------------------------


def _both(text: Bilingual, **values: str) -> str:
    """A text of our own in both languages, of which the page shows one; ``values`` are HTML already."""
    return (
        f'<span class="en" lang="en">{_filled(text.en, values)}</span>'
        f'<span class="zh" lang="zh-CN">{_filled(text.zh, values)}</span>'
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    return escape(text).format(**values) if values else escape(text)


def _page(academy: Academy, entries: list[Entry], keys: list[str], now: datetime) -> str:
    style, script = ((_FOLDER / f"register.{kind}").read_text("utf-8") for kind in ("css", "js"))
    lists = [
        f"<code>{escape(certificates.list_address(str(opened.data['url']), purpose, int(opened.subject)))}</code>"
        for opened in academy.store.events("status.opened")
        for purpose in certificates.STATUS_PURPOSES
    ]
    values = {
        "lists": ", ".join(lists) or "–",
        "keys": ", ".join(f"<code>{escape(key)}</code>" for key in keys),
        "day": f"{now:%Y-%m-%d %H:%M}",
    }
    certificates.refuse_blocked("register", _own_words(academy), academy.scheme.blocked_words)
    title = f"{_SAY['title'].en} · {_SAY['title'].zh}"
    inside = Template((_FOLDER / "register.html").read_text("utf-8")).substitute(
        title=escape(title),
        issuer=_both(academy.issuer.name),
        heading=_both(_SAY["title"]),
        opening=_both(_SAY["opening"], **values),
        find=_both(_SAY["find"]),
        count=str(len(entries)),
        heads="".join(f'<th scope="col">{_both(_SAY[head])}</th>' for head in ("number", "level", *SHOWS)),
        rows="\n".join(_row(academy, entry) for entry in entries[:_MOST_ROWS]),
        more=_both(_SAY["more"], most=str(_MOST_ROWS)),
        more_hidden="hidden" if len(entries) <= _MOST_ROWS else "",
        empty="" if entries else "hidden",
        none=_both(_SAY["none" if entries else _why_empty(academy)]),
        none_hidden="hidden" if entries else "",
        notes="\n".join(f"<h2>{_both(head)}</h2>\n<p>{_both(text, **values)}</p>" for head, text in _NOTES),
    )
    return framed(title, style, inside.strip(), script=script, data=_data(academy, entries))


def _why_empty(academy: Academy) -> str:
    """Why nothing stands in the register, as a word of :data:`_SAY`."""
    issued = {row["purpose"] for row in academy.store.rows("certificates")}
    return "samples" if issued and "certification" not in issued else "nobody"


def _data(academy: Academy, entries: list[Entry]) -> str:
    """What the page's script draws rows of; no text in it ends the element that it stands in."""
    levels = {level.number: [level.name.en, level.name.zh] for level in academy.framework.levels}
    rows = [[entry.number, entry.level, entry.name, entry.until, entry.file] for entry in entries]
    content = {"entries": rows, "levels": levels, "hidden": [_SAY["not"].en, _SAY["not"].zh], "most": _MOST_ROWS}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _row(academy: Academy, entry: Entry) -> str:
    level = academy.framework.level(entry.level).name
    cells = [f'<td class="number">{escape(entry.number)}</td>', f'<td class="level">{_both(level)}</td>']
    for part in SHOWS:
        value = getattr(entry, part)
        if value is None:
            cells.append(f'<td class="not">{_both(_SAY["not"])}</td>')
        else:
            shown = f"<code>{escape(value)}</code>" if part == "file" else escape(value)
            cells.append(f'<td class="{part}">{shown}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _own_words(academy: Academy) -> Iterator[str]:
    """Everything on the page but the holders' names: those are theirs."""
    texts = [academy.issuer.name, *_SAY.values(), *(part for note in _NOTES for part in note)]
    for text in [*texts, *(level.name for level in academy.framework.levels)]:
        yield from (text.en, text.zh)


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in content.items():
            part = folder / f".{name}.part"
            part.write_bytes(data)
            part.replace(folder / name)
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); name a folder that you may write") from error
