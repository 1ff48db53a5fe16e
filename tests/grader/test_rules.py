"""The framework and the scheme are read as written, or refused with file, line and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.centre import PROJECT
from grader.errors import RulesError
from grader.model import (
    Bilingual,
    ComplianceRules,
    CreditRules,
    ExaminerRules,
    FormRules,
    Framework,
    KeepingRules,
    Quality,
    RetakeRules,
)
from grader.rules import load_framework, load_scheme

FRAMEWORK = """\
version: "1"
levels:
  - {number: 1, code: L1, en: Senior Agent, zh: 资深座席}
  - {number: 2, code: L2, en: Team Leader, zh: 班组长}
demoi:
  "1.1": {en: Culture & strategy, zh: 文化与战略}
  "2.1.3": {en: Management processes, zh: 管理流程}
domains:
  - code: FC
    en: Forecasting & scheduling
    zh: 话务预测与排班
    core: true
    weights: [60, 100]
    cells:
      - code: FC-1
        level: 1
        seeds: [M11]
        demoi: ["2.1.3"]
        statements:
          - code: FC-1.1
            en: Reads own schedule
            zh: 看懂自己的班表
      - code: FC-2
        level: 2
        seeds: [O11, K6]
        demoi: ["2.1.3"]
        statements:
          - code: FC-2.1
            en: Approves leave
            zh: 审批请假
  - code: SM
    en: Strategy & maturity
    zh: 战略与成熟度
    core: false
    weights: [40, 0]
    cells:
      - code: SM-1
        level: 1
        seeds: [G1]
        demoi: ["1.1"]
        statements:
          - code: SM-1.2
            en: Explains what the centre is for
            zh: 讲清中心为何而设
"""

SCHEME = """\
version: "1"
title: {en: Contact Centre Management Ladder, zh: 管理能力阶梯}
certificate: {en: Certificate of Assessed Competence, zh: 能力评价证书}
blocked_words: [认证, official CC-CMM]
levels:
  - level: 1
    scored: 60
    pilot: 6
    minutes: 75
    cognitive: {R: 40, A: 45, E: 15}
    practical:
      en: Find the faults
      zh: 找出差错
      minutes: 30
      cut_percent: 60
      markers: 1
    entry: {en: Six months of contact work, zh: 一线工作满6个月, service_months: 6}
    validity_months: 36
    renewal_hours: 20
    cut_method: modified Angoff
  - level: 2
    scored: 80
    pilot: 8
    minutes: 100
    cognitive: {R: 30, A: 50, E: 20}
    practical:
      en: Capacity plan
      zh: 产能规划
      days: 20
      cut_percent: 62.5
      markers: 2
    entry:
      en: Level 1 or one year
      zh: 已取得一级或满1年
      previous_months: 0
      service_months: 12
    validity_months: 36
    renewal_hours: 30
    cut_method: modified Angoff
marking:
  credit:
    choice: all or nothing
    multi: each option
    number: within tolerance
    order: all or nothing
    match: right pairs
    text: rubric
    code: tests
  step: 0.5
  difference: 1
  kappa: 0.7
decisions:
  compliance: {domains: [SM], statements: [FC-1.1], items: 10}
  review_sem: 1
retake: {wait_days: 30, attempts: 3, months: 24}
appeal:
  days: 20
  decide_days: 31
  grounds:
    - {code: marking, en: A wrong mark, zh: 评分有误}
quality:
  alpha: 0.8
  consistency: 0.85
  judges: {least: 9, most: 12}
  facility: {least: 0.3, most: 0.9}
  discrimination: 0.15
forms:
  kinds: {order: {least: 4, most: 13}}
  texts: 1
  anchor_percent: 25
  overlap: 0
  uses: 4
  use_months: 12
certificates:
  renewal:
    window_days: 180
    grace_days: 90
    audit_percent: 10
    credits:
      - {code: training, most_percent: 60, en: Courses, zh: 课程}
      - {code: essay, most_percent: 40, from_level: 2, en: An essay, zh: 论文}
  reminders_days: [180, 30]
  suspension_days: 150
  appeal_days: 21
  grounds:
    - {code: misuse, en: Misused, zh: 不当使用}
