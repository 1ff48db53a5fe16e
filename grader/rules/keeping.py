"""What becomes of a certificate after it was issued: renewal, reminders, measures against it, how long records stay."""

from __future__ import annotations

from typing import Any

from ..model import CreditRules, KeepingRules
from ._sheet import Table, called, show

__all__ = ["read_keeping"]

RETAINED = ("identity", "answers", "certificates")
"""Classes of records that have an end."""
_WORD = "[a-z]{3,20}", "a word of 3 to 20 small letters"


def read_keeping(top: Table, levels: int) -> KeepingRules:
    """The tables ``certificates`` and ``retention`` of a scheme."""
    table = top.table("certificates", "renewal reminders_days suspension_days appeal_days grounds")
    renewal = table.table("renewal", "window_days grace_days audit_percent credits")
    credits = dict(_credit(renewal, row, line, levels) for row, line in renewal.rows("credits", "credit"))
    if renewal.sound and not top.sheet.faults and sum(one.most_percent for one in credits.values()) < 100:
        renewal.fault("credits", "categories that can fill the hours together", "less than 100 percent", "raise one")
    grounds = {}
    for row, line in table.rows("grounds", "ground"):
        ground = Table(table.sheet, row, line, called("ground", row), "code en zh")
        grounds[ground.code(*_WORD)] = ground.both()
    retention = top.table("retention", " ".join(RETAINED))
    return KeepingRules(
        window_days=renewal.whole("window_days", 1) or 1,
        grace_days=renewal.whole("grace_days", 0) or 0,
        audit_percent=renewal.whole("audit_percent", 0, 100) or 0,
        credits=credits,
        reminders_days=_falling(table),
        suspension_days=table.whole("suspension_days", 1) or 1,
        appeal_days=table.whole("appeal_days", 1) or 1,
        grounds=grounds,
        retention_months={name: retention.whole(name, 1) or 1 for name in RETAINED},
    )


def _credit(table: Table, row: Any, line: int, levels: int) -> tuple[str, CreditRules]:
    credit = Table(table.sheet, row, line, called("credit", row), "code most_percent en zh", "from_level")
    rules = CreditRules(
        credit.both(), credit.whole("most_percent", 1, 100) or 100, credit.whole("from_level", 1, levels)
    )
    return credit.code(*_WORD), rules


def _falling(table: Table) -> tuple[int, ...]:
    days = [value for value, _ in table.rows("reminders_days", "day")]
    right = [day for day in days if isinstance(day, int) and not isinstance(day, bool) and day > 0]
    if days and (len(right) < len(days) or right != sorted(set(right), reverse=True)):
        table.fault("reminders_days", "whole days, most first", show(days), "write them so, e.g. [180, 90, 30]")
    return tuple(right)
