"""`academy hr credit | reminders`: hours that count for a renewal, and the letters to holders that are due."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..model import Bilingual
from ._options import Nouns, alone, answers_in, by, centre, day, hours, known, language, many, read, step, tell

if TYPE_CHECKING:
    from ..certify.notices import Notice
    from ..certify.renewing import Renewal
    from ..ladder import Counted

__all__ = ["words"]

_CREDIT = ("credit", "name of the credit, e.g. A0017/3")
_HEADS = {
    "ref": Bilingual("Letter", "通知编号"),
    "number": Bilingual("Certificate", "证书编号"),
    "person": Bilingual("Staff no.", "工号"),
    "name": Bilingual("Name", "姓名"),
    "email": Bilingual("E-mail", "邮箱"),
    "language": Bilingual("Language", "语言"),
    "about": Bilingual("About", "事由"),
    "days": Bilingual("Days before the end", "到期前天数"),
    "valid_until": Bilingual("Valid until", "有效期至"),
    "subject": Bilingual("Subject", "主题"),
    "text": Bilingual("Text", "正文"),
}
_ABOUT = {
    "reminder": Bilingual("reminder", "到期提醒"),
    "suspended": Bilingual("suspended", "暂停"),
    "withdrawn": Bilingual("withdrawn", "撤销"),
    "reduced": Bilingual("reduced", "降级"),
    "reinstated": Bilingual("reinstated", "恢复"),
    "upheld": Bilingual("appeal upheld", "申诉成立"),
    "dismissed": Bilingual("appeal dismissed", "申诉不成立"),
}

_COUNTED = (
    Bilingual("credit", "学时编号"), Bilingual("on", "日期"), Bilingual("category", "类别"), Bilingual("hours", "学时"),
    Bilingual("count", "计入"), Bilingual("what", "内容"),
)  # fmt: skip
_HOURS = Bilingual("{}: {:g} of {} hours", "{}：已计入{:g}学时，需要{}学时")
_DRAWN = Bilingual("drawn: the evidence is looked at first", "已抽中：先查验凭证")
_UNSEEN = Bilingual(", and not yet at that of {}", "，{}的凭证尚未查验")
_SEEN = Bilingual(", and was", "，已查验")
_RENEWABLE = Bilingual("it can be renewed: academy cert renew {}", "可以续证：academy cert renew {}")
_NOTHING = Bilingual("{} has {}, and no certificate that could be renewed.", "{}有{}笔学时，没有可以续证的证书。")
_BEFORE = Bilingual("{} days before the end", "到期前{}天")
_END = Bilingual("the end", "到期")
_NO_ADDRESS = Bilingual("no address", "没有邮箱")
_NONE_DUE = Bilingual("No letter is due on {}.", "{}没有待发的通知。")
_WRITTEN = Bilingual(
    "{} written; when they are sent: academy hr reminders --record {}",
    "已写出{}封通知；发出之后请登记：academy hr reminders --record {}",
)
_TO_WRITE = Bilingual(
    "The letters themselves: academy hr reminders --csv letters.csv", "通知正文：academy hr reminders --csv letters.csv"
)


def words(steps: Nouns) -> None:
    """Enter the steps."""
    nouns = steps.add_parser(
        "credit", help="hours that count for a renewal: record, audit, refuse, list"
    ).add_subparsers(required=True, metavar="WHAT")
    person = ("person", "staff number of whoever earned them, e.g. A0017")
    record = step(
        nouns, "record", "record hours that somebody earned", _record, about=person,
        more="The categories, and how many of the hours each may give, stand in question_bank/scheme.yml.",
    )  # fmt: skip
    record.add_argument("--category", required=True, help="a word of the scheme: training, practice, teaching ...")
    record.add_argument("--hours", type=hours, required=True, help="how many, e.g. 7.5")
    record.add_argument("--on", type=day, required=True, metavar="DATE", help="the day on which they were earned")
    record.add_argument("--what", required=True, help="what was done, e.g. 'seminar on forecasting, two days'")
    record.add_argument("--evidence", required=True, help="where the proof lies, e.g. 'HR file 2026/118'")
    audit = step(
        nouns, "audit", "say what was found by looking at the evidence of a credit", _audit, about=_CREDIT, apart=True,
        more="Of some renewals, drawn by lot, the evidence is looked at first; academy hr credit list says of which.",
    )  # fmt: skip
    audit.add_argument("--finding", choices=("stands", "fails"), required=True, help="what it came to")
    audit.add_argument("--note", default="", help="what was looked at; needed when it fails")
    refuse = step(nouns, "refuse", "let a credit count for nothing", _refuse, about=_CREDIT, apart=True)
    refuse.add_argument("--reason", required=True, help="why, as its owner will read it")
    listed = step(
        nouns, "list", "the credits of a person, what of them counts for each certificate, and why not all", _list,
        about=person, acts=False,
    )  # fmt: skip
    listed.add_argument("--on", type=day, metavar="DATE", help="the day to look from (default: today)")
    answers_in(listed, "of headings and words")
    _reminders(steps)


def _reminders(steps: Nouns) -> None:
    found = steps.add_parser(
        "reminders",
        help="the letters to holders that are due: ends to come, and measures",
        description="Lists the letters that are due and were not recorded as sent: reminders before a certificate ends "
        "(180, 90 and 30 days before, and on the last day), and what became of a measure or an appeal. With --csv the "
        "letters themselves are written for a mail merge, each in the language of its reader. Once they are sent, "
        "--record with that file says so, and they are due no more. A day that was missed is made good once.",
    )
    found.add_argument("--on", type=day, metavar="DATE", help="the day to look from, or of sending (default: today)")
    found.add_argument("--csv", type=Path, metavar="FILE", help="write the letters there, so that Excel opens them")
    found.add_argument("--record", type=Path, metavar="FILE", help="record the letters of such a file as sent")
    found.add_argument("--how", default="email", help="how they were sent (default: %(default)s)")
    answers_in(found, "of the headings")
    found.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    centre(found)
    by(found, reads=lambda given: given.record is None)
    found.set_defaults(run=alone(_letters))


def _record(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        code = certify.renewing.category_of(academy, given.category)
        name = certify.renewing.record(
            academy, given.person, given.by, code, given.hours, given.on, given.what, given.evidence
        )
        category = academy.scheme.keeping.credits[code].name.zh if language() == "zh" else code
    tell(given, {"credit": name}, [f"{name}: {given.hours:g} hours of {category} recorded"])
    return 0


def _audit(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        certify.renewing.audit(academy, given.credit, given.by, given.finding, given.note)
    said = [f"the audit found {given.credit} right: it counts"]
    if given.finding == "fails":
        said = [f"the audit found {given.credit} wrong: it counts for nothing"]
    tell(given, {"credit": given.credit, "finding": given.finding}, said)
    return 0


def _refuse(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        certify.renewing.refuse(academy, given.credit, given.by, given.reason)
    tell(
        given, {"credit": given.credit, "refused": given.reason}, [f"{given.credit} counts for nothing: {given.reason}"]
    )
    return 0


def _list(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        academy.person(given.person)
        credits = certify.renewing.credits_of(academy, given.person)
        held = academy.store.rows("certificates", person=given.person, state="active")
        every = [certify.renewing.standing(academy, row["number"], given.on) for row in held if not row["renewed_by"]]
        names = {code: one.name for code, one in academy.scheme.keeping.credits.items()}
    found = [one for one in every if one.state != "lapsed"]
    lines = [line for one in found for line in _renewal_lines(one, names, given.language)]
    if not found:
        count = many(len(credits), "credit") if given.language == "en" else len(credits)
        lines = [_NOTHING.say(given.language).format(given.person, count)]
    document = {"person": given.person, "credits": [asdict(one) for one in credits]}
    tell(given, document | {"renewals": [asdict(one) for one in found]}, lines)
    return 0


def _renewal_lines(found: Renewal, names: Mapping[str, Bilingual], spoken: str) -> Iterator[str]:
    from .. import reports
    from .zh import catalogue

    told = catalogue().said if spoken == "zh" else str
    tally = found.tally
    yield _HOURS.say(spoken).format(found.number, tally.hours, tally.wanted)
    table: list[list[object]] = [[head.say(spoken) for head in _COUNTED]]
    for one in tally.lines:
        credit = one.credit
        category = names[credit.category].say(spoken) if credit.category in names else credit.category
        table.append([credit.name, credit.on, category, f"{credit.hours:g}", f"{one.hours:g}", credit.what])
    # A reason may be longer than a column is wide.
    around = Bilingual("  ({})", "（{}）").say(spoken)
    whys = ["", *(around.format(told(_named(one, names, spoken))) if one.why else "" for one in tally.lines)]
    if tally.lines:
        yield from (f"  {line}{why}" for line, why in zip(reports.in_columns(table), whys, strict=True))
    if found.drawn:
        unseen = _UNSEEN.say(spoken).format(", ".join(found.unseen)) if found.unseen else _SEEN.say(spoken)
        yield f"  {_DRAWN.say(spoken)}{unseen}"
    against = Bilingual("; ", "；").say(spoken).join(map(told, found.against))
    yield f"  {against or _RENEWABLE.say(spoken).format(found.number)}"


def _named(one: Counted, names: Mapping[str, Bilingual], spoken: str) -> str:
    """Why not all of a credit counts, with the name of its category in the place of the code."""
    code = one.credit.category
    return one.why.replace(code, names[code].say(spoken), 1) if one.why.startswith(f"{code} ") else one.why


def _letters(given: argparse.Namespace) -> int:
    from .. import certify, reports

    if given.record is not None:
        return _sent(given)
    on = given.on or _today()
    with certify.Academy(known(given.centre)) as academy:
        found = certify.notices.due(academy, on)
    if given.csv is not None:
        _write(given.csv, found, given.language)
    shown = ("number", "person", "name", "about", "valid_until", "email")
    table: list[list[object]] = [[_HEADS[name].say(given.language) for name in shown]]
    for one in found:
        about = _ABOUT[one.about] if one.days is None else _BEFORE if one.days else _END
        said = about.say(given.language).format(one.days)
        to = one.email or _NO_ADDRESS.say(given.language)
        table.append([one.number, one.person, one.name, said, one.valid_until, to])
    lines = reports.in_columns(table) if found else [_NONE_DUE.say(given.language).format(on)]
    if given.csv is not None:
        written = _WRITTEN.say(given.language)
        lines.append(written.format(many(len(found), "letter") if given.language == "en" else len(found), given.csv))
    elif found:
        lines.append(_TO_WRITE.say(given.language))
    tell(given, {"on": on, "letters": [{"ref": one.ref, **asdict(one)} for one in found]}, lines)
    return 0


def _sent(given: argparse.Namespace) -> int:
    from .. import certify

    refs = _refs(given.record)
    with certify.Academy(known(given.centre)) as academy:
        new = certify.notices.record(academy, refs, given.by, given.how, given.on or _today())
    before = len(set(refs)) - len(new)
    lines = [f"{many(len(new), 'letter')} recorded as sent by {given.how}, {before} recorded before"]
    tell(given, {"recorded": new, "before": before}, lines)
    return 0


def _refs(path: Path) -> list[str]:
    """The first column of a file of letters, also when Excel has saved it again in its own way."""
    data = read(path)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError(f"{path.name} is no CSV file; give the one that academy hr reminders --csv wrote")
    first = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)))
    return [row[0].strip() for row in rows[1:] if row and row[0].strip()]


def _today() -> date:
    return datetime.now(UTC).date()


def _write(path: Path, found: list[Notice], spoken: str) -> None:
    from .. import reports
    from ..reports.lists import Column, Term

    def rows() -> list[list[str | int | date | Term | None]]:
        return [
            [Term(one.about, _ABOUT[one.about]) if name == "about" else getattr(one, name) for name in _HEADS]
            for one in found
        ]

    columns = tuple(Column(name, head) for name, head in _HEADS.items())
    listed = reports.Listed("reminders", Bilingual("Letters", "通知"), columns, rows())
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            reports.as_csv(listed, spoken, file)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}); name a file in a folder that there is"
        ) from error
