"""A registry in which every state of the HR reports occurs, with the names that break careless reports."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from grader.model import Framework, Scheme
from grader.rules import load_framework, load_scheme
from grader.store import Store

BANK = Path(__file__).parents[2] / "question_bank"

# number, name, site, team, role, manager
PEOPLE = (
    ("P001", "陈晓敏", "Hefei 合肥", "Inbound A", "Team Leader", "P010"),
    ("P002", "Anna Müller-Schäfer", "Hefei 合肥", "Inbound A", "Senior Agent", "P001"),
    ("P003", "=cmd|' /C calc'!A1", "Hefei 合肥", "Inbound B", "Senior Agent", "P001"),
    ("P004", "<script>alert(1)</script>", "Chengdu 成都", '"><img src=x onerror=alert(1)>', "班组长", "P010"),
    ("P005", "Maria del Carmen " * 17 + "Lopez Garcia", "Chengdu 成都", "Complaints", "Team Leader", "P010"),
    ("P006", "王小明 😀", "Chengdu 成都", "Complaints", "Senior Agent", "P004"),
    ("P007", "@SUM(1+1)*cmd|' /C calc'!A0", "Chengdu 成都", "Outbound", "Senior Agent", "P004"),
    ("P008", "-2+3 Li", "Xi'an & 西安", "Outbound", "Supervisor", "P012"),
    ("P009", "+86 Zhao", "Xi'an & 西安", "Night & <b>Weekend</b>", "主管", "P012"),
    ("P010", "李雯", "Hefei 合肥", "Operations", "Supervisor", "P012"),
    ("P011", "O'Brien \\ \"Bob\"", "Xi'an & 西安", "Outbound", "Senior Agent", "P008"),
    ("P012", "赵敏", "Hefei 合肥", "Management", "Manager", ""),
    ("P013", "", "", "", "", ""),
    ("P014", "欧阳·阿依古丽", "Xi'an & 西安", "Night & <b>Weekend</b>", "Team Leader", "P008"),
    ("P015", "周总", "Hefei 合肥", "Management", "General Manager", ""),
)  # fmt: skip

# number, person, level, issued, until, state; as of 2026-11-21
CERTIFICATES = (
    ("L2-1", "P001", 2, "2026-03-01", "2029-02-28", "active"),
    ("L1-1", "P001", 1, "2023-06-01", "2026-05-31", "active"),  # ended
    ("L1-2", "P002", 1, "2024-01-01", "2026-12-15", "active"),  # 24 days left
    ("L2-2", "P005", 2, "2024-01-01", "2027-04-30", "active"),  # 160 days left
    ("L2-3", "P004", 2, "2025-01-01", "2028-01-01", "withdrawn"),
    ("L3-1", "P008", 3, "2025-01-01", "2028-01-01", "suspended"),
    ("L3-2", "P010", 3, "2026-01-01", "2028-12-31", "active"),
    ("L2-4", "P010", 2, "2021-01-01", "2024-01-01", "active"),  # ended
    ("L2-5", "P010", 2, "2024-01-02", "2027-01-02", "active"),  # 42 days left
    ("L4-1", "P012", 4, "2026-01-01", "2026-11-21", "active"),  # today is its last day
    ("L5-1", "P015", 5, "2022-01-01", "2026-11-20", "active"),  # ended yesterday
)

# seat, person, sitting, outcome (None: not decided), confirmed
SEATS = (
    ("D-01", "P001", "S-DONE", "pass", True),
    ("D-02", "P003", "S-DONE", "fail", True),
    ("D-03", "P006", "S-DONE", "absent", True),
    ("D-04", "P007", "S-DONE", "pass", True),  # no certificate yet
    ("D-05", "P009", "S-DONE", "pass", False),  # waits for the second person
    ("N-01", "P011", "S-NOW", None, False),
    ("N-02", "P014", "S-NEXT", None, False),
    ("N-03", "P099", "S-NEXT", None, False),  # not in the roster
)


@cache
def framework() -> Framework:
    """The framework of the project."""
    return load_framework(BANK / "framework.yml")


@cache
def scheme() -> Scheme:
    """The scheme of the project."""
    return load_scheme(BANK / "scheme.yml", framework())


def _sitting(level: int, opens: str, purpose: str = "certification") -> dict[str, Any]:
    return {"level": level, "purpose": purpose, "title_en": "Sitting", "title_zh": "考试", "minutes": 40,
            "opens_at": opens, "closes_at": opens, "cut_method": "modified Angoff", "scheme": "1"}  # fmt: skip


def decision(person: str, sitting: str, level: int, outcome: str) -> dict[str, Any]:
    """A proposed decision with one strong, one solid and one developing domain."""
    return {
        "person": person, "sitting": sitting, "level": level, "outcome": outcome,
        "written_points": 24.5 if outcome == "pass" else 12, "written_max": 34, "written_cut": 20.4,
        "practical_points": 8, "practical_max": 10, "practical_cut": 6,
        "domains": {"FC": [3, 4], "QA": [3, 5], "RK": [0, 1]}, "reasons": [],
    }  # fmt: skip


def fill(path: Path, purpose: str = "certification") -> Store:
    """Open a registry at ``path`` and tell it the facts above."""
    store = Store(path)
    keys = ("name", "site", "team", "role", "manager")
    store.append_all([("person.recorded", row[0], dict(zip(keys, row[1:], strict=True))) for row in PEOPLE], "hr")
    for name, level, opens in (("S-DONE", 2, "2026-03-01"), ("S-NOW", 2, "2026-11-21"), ("S-NEXT", 3, "2026-12-01")):
        store.append("sitting.scheduled", name, _sitting(level, f"{opens}T08:00:00Z", purpose), "office")
    store.append("sitting.opened", "S-NOW", {}, "office")
    store.append("sitting.marked", "S-DONE", {}, "office")
    for seat, person, sitting, outcome, confirmed in SEATS:
        store.append("seat.assigned", seat, {"sitting": sitting, "person": person, "form": "A"}, "office")
        if outcome:
            store.append("decision.proposed", seat, decision(person, sitting, 2, outcome), "office")
        if confirmed:
            store.append("decision.confirmed", seat, {}, "second", at="2026-03-02T09:00:00Z")
    for number, person, level, issued, until, state in CERTIFICATES:
        data = {"person": person, "level": level, "seat": "D-01" if number == "L2-1" else f"old-{number}",
                "purpose": purpose, "issued_on": issued, "valid_until": until, "digest": "0" * 64}  # fmt: skip
        store.append("certificate.issued", number, data, "office")
        if state != "active":
            store.append(f"certificate.{state}", number, {"reason": "test"}, "office")
    return store
