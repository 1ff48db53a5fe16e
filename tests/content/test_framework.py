"""The framework and the scheme hold what the project's standard prints, in consistent words of both languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from ruamel.yaml import YAML

from grader.centre import PROJECT
from grader.model import Statement
from grader.rules import load_framework, load_scheme

BANK = PROJECT / "question_bank"
FRAMEWORK = load_framework(BANK / "framework.yml")
SCHEME = load_scheme(BANK / "scheme.yml", FRAMEWORK)
CELLS = [cell for domain in FRAMEWORK.domains for cell in domain.cells]
STATEMENTS = [statement for cell in CELLS for statement in cell.statements]

# Scored items for each level, as printed in the project's standard, section 6.2.
PRINTED_ITEMS = """
FC  2  8 14 12  5
QA  9 12 14 10  5
PM  5 12 15 14  9
RP  4  7 12 11  7
SM  2  2  4  9 16
PP  4 11 11 10  8
PR  5  7 10  9  5
CX 12  7  7  8  7
TK  5  3  3  4  5
RK  5  3  4  5  5
FN  0  2  2  6  6
SC  7  6  4  2  2
"""

# What a statement says in English on the left has to be said with one of the words on the right in Chinese.
TERMS = {
    r"adherence": "排班遵从度",
    r"AHT|handle time": "平均处理时长|AHT|处理时长",
    r"\bagents?\b": "座席",
    r"apprais": "考核|考评",
    r"attrition": "流失",
    r"audit": "审核",
    r"\bbias\b": "偏差",
    r"calibration": "校准",
    r"capacity": "产能",
    r"\bclients?\b": "上游客户",
    r"\bcoach": "辅导",
    r"complaint": "投诉",
    r"conformance": "工时符合度",
    r"contact reason": "联络原因",
    r"cost per contact": "单次联络成本",
    r"critical": "致命",
    r"DEMOI": "DEMOI",
    r"downstream": "下游客户",
    r"emergency": "应急",
    r"erlangs?\b": "爱尔兰|Erlang",
    r"escalat": "升级",
    r"forecast": "预测",
    r"incident": "突发事件",
    r"intraday": "当日",
    r"\binterval\b(?! it)": "时段|区间",
    r"\bKPIs?\b": "KPI",
    r"knowledge": "知识",
    r"lifecycle": "生命周期",
    r"maturity": "成熟度",
    r"metric dictionary": "指标字典",
    r"\bNPV|net present value": "净现值",
    r"occupancy": "占用率",
    r"outbound": "外呼",
    r"outsourced": "外包",
    r"payback": "回收期",
    r"post-shift": "班后会",
    r"pre-.*shift meeting": "班前会",
    r"recruiting accuracy": "招聘准确率",
    r"risk register": "风险登记册",
    r"\bscorecard": "计分卡",
    r"script": "话术",
    r"self-assessment": "自评",
    r"service level": "服务水平",
    r"service recovery|service-recovery": "服务补救",
    r"shrinkage": "缩减率",
    r"\bteams?\b": "班组|团队",
    r"ticket": "工单",
    r"upstream": "上游客户",
    r"vendor|supplier": "供应商",
    r"WAPE": "WAPE",
}
# Other spellings of the same things; one term, one translation.
UNWANTED = (
    "坐席",
    "话务员",
    "客服代表",
    "服务级别",
    "服务等级",
    "遵时率",
    "损耗率",
    "通话利用率",
    "标定",
    "严重错误",
    "客诉",
    "转单",
)


def _texts() -> Iterator[tuple[str, str, str]]:
    """Where, English, Chinese of everything that the two files say."""
    for statement in STATEMENTS:
        yield statement.code, statement.text.en, statement.text.zh
    for domain in FRAMEWORK.domains:
        yield domain.code, domain.name.en, domain.name.zh
    for level in FRAMEWORK.levels:
        yield level.code, level.name.en, level.name.zh
    for clause, name in YAML(typ="safe").load(BANK / "framework.yml")["demoi"].items():
        yield clause, name["en"], name["zh"]
    yield "title", SCHEME.title.en, SCHEME.title.zh
    yield "certificate", SCHEME.certificate.en, SCHEME.certificate.zh
    for rules in SCHEME.levels:
        yield f"practical {rules.level}", rules.practical.en, rules.practical.zh
        yield f"entry {rules.level}", rules.entry.en, rules.entry.zh


TEXTS = list(_texts())


def test_the_framework_has_the_size_that_the_standard_states() -> None:
    # Standard 6.1: five levels, twelve domains, 59 cells (FN-1 has none), 247 statements; 1.2: 30 leaf clauses.
    core = [domain.code for domain in FRAMEWORK.domains if domain.core]

    assert (len(FRAMEWORK.levels), len(FRAMEWORK.domains), len(CELLS), len(STATEMENTS)) == (5, 12, 59, 247)
    assert core == ["FC", "QA", "PM", "RP"]
    assert "FN-1" not in {cell.code for cell in CELLS}
    assert len(YAML(typ="safe").load(BANK / "framework.yml")["demoi"]) == 30


def test_the_core_domains_weigh_what_the_standard_prints() -> None:
    # Standard 6.2, last row: "of which the four core domains".
    core = [domain.weights for domain in FRAMEWORK.domains if domain.core]

    assert [sum(column) for column in zip(*core, strict=True)] == [34, 49, 55, 47, 32]


def test_every_chapter_of_the_seeds_is_mapped() -> None:
    # Standard 6.1: every visible seed chapter (M1-M21, G1-G10, S1-S10, O1-O23) and every consulting block (K1-K7).
    wanted = {f"{book}{n}" for book, last in zip("MGSOK", (21, 10, 10, 23, 7), strict=True) for n in range(1, last + 1)}

    assert {seed for cell in CELLS for seed in cell.seeds} == wanted


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_the_weights_give_the_printed_numbers_of_items(level: int) -> None:
    scored = (60, 80, 100, 100, 80)[level - 1]  # the lengths for which standard 6.2 prints them
    weights = {domain.code: domain.weights[level - 1] for domain in FRAMEWORK.domains}

    # Largest remainder in whole hundredths; of equal remainders the smaller weight comes first, as printed.
    items = {code: scored * weight // 100 for code, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda code: (-(scored * weights[code] % 100), weights[code]))
    for code in by_remainder[: scored - sum(items.values())]:
        items[code] += 1

    rows = [row.split() for row in PRINTED_ITEMS.split("\n") if row]
    assert items == {row[0]: int(row[level]) for row in rows}


def test_the_scheme_has_the_figures_that_the_standard_prints() -> None:
    # Standard 6.3: mix R / A / E, length of the practical, markers, renewal hours; scored and pilot items and minutes
    # as decided in docs/decisions/010.
    figures = [
        (
            r.scored,
            r.pilot,
            r.minutes,
            *r.cognitive.values(),
            r.practical_minutes,
            r.practical_days,
            r.markers,
            r.renewal_hours,
        )
        for r in SCHEME.levels
    ]

    assert figures == [
        (50, 5, 75, 40, 45, 15, 30, None, 1, 20),
        (60, 6, 120, 30, 50, 20, 60, None, 2, 30),
        (70, 7, 140, 20, 50, 30, 90, None, 2, 45),
        (70, 7, 140, 15, 45, 40, None, 20, 2, 60),
        (60, 6, 130, 10, 35, 55, None, 60, 2, 60),
    ]
    assert {rules.validity_months for rules in SCHEME.levels} == {36}


def test_the_entry_rules_are_those_of_the_standard() -> None:
    # Standard 6.3: 6 months; L1 or 1 year; L2 + 1 year or 3 years; L3 + 2 years or 5 years; L4 + 3 years or 5 years.
    entry = [(rules.entry_previous_months, rules.entry_service_months) for rules in SCHEME.levels]

    assert entry == [(None, 6), (0, 12), (12, 36), (24, 60), (36, 60)]


@pytest.mark.parametrize("english", TERMS)
def test_a_term_has_one_translation(english: str) -> None:
    with_term = [text for text in TEXTS if re.search(english, text[1], re.IGNORECASE)]

    assert with_term, f"no text says {english}; take the term out of the list"
    assert [text for text in with_term if not re.search(TERMS[english], text[2])] == []


@pytest.mark.parametrize("word", [*UNWANTED, *SCHEME.blocked_words])
def test_no_text_uses_an_unwanted_word(word: str) -> None:
    assert [text for text in TEXTS if word.casefold() in f"{text[1]} {text[2]}".casefold()] == []


def test_the_words_that_may_stand_on_no_certificate_are_blocked() -> None:
    # Standard 4.2, after the notice of 2022 on copycat certificates, and the law on certification bodies.
    forbidden = (
        "认证 中华人民共和国 中国 中华 国家 全国 职业资格 岗位合格 专业技术职务 职业技能等级 人员资格 专项职业能力 包过"
    )

    assert set(forbidden.split()) <= set(SCHEME.blocked_words)


def test_chinese_is_punctuated_as_chinese() -> None:
    half_width = re.compile(r"[,;:?!()'\"]|\.(?!\d)")
    spaced = re.compile(r"[\u3000-\u9fff\uff00-\uffef] | [\u3000-\u9fff\uff00-\uffef]")

    assert [text for text in TEXTS if half_width.search(text[2])] == []
    assert [text for text in TEXTS if spaced.search(text[2])] == []


def test_statements_stand_without_a_full_stop_in_either_language() -> None:
    assert [
        s.code for s in STATEMENTS if re.search(r"[.。；;,，：:]$", s.text.en) or re.search(r"[.。；，：]$", s.text.zh)
    ] == []


def test_no_two_statements_say_the_same() -> None:
    for language in ("en", "zh"):
        said = Counter(statement.text.say(language) for statement in STATEMENTS)
        assert [text for text, times in said.items() if times > 1] == []


def test_brackets_and_quotation_marks_close() -> None:
    for opening, closing in ("（）", "“”", "()"):
        assert [
            text for text in TEXTS if f"{text[1]}{text[2]}".count(opening) != f"{text[1]}{text[2]}".count(closing)
        ] == []


@pytest.mark.parametrize(
    "sign", ["WAPE", "Erlang C", "Erlang A", "80/20", "SIPOC", "PDCA", "DMAIC", "RATER", "SMART", "IVR", "12"]
)
def test_signs_and_figures_are_the_same_in_both_languages(sign: str) -> None:
    with_sign: list[Statement] = [s for s in STATEMENTS if sign in s.text.en or sign in s.text.zh]

    assert with_sign
    assert [s.code for s in with_sign if not (sign in s.text.en and sign in s.text.zh)] == []