retention: {identity: 24, answers: 36, certificates: 120}
"""


def framework_of(tmp_path: Path, text: str = FRAMEWORK) -> Framework:
    path = tmp_path / "framework.yml"
    path.write_text(text, "utf-8")
    return load_framework(path)


def refusal(tmp_path: Path, name: str, base: str, old: str, new: str) -> list[str]:
    """The lines of the refusal of ``base`` after one change."""
    assert base.count(old) == 1, f"{old!r} has to stand once in the base text"
    framework = framework_of(tmp_path) if name == "scheme.yml" else None
    path = tmp_path / name
    path.write_text(base.replace(old, new), "utf-8")
    with pytest.raises(RulesError) as caught:
        load_framework(path) if framework is None else load_scheme(path, framework)
    return str(caught.value).splitlines()


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


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('version: "1"', "version: 1.0", 1, "version: wanted text, got 1.0; put it in quotes if it is meant as text"),
        ('version: "1"\n', "", 1, "the file: wanted the key version, got none; add it"),
        ("core: true", "core: yes please", 12, "domain FC, core: wanted true or false"),
        ("core: true", "colour: red", 12, "domain FC, colour: wanted only the keys code, en, zh, core, weights, cells"),
        ("weights: [60, 100]", "weights: [59, 100]", 8, "wanted weights of level 1 that sum to 100, got 99"),
        ("weights: [60, 100]", "weights: [60]", 13, "wanted 2 whole numbers from 0 to 100, got 60"),
        ("weights: [60, 100]", "weights: [60.5, 100]", 13, "wanted 2 whole numbers from 0 to 100, got 60.5, 100"),
        (
            "weights: [40, 0]",
            "weights: [40, 5]",
            35,
            "wanted weight 0 at level 2, which has no cell, got 5; add the cell SM-2",
        ),
        ("weights: [40, 0]", "weights: [0, 0]", 35, "wanted a weight above 0 at level 1, which has a cell, got 0"),
        ("code: FC\n", "code: Fc\n", 9, "domain Fc, code: wanted two capital letters such as FC, got Fc"),
        ("code: SM\n", "code: FC\n", 31, "wanted a code of its own, FC stands in line 9 already, got FC again"),
        ("- code: FC-2\n", "- code: FC-3\n", 23, "cell FC-3, code: wanted FC-2, the domain and the level"),
        (
            "code: FC-2.1",
            "code: FC-1.2",
            28,
            "statement FC-1.2, code: wanted FC-2.1, FC-2.2 ..., the code of its cell and a number",
        ),
        ("            zh: 看懂自己的班表\n", "", 20, "statement FC-1.1: wanted the key zh, got none; add it"),
        ("zh: 看懂自己的班表", "zh:", 22, "statement FC-1.1, zh: wanted Chinese text, got nothing; write it"),
        ("zh: 看懂自己的班表", "zh: Reads it", 22, 'zh: wanted Chinese text, got "Reads it"; write it in Chinese'),
        ("en: Approves leave", "en: Approves 请假", 29, 'en: wanted English text, got "Approves 请假"'),
        ("seeds: [O11, K6]", "seeds: [O11, K8]", 25, "seeds: wanted a chapter M1-M21, G1-G10, S1-S10, O1-O23 or K1-K7"),
        ("seeds: [G1]", "seeds: []", 39, "cell SM-1, seeds: wanted a list of at least one seed, got an empty list"),
        ('demoi: ["1.1"]', "demoi: [1.1]", 40, "demoi: wanted a clause listed under demoi, in quotes, got 1.1"),
        ('demoi: ["1.1"]', 'demoi: ["5.9"]', 40, 'got "5.9"; mend it or take it out'),
        ('demoi: ["1.1"]', 'demoi: ["2.1.3"]', 6, "demoi 1.1: wanted a cell that names it, got none"),
        ('"1.1": {', "1.1: {", 6, 'demoi, 1.1: wanted a clause number in quotes such as "3.3", got 1.1'),
        ("number: 2", "number: 3", 4, "level 2, number: wanted 2, got 3; number the levels 1, 2, 3"),
        ("    core: false\n", "    core: false\n    core: false\n", 35, "wanted the key core once, got it twice"),
        ("    core: false\n", "   core: false\n", 34, "wanted YAML, got a fault"),
        ("en: Reads own schedule", "en: Reads: own schedule", 21, "wanted YAML, got a fault"),
        ("zh: 审批请假", "zh: \x07", 30, "wanted YAML, got something that cannot be read"),
        ('version: "1"', "version: 2026-13-45", 1, "wanted YAML, got something that cannot be read"),
        (
            "      - code: SM-1\n        level: 1\n",
            "      - SM-1\n      - level: 1\n",
            37,
            "a cell: wanted keys code, level",
        ),
    ],
)
def test_a_fault_of_the_framework_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    lines = refusal(tmp_path, "framework.yml", FRAMEWORK, old, new)

    told = [text for text in lines if text.startswith(f"{tmp_path / 'framework.yml'}:{line}: ") and says in text]
    assert told, "\n".join(lines)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("scored: 60", "scored: 0", 7, "level 1, scored: wanted a whole number of at least 1, got 0"),
        ("pilot: 6", "pilot: six", 8, 'level 1, pilot: wanted a whole number of at least 0, got "six"'),
        ("minutes: 75", "minutes: true", 9, "level 1, minutes: wanted a whole number of at least 1, got true"),
        ("{R: 40, A: 45, E: 15}", "{R: 40, A: 45, E: 10}", 10, "cognitive: wanted R, A and E that sum to 100, got 95"),
        ("{R: 40, A: 45, E: 15}", "{R: 40, A: 60}", 10, "level 1, cognitive: wanted the key E, got none; add it"),
        ("      minutes: 30\n", "      minutes: 30\n      days: 2\n", 14, "wanted either minutes or days, got both"),
        ("      days: 20\n", "", 26, "level 2, practical, minutes: wanted either minutes or days, got neither"),
        ("cut_percent: 62.5", "cut_percent: 120", 30, "wanted a percentage above 0 and up to 100, got 120"),
        ("cut_percent: 62.5", "cut_percent: .nan", 30, "wanted a percentage above 0 and up to 100, got nan"),
        ("      previous_months: 0\n", "", 32, "previous_months: wanted months for which the level below is held"),
        ("service_months: 6}", "service_months: 6, previous_months: 3}", 17, "wanted no such key at level 1, got 3"),
        (
            "renewal_hours: 30\n    cut_method: modified Angoff",
            "renewal_hours: 30\n    cut_method: fixed 70",
            39,
            'cut_method: wanted modified Angoff, got "fixed 70"; choose from these',
        ),
        (
            "zh: 能力评价证书",
            "zh: 能力认证证书",
            3,
            'wanted wording without "认证", a blocked word, got "能力认证证书"',
        ),
        ("Capacity plan", "Official cc-cmm plan", 27, 'wanted wording without "official CC-CMM", a blocked word'),
        ("blocked_words: [认证, ", "blocked_words: [认证, 认证, ", 4, "wanted each word once"),
        ("- level: 2", "- level: 3", 5, "levels: wanted levels 1, 2 in this order, got 1, 3"),
        (
            "title: {en: Contact Centre Management Ladder, zh: 管理能力阶梯}",
            "title: Ladder",
            2,
            'title: wanted keys en, zh, got "Ladder"; write them as key: value',
        ),
        ("entry:\n", "entry:\n      <<: 7\n", 33, "wanted YAML, got a fault"),
        (
            "multi: each option",
            "multi: by luck",
            43,
            'marking, credit, multi: wanted right minus wrong or each option or all or nothing, got "by luck"',
        ),
        ("    order: all or nothing\n", "", 41, "marking, credit: wanted the key order, got none; add it"),
        ("step: 0.5", "step: 0", 49, "marking, step: wanted a number from 0.25 to 1, got 0"),
        (
            "difference: 1",
            "difference: a point",
            50,
            'marking, difference: wanted a number from 0 to 10, got "a point"',
        ),
        ("domains: [SM]", "domains: [XX]", 53, "decisions, compliance, domains: wanted a domain of the framework"),
        ("[FC-1.1]", "[FC-1.9]", 53, "decisions, compliance, statements: wanted a statement of the framework"),
        ("items: 10", "items: 1", 53, "decisions, compliance, items: wanted a whole number of at least 2, got 1"),
        ("review_sem: 1", "review_sem: 0.5", 54, "decisions, review_sem: wanted a whole number from 0 to 3, got 0.5"),
        (", months: 24", "", 55, "retake: wanted the key months, got none; add it"),
        ("attempts: 3", "attempts: 0", 55, "retake, attempts: wanted a whole number of at least 1, got 0"),
        ("code: marking", "code: Marking", 60, "ground Marking, code: wanted a word of 3 to 20 small letters"),
        (
            "  days: 20\n  decide",
            "  days: soon\n  decide",
            57,
            'appeal, days: wanted a whole number of at least 1, got "soon"',
        ),
        ("alpha: 0.8\n", "alpha: 80\n", 62, "quality, alpha: wanted a number from 0 to 1, got 80"),
        ("least: 9", "least: 1", 64, "quality, judges, least: wanted a whole number of at least 2, got 1"),
        ("least: 9", "least: 13", 64, "quality, judges, least: wanted less than most, got 13"),
        ("{least: 0.3, most: 0.9}", "{least: 0.9, most: 0.3}", 65, "quality, facility, least: wanted less than most"),
        ("{order: {", "{essay: {", 68, "forms, kinds, essay: wanted a kind of item other than text: choice"),
        ("{order: {", "{text: {", 68, "forms, kinds, text: wanted a kind of item other than text: choice"),
        ("{least: 4, most: 13}", "{least: 14, most: 13}", 68, "order, least: wanted no more than most, got 14"),
        ("anchor_percent: 25", "anchor_percent: 95", 70, "anchor_percent: wanted a whole number from 0 to 90, got 95"),
        ("uses: 4", "uses: 0", 72, "forms, uses: wanted a whole number of at least 1, got 0"),
        ("audit_percent: 10", "audit_percent: 110", 78, "audit_percent: wanted a whole number from 0 to 100, got 110"),
        ("most_percent: 60", "most_percent: 50", 79, "credits: wanted categories that can fill the hours together"),
        ("from_level: 2", "from_level: 3", 81, "from_level: wanted a whole number from 1 to 2, got 3"),
        ("[180, 30]", "[30, 180]", 82, "certificates, reminders_days: wanted whole days, most first, got"),
        ("[180, 30]", "[180, soon]", 82, "certificates, reminders_days: wanted whole days, most first, got"),
        ("zh: 不当使用", "zh: 认证", 86, "wanted wording without"),
        ("identity: 24", "identity: 0", 87, "retention, identity: wanted a whole number of at least 1, got 0"),
        (", answers: 36", "", 87, "retention: wanted the key answers, got none; add it"),
    ],
)
def test_a_fault_of_the_scheme_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    lines = refusal(tmp_path, "scheme.yml", SCHEME, old, new)

    told = [text for text in lines if text.startswith(f"{tmp_path / 'scheme.yml'}:{line}: ") and says in text]
    assert told, "\n".join(lines)


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


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    broken = FRAMEWORK.replace("zh: 审批请假", "zh: leave").replace("[M11]", "[M22]").replace("[60, 100]", "[60, 90]")
    with pytest.raises(RulesError) as caught:
        framework_of(tmp_path, broken)

    lines = [re.sub(r"^.*framework\.yml:(\d+): .*$", r"\1", line) for line in str(caught.value).splitlines()]
    assert lines == ["8", "17", "30"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "42\n",
        "null\n",
        "--- a\n--- b\n",
        "[" * 2000,
        "a: &a [*a]\n",
        "!!python/none\n",
        "levels: !!set x\n",
        "{a: b}: c\n",
        "levels: |\n  - 1\n  - 2\n",
    ],
)
def test_a_file_of_another_shape_is_refused_in_sentences(tmp_path: Path, text: str) -> None:
    with pytest.raises(RulesError) as caught:
        framework_of(tmp_path, text)

    assert all(re.match(r".*framework\.yml:\d+: .*wanted .*, got ", line) for line in str(caught.value).splitlines())


def test_a_missing_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"nowhere\.yml: wanted a YAML file that can be read, got No such file"):
        load_framework(tmp_path / "nowhere.yml")


def test_a_folder_in_place_of_the_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="wanted a YAML file that can be read, got Is a directory"):
        load_framework(tmp_path)


def test_a_file_that_is_not_utf8_is_refused_with_the_line_of_the_first_wrong_byte(tmp_path: Path) -> None:
    path = tmp_path / "framework.yml"
    path.write_bytes(FRAMEWORK.encode("gb18030"))

    with pytest.raises(RulesError, match=r"framework\.yml:3: wanted UTF-8 text, got other bytes; save"):
        load_framework(path)


@pytest.mark.parametrize("share", [0.03, 0.2, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("name", ["framework.yml", "scheme.yml"])
def test_a_real_file_cut_short_anywhere_is_refused_with_its_line(tmp_path: Path, name: str, share: float) -> None:
    text = (PROJECT / "question_bank" / name).read_text("utf-8")
    path = tmp_path / name
    path.write_text(text[: int(len(text) * share)], "utf-8")

    with pytest.raises(RulesError) as caught:
        load_framework(path) if name == "framework.yml" else load_scheme(path, framework_of(tmp_path / ".."))

    assert all(re.match(rf".*{name}:\d+: .*wanted .*, got ", line) for line in str(caught.value).splitlines())
