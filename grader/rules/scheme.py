"""The rules of the certificates: exams, marks, decisions, forms, levels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from ..model import (
    COGNITIVE,
    CREDIT,
    KINDS,
    AppealRules,
    ComplianceRules,
    ExaminerRules,
    FormRules,
    Framework,
    LevelRules,
    MarkingRules,
    Quality,
    RetakeRules,
    Scheme,
)
from ._sheet import Sheet, Table, called, joined, show
from .keeping import read_keeping
from .promotion import read_promotion

__all__ = ["CUT_METHODS", "load_scheme"]

CUT_METHODS = ("modified Angoff",)
"""Ways to set the cut score of a form that the scheme may name; a fixed percentage is none of them."""

KEYS = (
    "version title certificate blocked_words marking decisions retake appeal quality forms certificates retention "
    "levels"
)


def load_scheme(path: Path, framework: Framework) -> Scheme:
    """Read the rules of every level of ``framework``; the scheme's own words are held against its ``blocked_words``.

    Raises :class:`RulesError` as :func:`load_framework` does.
    """
    sheet = Sheet(path)
    top = Table(sheet, sheet.root, 1, "the file", KEYS, "examiners promotion")
    version = top.text("version")
    title = top.table("title", "en zh").both()
    certificate = top.table("certificate", "en zh").both()
    blocked = tuple(top.texts("blocked_words", "word"))
    marking = _marking(top.table("marking", "credit step difference kappa"))
    compliance, review_sem = _decisions(top, framework)
    retake = _retake(top.table("retake", "wait_days attempts months"))
    appeal = _appeal(top.table("appeal", "days decide_days grounds"))
    quality = _quality(top.table("quality", "alpha consistency judges facility discrimination"))
    forms = _forms(top.table("forms", "kinds texts anchor_percent overlap uses use_months"))
    keeping = read_keeping(top, len(framework.levels))
    rules = tuple(_level_rules(sheet, row, line) for row, line in top.rows("levels", "level"))
    wanted, got = [level.number for level in framework.levels], [level.level for level in rules]
    if got != wanted and not sheet.faults:
        todo = "give each level of the framework once"
        top.fault("levels", f"levels {joined(wanted)} in this order", joined(got), todo)
    examiners = _examiners(top)
    promotion = read_promotion(top)
    _check_words(sheet, blocked)
    sheet.finish()
    return Scheme(
        version, title, certificate, rules, marking, compliance, review_sem, retake, appeal, quality, forms, keeping,
        blocked, examiners, promotion,
    )  # fmt: skip


def _examiners(top: Table) -> ExaminerRules:
    """The rules of examiners; a scheme of before they were does without."""
    if "examiners" not in top.values:
        return ExaminerRules()
    table = top.table("examiners", "required remind_days")
    return ExaminerRules(table.yes("required"), table.whole("remind_days", 1) or 1)


def _marking(table: Table) -> MarkingRules:
    """The rule of partial credit of each kind, and how far markers may differ."""
    credit = table.table("credit", " ".join(CREDIT))
    return MarkingRules(
        credit={kind: credit.one_of(kind, known) for kind, known in CREDIT.items()},
        step=table.number("step", 0.25, 1),
        difference=table.number("difference", 0, 10),
        kappa=table.number("kappa", 0, 1),
    )


def _level_rules(sheet: Sheet, row: Any, line: int) -> LevelRules:
    keys = "level scored pilot minutes cognitive practical entry validity_months renewal_hours cut_method"
    number = row.get("level") if isinstance(row, CommentedMap) else None
    table = Table(sheet, row, line, "a level" if number is None else f"level {show(number)}", keys)
    level = table.whole("level", 1) or 0
    practical, entry = _practical(table), _entry(table, level)
    return LevelRules(
        level=level,
        scored=table.whole("scored", 1) or 0,
        pilot=table.whole("pilot", 0) or 0,
        minutes=table.whole("minutes", 1) or 0,
        cognitive=_cognitive(table),
        practical=practical.both(),
        practical_minutes=practical.whole("minutes", 1),
        practical_days=practical.whole("days", 1),
        practical_cut_percent=practical.percent("cut_percent"),
        markers=practical.whole("markers", 1, 9) or 0,
        entry=entry.both(),
        entry_previous_months=entry.whole("previous_months", 0),
        entry_service_months=entry.whole("service_months", 0) or 0,
        validity_months=table.whole("validity_months", 1) or 0,
        renewal_hours=table.whole("renewal_hours", 0) or 0,
        cut_method=table.one_of("cut_method", CUT_METHODS),
    )


def _decisions(top: Table, framework: Framework) -> tuple[ComplianceRules, int]:
    """The compliance set and the width of the review band."""
    table = top.table("decisions", "compliance review_sem")
    compliance = table.table("compliance", "domains statements items")
    domains = {domain.code for domain in framework.domains}
    statements = {one.code for domain in framework.domains for cell in domain.cells for one in cell.statements}
    rules = ComplianceRules(
        tuple(compliance.texts("domains", "domain", domains.__contains__, "a domain of the framework")),
        tuple(compliance.texts("statements", "statement", statements.__contains__, "a statement of the framework")),
        compliance.whole("items", 2) or 2,
    )
    return rules, table.whole("review_sem", 0, 3) or 0


def _retake(table: Table) -> RetakeRules:
    return RetakeRules(
        table.whole("wait_days", 0) or 0, table.whole("attempts", 1) or 1, table.whole("months", 1, 120) or 1
    )


def _appeal(table: Table) -> AppealRules:
    grounds = {}
    for row, line in table.rows("grounds", "ground"):
        ground = Table(table.sheet, row, line, called("ground", row), "code en zh")
        grounds[ground.code("[a-z]{3,20}", "a word of 3 to 20 small letters")] = ground.both()
    return AppealRules(table.whole("days", 1) or 1, table.whole("decide_days", 1) or 1, grounds)


def _quality(table: Table) -> Quality:
    """What a form and its items have to show; a range has its lower end below its upper one."""
    judges, facility = (table.table(key, "least most") for key in ("judges", "facility"))
    rules = Quality(
        alpha=table.number("alpha", 0, 1),
        consistency=table.number("consistency", 0, 1),
        judges_least=judges.whole("least", 2) or 2,
        judges_most=judges.whole("most", 2) or 2,
        facility_least=facility.number("least", 0, 1),
        facility_most=facility.number("most", 0, 1),
        discrimination_least=table.number("discrimination", 0, 1),
    )
    for part in (judges, facility):
        if part.sound and not table.sheet.faults and part.values["least"] >= part.values["most"]:
            part.fault("least", "less than most", show(part.values["least"]), "swap or change the two")
    return rules


def _forms(table: Table) -> FormRules:
    """What every form keeps; kinds that are not named are not limited, written answers are counted by ``texts``."""
    kinds, spans = table.table("kinds", ""), {}
    for key in kinds.values:
        if key not in KINDS or key == "text":
            kinds.fault(key, f"a kind of item other than text: {', '.join(KINDS)}", show(key), "mend it or take it out")
            continue
        span = kinds.table(key, "least most")
        spans[str(key)] = span.whole("least", 0, 100) or 0, span.whole("most", 0, 100) or 0
        if span.sound and spans[str(key)][0] > spans[str(key)][1]:
            span.fault("least", "no more than most", show(span.values["least"]), "swap or change the two")
    return FormRules(
        kinds=spans,
        texts=table.whole("texts", 0) or 0,
        anchor_percent=table.whole("anchor_percent", 0, 90) or 0,
        overlap=table.whole("overlap", 0) or 0,
        uses=table.whole("uses", 1) or 1,
        use_months=table.whole("use_months", 1, 120) or 1,
    )


def _practical(rules: Table) -> Table:
    """The practical, which lasts either minutes (supervised) or working days (a work product)."""
    table = rules.table("practical", "en zh cut_percent markers", "minutes days")
    both = "minutes" in table.values and "days" in table.values
    if table.sound and both == ("minutes" in table.values or "days" in table.values):
        todo = "give minutes for a supervised practical, days for a work product"
        table.fault("minutes", "either minutes or days", "both" if both else "neither", todo)
    return table


def _entry(rules: Table, level: int) -> Table:
    """Who may sit: months in service, or, above level 1, months with the certificate of the level below."""
    table = rules.table("entry", "en zh service_months", "previous_months")
    given = "previous_months" in table.values
    if table.sound and level == 1 and given:
        table.fault("previous_months", "no such key at level 1", show(table.values["previous_months"]), "take it out")
    if table.sound and level > 1 and not given:
        table.fault("previous_months", "months for which the level below is held", "nothing", "add the key")
    return table


def _cognitive(rules: Table) -> dict[str, int]:
    table = rules.table("cognitive", " ".join(COGNITIVE))
    mix = {key: table.whole(key, 0, 100) for key in COGNITIVE}
    shares = {key: share for key, share in mix.items() if share is not None}
    total = sum(shares.values())
    if len(shares) == len(COGNITIVE) and total != 100:
        rules.fault("cognitive", "R, A and E that sum to 100", str(total), "change one of them")
    return shares


def _check_words(sheet: Sheet, blocked: tuple[str, ...]) -> None:
    for line, text in sheet.said:
        for word in blocked:
            if word.casefold() in text.casefold():
                sheet.fault(line, f"wanted wording without {show(word)}, a blocked word, got {show(text)}; reword it")
