"""A small framework and a small scheme as files, each sound, and what is said when one of them is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import RulesError
from grader.model import (
    Framework,
)
from grader.rules import load_framework, load_scheme

__all__ = ["FRAMEWORK", "SCHEME", "framework_of", "refusal"]


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
