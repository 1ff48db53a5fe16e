"""One cell of a list of people to the one text that the registry keeps, or a sentence why it cannot be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from ._files import Unreadable

__all__ = ["LONGEST", "reader"]

LONGEST = 100
"""Characters that a cell may have."""
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")
_DIGITS = 10**15
"""From here on Excel does not tell one number from the next."""
_LANGUAGES = {
    "": "zh", "zh": "zh", "zh-cn": "zh", "cn": "zh", "中文": "zh", "汉语": "zh", "chinese": "zh",
    "简体中文": "zh", "简体": "zh", "普通话": "zh",
    "en": "en", "en-us": "en", "en-gb": "en", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip
_LEVEL = re.compile(r"(?:L|level ?)?([1-5])(?:\.0)?级?", re.I)
_CHINESE_LEVEL = {"一级": "L1", "二级": "L2", "三级": "L3", "四级": "L4", "五级": "L5"}
_DATE = re.compile(
    r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?日?(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?Z?)?"
    r"|(\d{4})(\d\d)(\d\d)"
)
_EARLIEST = date(1950, 1, 1)
_DAY_0 = date(1899, 12, 30)
"""What Excel counts days from."""
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
_NOTHING = {"-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a"}
"""What people write into a cell that has nothing."""
_RUN = "=+-@＝＋－＠"
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
_PADDED = re.compile("(?<=[\u3400-\u9fff])\\s+(?=[\u3400-\u9fff])")
_JOINERS = "\u200c\u200d"


def _plain(cell: Any) -> str:
    """Text without spaces around it or runs of them inside; :class:`ValueError` says what cannot be kept."""
    if cell is None:
        return ""
    if isinstance(cell, Unreadable):
        raise ValueError(f"a value is wanted, got {cell.why}; open the file in Excel and save it, or write the value")
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = cell.strip() if isinstance(cell, str) else str(cell)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE).replace("\u00a0", " ")).strip()
        _check_characters(text)
    text = " ".join(text.split(" ")) if "  " not in text else " ".join(text.split())
    if text in _ERRORS:
        raise ValueError(f"a value is wanted, got Excel's error {text}; mend the formula or write the value")
    if len(text) > LONGEST:
        raise ValueError(f"at most {LONGEST} characters are kept, got {len(text)}; shorten it")
    return "" if text.lower() in _NOTHING else text


def _check_characters(text: str) -> None:
    for character in text:
        kind = unicodedata.category(character)
        if kind in ("Cc", "Zl", "Zp"):
            raise ValueError("one line is wanted, got a line break or another control character; write it on one line")
        if kind in ("Co", "Cn", "Cs") or (kind == "Cf" and character not in _JOINERS) or character == "\ufffd":
            sign = f"U+{ord(character):04X}"
            raise ValueError(f"characters that every computer shows are wanted, got {sign}; write the text anew")


def _text(cell: Any) -> str:
    """Text for people to read; spaces between Chinese signs, which only pad a column, are none of it."""
    text = _plain(cell)
    if not text.isascii():
        text = _PADDED.sub("", text)
    if text and text[0] in _RUN:
        raise ValueError(f"text is wanted, got {text[:20]!r}, which a spreadsheet would run as a formula; write it out")
    return text


def _name(cell: Any) -> str:
    text = _text(cell)
    if not text:
        raise ValueError("a name is wanted, got nothing; write the person's name")
    if text.isalpha():
        return text
    for character in text:
        if unicodedata.category(character) == "So" or character in "\ufe0f🏻🏼🏽🏾🏿":
            raise ValueError(f"a name as a certificate prints it is wanted, got the sign {character}; leave it out")
    if not any(character.isalpha() for character in text):
        raise ValueError(f"a name is wanted, got {text[:20]!r}; write the person's name")
    return text


def _number(cell: Any) -> str:
    """A staff number, also one that Excel has made a number of."""
    if isinstance(cell, bool) or (isinstance(cell, float) and not cell.is_integer()):
        raise ValueError(f"a staff number is wanted, got {cell}; write the number as text")
    if isinstance(cell, datetime | date | time):
        raise ValueError(f"a staff number is wanted, got the date or time {cell}; Excel changed it, write it as text")
    if isinstance(cell, int | float) and abs(cell) >= _DIGITS:
        raise ValueError(f"a staff number is wanted, got {cell}: Excel keeps 15 digits of a number; write it as text")
    text = _plain(cell)
    if _PERSON.fullmatch(text) is None:
        text = unicodedata.normalize("NFKC", text).removeprefix("'")
    if re.fullmatch(r"\d+\.0+", text):
        text = text.partition(".")[0]
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", text, re.I):
        raise ValueError(f"a staff number is wanted, got {text}: Excel has lost its digits; write it as text")
    if text and _PERSON.fullmatch(text) is None:
        raise ValueError(f"a staff number of 1 to 40 letters, digits or any of - _ . is wanted, got {text[:40]!r}")
    return text


def _person(cell: Any) -> str:
    text = _number(cell)
    if not text:
        raise ValueError("a staff number is wanted, got nothing; every row is a person with a number")
    return text


def _email(cell: Any) -> str:
    text = _text(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)  # Chinese keyboards type ＠ and ．, too
    if text and _EMAIL.fullmatch(text) is None:
        raise ValueError(f"an address such as li.wei@example.com is wanted, got {text[:40]!r}; mend it or leave it out")
    return text


def _level(cell: Any) -> str:
    text = unicodedata.normalize("NFKC", _plain(cell))  # Chinese keyboards type Ｌ2 and １
    found = _LEVEL.fullmatch(text)
    if text and found is None and text not in _CHINESE_LEVEL:
        raise ValueError(f"a level from L1 to L5 or nothing is wanted, got {text[:20]!r}")
    return f"L{found[1]}" if found else _CHINESE_LEVEL.get(text, "")


def _language(cell: Any) -> str:
    text = unicodedata.normalize("NFKC", _plain(cell))
    if text.lower() not in _LANGUAGES:
        raise ValueError(f"en or zh (英文, 中文) is wanted, got {text[:20]!r}")
    return _LANGUAGES[text.lower()]


def _hired(cell: Any, today: date) -> str:
    day = day_in(cell)
    if day is None:
        return ""
    if day > today:
        raise ValueError(f"a day until today is wanted, got {day}, which lies in the future; correct the date")
    if day < _EARLIEST:
        raise ValueError(f"a day since {_EARLIEST} is wanted, got {day}; correct the date")
    return day.isoformat()


def day_in(cell: Any) -> date | None:
    """The day that a cell of Excel or a text tells, in one of the forms that people type; None of an empty one."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = unicodedata.normalize("NFKC", _plain(cell))
    if not text:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):  # a day whose cell lost its format
        return _DAY_0 + timedelta(days=int(text[:5]))
    found = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in (found.groups() if found else ()) if part))
    except (TypeError, ValueError):  # no such form, or no such day
        raise ValueError(f"a date such as 2024-03-01 is wanted, the year first, got {text[:20]!r}") from None


_READERS: Mapping[str, Callable[[Any], str]] = {
    "person": _person,
    "name": _name,
    "email": _email,
    "site": _text,
    "team": _text,
    "role": _text,
    "job_level": _level,
    "manager": _number,
    "language": _language,
}


def reader(column: str, today: date) -> Callable[[Any], str]:
    """What reads the cells of a column; :class:`ValueError` says what was wanted and what came."""
    return (lambda cell: _hired(cell, today)) if column == "hired_on" else _READERS[column]
