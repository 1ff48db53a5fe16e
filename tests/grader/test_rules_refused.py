"""A fault of the framework or the scheme is refused with file, line and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.centre import PROJECT
from grader.errors import RulesError
from grader.rules import load_framework, load_scheme
from tests.grader.small_rules import FRAMEWORK, SCHEME, framework_of, refusal


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
