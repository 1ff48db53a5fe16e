"""The framework and the scheme are read as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import RulesError
from grader.model import (
    Bilingual,
    ComplianceRules,
    CreditRules,
    ExaminerRules,
    FormRules,
    KeepingRules,
    Quality,
    RetakeRules,
)
from grader.rules import load_framework, load_scheme
from tests.grader.small_rules import FRAMEWORK, SCHEME, framework_of


def test_a_framework_is_read_as_it_is_written(tmp_path: Path) -> None:
    framework = framework_of(tmp_path)

    forecasting, strategy = framework.domains
    assert framework.version == "1"
    assert [level.name.zh for level in framework.levels] == ["资深座席", "班组长"]
    assert (forecasting.core, forecasting.weights) == (True, (60, 100))
    assert (strategy.core, strategy.weights) == (False, (40, 0))
    assert framework.statement("FC-2.1").text == Bilingual("Approves leave", "审批请假")
    assert (forecasting.cells[1].seeds, forecasting.cells[1].demoi) == (("O11", "K6"), ("2.1.3",))


def test_a_scheme_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yml"
    path.write_text(SCHEME, "utf-8")

    scheme = load_scheme(path, framework_of(tmp_path))

    first, second = scheme.levels
    assert scheme.certificate.zh == "能力评价证书"
    assert scheme.blocked_words == ("认证", "official CC-CMM")
    assert (first.scored, first.pilot, first.minutes, dict(first.cognitive)) == (60, 6, 75, {"R": 40, "A": 45, "E": 15})
    assert (first.practical_minutes, first.practical_days, first.entry_previous_months) == (30, None, None)
    assert (second.practical_minutes, second.practical_days, second.practical_cut_percent) == (None, 20, 62.5)
    assert (second.entry_previous_months, second.entry_service_months, second.markers) == (0, 12, 2)
    assert scheme.compliance == ComplianceRules(("SM",), ("FC-1.1",), 10) and scheme.review_sem == 1
    assert scheme.retake == RetakeRules(30, 3, 24)
    assert scheme.quality == Quality(0.8, 0.85, 9, 12, 0.3, 0.9, 0.15)
    assert scheme.forms == FormRules({"order": (4, 13)}, 1, 25, 0, 4, 12)
    assert (scheme.appeal.days, scheme.appeal.decide_days) == (20, 31)
    assert scheme.appeal.grounds == {"marking": Bilingual("A wrong mark", "评分有误")}
    assert scheme.keeping == KeepingRules(
        180, 90, 10,
        {
            "training": CreditRules(Bilingual("Courses", "课程"), 60, None),
            "essay": CreditRules(Bilingual("An essay", "论文"), 40, 2),
        },
        (180, 30), 150, 21, {"misuse": Bilingual("Misused", "不当使用")},
        {"identity": 24, "answers": 36, "certificates": 120},
    )  # fmt: skip


def test_the_compliance_set_takes_whole_domains_and_single_statements() -> None:
    rules = ComplianceRules(("RK",), ("QA-1.2",), 10)

    assert [code for code in ("RK-3.1", "QA-1.2", "QA-1.20", "QA-1.1", "PR-1.1") if rules.holds(code)] == [
        "RK-3.1",
        "QA-1.2",
    ]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "framework.yml"
    path.write_bytes(b"\xef\xbb\xbf" + FRAMEWORK.replace("\n", "\r\n").encode())

    assert load_framework(path) == framework_of(tmp_path / "..")


def test_a_scheme_says_whether_examiners_are_recorded_and_one_of_before_does_without(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yml"
    path.write_text(f"{SCHEME}examiners: {{required: true, remind_days: 60}}\n", "utf-8")

    assert load_scheme(path, framework_of(tmp_path)).examiners == ExaminerRules(True, 60)
    path.write_text(SCHEME, "utf-8")
    assert load_scheme(path, framework_of(tmp_path)).examiners == ExaminerRules(False, 90)
    path.write_text(f"{SCHEME}examiners: {{required: perhaps}}\n", "utf-8")
    with pytest.raises(RulesError) as refused:
        load_scheme(path, framework_of(tmp_path))
    assert "examiners: wanted the key remind_days, got none; add it" in str(refused.value)
    assert 'examiners, required: wanted true or false, got "perhaps"' in str(refused.value)


def test_the_rules_of_marking_are_read_with_the_scheme(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yml"
    path.write_text(SCHEME, "utf-8")

    marking = load_scheme(path, framework_of(tmp_path)).marking

    assert marking.credit == {
        "choice": "all or nothing",
        "multi": "each option",
        "number": "within tolerance",
        "order": "all or nothing",
        "match": "right pairs",
        "text": "rubric",
        "code": "tests",
    }
    assert (marking.step, marking.difference, marking.kappa) == (0.5, 1, 0.7)
