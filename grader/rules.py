"""The framework and the scheme: read from YAML and held against their own rules, every fault named with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from ._sheet import Sheet, Table, show
from .model import (
    COGNITIVE,
    CREDIT,
    KINDS,
    AppealRules,
    Cell,
    ComplianceRules,
    Domain,
    FormRules,
    Framework,
    Level,
    LevelRules,
    MarkingRules,
    Quality,
    RetakeRules,
    Scheme,
    Statement,
)

__all__ = ["CUT_METHODS", "load_framework", "load_scheme"]

CUT_METHODS = ("modified Angoff",)
"""Ways to set the cut score of a form that the scheme may name; a fixed percentage is none of them."""

_CHAPTERS = {"M": 21, "G": 10, "S": 10, "O": 23, "K": 7}
"""Last chapter of each seed book, and the last consulting block."""


def load_framework(path: Path) -> Framework:
    """Read levels, domains, cells and statements, and prove that they fit together.

    Raises :class:`RulesError` with one line for each fault: file and line, what was wanted, what came, what to do.
    """
    sheet = Sheet(path)
    top = Table(sheet, sheet.root, 1, "the file", "version levels demoi domains")
    version = top.text("version")
    levels = tuple(_levels(top))
    leaves = _leaves(top)
    domains = tuple(_domain(sheet, row, line, len(levels), leaves) for row, line in top.rows("domains", "domain"))
    _check_sums(top, levels, domains)
    if not sheet.faults:
        _check_leaves(sheet, leaves, domains)
    sheet.finish()
    return Framework(version, levels, domains)


def load_scheme(path: Path, framework: Framework) -> Scheme:
    """Read the rules of every level of ``framework``; the scheme's own words are held against its ``blocked_words``.

    Raises :class:`RulesError` as :func:`load_framework` does.
    """
    sheet = Sheet(path)
    keys = "version title certificate blocked_words marking decisions retake appeal quality forms levels"
    top = Table(sheet, sheet.root, 1, "the file", keys)
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
    rules = tuple(_level_rules(sheet, row, line) for row, line in top.rows("levels", "level"))
    wanted, got = [level.number for level in framework.levels], [level.level for level in rules]
    if got != wanted and not sheet.faults:
        todo = "give each level of the framework once"
        top.fault("levels", f"levels {_join(wanted)} in this order", _join(got), todo)
    _check_words(sheet, blocked)
    sheet.finish()
    return Scheme(
        version, title, certificate, rules, marking, compliance, review_sem, retake, appeal, quality, forms, blocked
    )


# --- the framework's parts --------------------------------------------------------------------------------------------


def _levels(top: Table) -> Iterator[Level]:
    for number, (row, line) in enumerate(top.rows("levels", "level"), start=1):
        table = Table(top.sheet, row, line, f"level {number}", "number code en zh")
        if table.whole("number", 1) not in (number, None):
            table.fault("number", str(number), show(row["number"]), "number the levels 1, 2, 3 ... from the lowest up")
        yield Level(number, table.code(f"L{number}", f"L{number}"), table.both())


def _leaves(top: Table) -> dict[str, int]:
    """The clauses of ``demoi`` with their lines."""
    clauses = top.table("demoi", "")
    leaves: dict[str, int] = {}
    for key in clauses.values:
        if not isinstance(key, str) or not re.fullmatch(r"[1-9](\.[1-9]){1,2}", key):
            clauses.fault(key, 'a clause number in quotes such as "3.3"', show(key), "write it so")
        else:
            clauses.table(key, "en zh").both()
        leaves[str(key)] = clauses.line_of(key)
    return leaves


def _domain(sheet: Sheet, row: Any, line: int, levels: int, leaves: dict[str, int]) -> Domain:
    table = Table(sheet, row, line, _called("domain", row), "code en zh core weights cells")
    code = table.code("[A-Z]{2}", "two capital letters such as FC")
    name, core = table.both(), table.yes("core")
    weights = tuple(_weights(table, levels))
    cells = tuple(_cell(sheet, cell, at, code, levels, leaves) for cell, at in table.rows("cells", "cell"))
    held = {cell.level for cell in cells}
    for level, weight in enumerate(weights, start=1):
        if weight and level not in held:
            todo = f"add the cell {code}-{level} or set its weight to 0"
            table.fault("weights", f"weight 0 at level {level}, which has no cell", str(weight), todo)
        if not weight and level in held:
            todo = f"give it a weight or take the cell {code}-{level} out"
            table.fault("weights", f"a weight above 0 at level {level}, which has a cell", "0", todo)
    return Domain(code, name, core, weights, cells)


def _weights(table: Table, levels: int) -> list[int]:
    """The weights, or nothing when one of them cannot be used."""
    rows = table.rows("weights", "weight")
    right = [int(v) for v, _ in rows if isinstance(v, int) and not isinstance(v, bool) and 0 <= v <= 100]
    if len(right) == len(rows) == levels:
        return right
    if rows:
        todo = "give one whole percentage for each level, lowest level first"
        table.fault("weights", f"{levels} whole numbers from 0 to 100", _join([show(v) for v, _ in rows]), todo)
    return []


def _cell(sheet: Sheet, row: Any, line: int, domain: str, levels: int, leaves: dict[str, int]) -> Cell:
    table = Table(sheet, row, line, _called("cell", row), "code level seeds demoi statements")
    level = table.whole("level", 1, levels) or 0
    pattern = f"{domain or '[A-Z]+'}-{level or '[1-9]'}"
    code = table.code(pattern, f"{domain or '??'}-{level or '?'}, the domain and the level that it belongs to")
    seeds = tuple(table.texts("seeds", "seed", _is_chapter, "a chapter M1-M21, G1-G10, S1-S10, O1-O23 or K1-K7"))
    clauses = tuple(table.texts("demoi", "clause", leaves.__contains__, "a clause listed under demoi, in quotes"))
    statements = []
    for value, at in table.rows("statements", "statement"):
        entry = Table(sheet, value, at, _called("statement", value), "code en zh")
        wanted = f"{code}.1, {code}.2 ..., the code of its cell and a number" if code else "such a code as FC-1.1"
        number = entry.code(rf"{code or '[A-Z]{2}-[1-9]'}\.[1-9]\d*", wanted)
        statements.append(Statement(number, entry.both()))
    return Cell(code, level, tuple(statements), seeds, clauses)


def _is_chapter(seed: str) -> bool:
    match = re.fullmatch(r"([MGSOK])([1-9]\d?)", seed)
    return match is not None and int(match[2]) <= _CHAPTERS[match[1]]


def _check_sums(top: Table, levels: tuple[Level, ...], domains: tuple[Domain, ...]) -> None:
    if not domains or any(not domain.weights for domain in domains):
        return
    for level in levels:
        total = sum(domain.weights[level.number - 1] for domain in domains)
        if total != 100:
            todo = f"change the weight in place {level.number} of one or more domains"
            top.fault("domains", f"weights of level {level.number} that sum to 100", str(total), todo)


def _check_leaves(sheet: Sheet, leaves: dict[str, int], domains: tuple[Domain, ...]) -> None:
    mapped = {clause for domain in domains for cell in domain.cells for clause in cell.demoi}
    for clause, line in leaves.items():
        if clause not in mapped:
            sheet.fault(line, f"demoi {clause}: wanted a cell that names it, got none; add it to the demoi of a cell")


# --- the scheme's parts -----------------------------------------------------------------------------------------------


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
        ground = Table(table.sheet, row, line, _called("ground", row), "code en zh")
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


def _called(what: str, row: Any) -> str:
    """What messages call an entry: by its code where it has one."""
    code = row.get("code") if isinstance(row, CommentedMap) else None
    return f"{what} {code}" if isinstance(code, str) else f"a {what}"


def _join(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values) or "nothing"
