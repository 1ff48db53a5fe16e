"""Improvement projects by PDCA and DMAIC: what each phase must show before the next may start; changes told in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from .._checks import choice, columns
from .._guards import labels, mapping, one_share
from .._text import Text

__all__ = ["CYCLES", "Phase", "project_gate", "readiness"]


@dataclass(frozen=True)
class Phase:
    """One phase of a cycle with what its record must hold."""

    name: Text
    asks: Mapping[str, Text]
    """Key of each entry, and the question that it answers."""


CYCLES: dict[str, dict[str, Phase]] = {
    "PDCA": {
        "plan": Phase(
            Text("Plan", "计划"),
            {
                "problem": Text("What is wrong, for whom, since when?", "什么问题？影响谁？从何时开始？"),
                "baseline": Text("How much is it today, measured how?", "现状数值是多少？如何测量？"),
                "goal": Text("How much shall it be, by which day?", "目标数值与达成日期？"),
                "cause": Text("Which cause do the facts support?", "事实支持哪个原因？"),
                "owner": Text("Who answers for it?", "谁负责？"),
            },
        ),
        "do": Phase(
            Text("Do", "执行"),
            {
                "trial": Text("What was changed, where, from when to when?", "改变了什么？在哪里？起止时间？"),
                "departures": Text("What went otherwise than planned?", "哪些与计划不符？"),
            },
        ),
        "check": Phase(
            Text("Check", "检查"),
            {
                "result": Text("How much is it now, measured the same way?", "用同样方法测得的现值？"),
                "chance": Text("Could chance alone have done it?", "是否可能只是偶然？"),
                "side_effects": Text("What became worse elsewhere?", "其他方面有无变差？"),
            },
        ),
        "act": Phase(
            Text("Act", "处置"),
            {
                "standard": Text(
                    "Which document, training or system holds the change?", "由哪份文件、培训或系统固化？"
                ),
                "follow_up": Text("When will it be measured again, and by whom?", "何时由谁复查？"),
            },
        ),
    },
    "DMAIC": {
        "define": Phase(
            Text("Define", "界定"),
            {
                "problem": Text("What is wrong, for whom, since when?", "什么问题？影响谁？从何时开始？"),
                "customer_need": Text("What does the customer call good?", "客户认为怎样才算好？"),
                "scope": Text("Where does the process begin and end?", "流程从哪里到哪里？"),
                "goal": Text("How much shall it be, by which day?", "目标数值与达成日期？"),
                "owner": Text("Who answers for it?", "谁负责？"),
            },
        ),
        "measure": Phase(
            Text("Measure", "测量"),
            {
                "definition": Text("What exactly is counted, over what?", "口径：数什么、除以什么？"),
                "agreement": Text("Do two people measure the same?", "两人测量结果是否一致？"),
                "baseline": Text("How much is it today, with its spread?", "现状数值及其波动？"),
            },
        ),
        "analyse": Phase(
            Text("Analyse", "分析"),
            {
                "causes": Text("Which causes were tested, and which fell away?", "检验过哪些原因？排除了哪些？"),
                "proof": Text("Which data support the main cause?", "哪些数据支持主要原因？"),
            },
        ),
        "improve": Phase(
            Text("Improve", "改进"),
            {
                "options": Text("Which ways were weighed, by effect and effort?", "按效果与投入比较过哪些方案？"),
                "pilot": Text("What did the trial show against the baseline?", "试点与基线相比结果如何？"),
                "risks": Text("What can go wrong, and what then?", "可能出什么问题？如何应对？"),
            },
        ),
        "control": Phase(
            Text("Control", "控制"),
            {
                "chart": Text("Which limits tell that it slips back?", "用什么控制限发现回退？"),
                "reaction": Text("Who does what when a limit is passed?", "越限时谁做什么？"),
                "standard": Text(
                    "Which document, training or system holds the change?", "由哪份文件、培训或系统固化？"
                ),
                "follow_up": Text("When will it be measured again, and by whom?", "何时由谁复查？"),
            },
        ),
    },
}
"""The two cycles: their phases in order, each with the entries of its record."""


def project_gate(cycle: str, record: Mapping[str, Mapping[str, str]], language: str = "en") -> pd.DataFrame:
    """Which phases of a project are complete, which one is open, and what is still to be answered.

    A phase is open when all before it are complete; what was written into a later phase early does not count yet.

    Parameters
    ----------
    cycle : str
        "PDCA" or "DMAIC".
    record : mapping
        Phase to entries, entry to text; what is missing or blank is not answered.
    language : str, optional
        "en" or "zh".

    Returns
    -------
    DataFrame
        Indexed by phase and entry: `question`, `answer`, `state` ("done", "open", "later").

    Examples
    --------
    >>> record = {"plan": {"problem": "18 % of parcel calls come back", "baseline": "18.2 % in May, seven-day repeats"}}
    >>> found = project_gate("PDCA", record)
    >>> found.loc["plan", "state"].to_dict()
    {'problem': 'done', 'baseline': 'done', 'goal': 'open', 'cause': 'open', 'owner': 'open'}
    >>> found.loc["do", "state"].unique().tolist()
    ['later']
    """
    phases = CYCLES[choice("cycle", cycle, CYCLES)]
    if not isinstance(record, Mapping):
        raise TypeError(f"record must be a mapping of phase to entries, got {type(record).__name__}")
    for phase, entries in record.items():
        choice("phase", phase, phases)
        for entry in mapping(f"record of {phase}", entries):
            choice(f"entry of {phase}", entry, phases[phase].asks)
    rows: dict[tuple[str, str], tuple[str, str, str]] = {}
    reached = True
    for key, phase_ in phases.items():
        answers = {entry: str(record.get(key, {}).get(entry) or "").strip() for entry in phase_.asks}
        for entry, question in phase_.asks.items():
            state = "later" if not reached else "done" if answers[entry] else "open"
            rows[key, entry] = (question.say(language), answers[entry], state)
        reached = reached and all(answers.values())
    index = pd.MultiIndex.from_tuples(rows, names=["phase", "entry"])
    return pd.DataFrame(list(rows.values()), index=index, columns=["question", "answer", "state"])


def readiness(people: pd.DataFrame, effective: Any, needed: float = 0.95) -> pd.DataFrame:
    """Whether a change has reached every shift before it takes effect, team by team.

    Parameters
    ----------
    people : DataFrame
        One row per person: `team`, `told` (day on which the person confirmed to have read it, empty when not) and
        `passed` (True when the test question was answered right).
    effective : date
        First day of the change.
    needed : float, optional
        Share of each team that must have been told before that day and have passed.

    Returns
    -------
    DataFrame
        Indexed by team: `people`, `told` and `passed` (shares; passed counts those told in time), `ready`. Do not start
        while a team is not ready: one team in twenty working the old way is what customers notice.

    Examples
    --------
    >>> people = pd.DataFrame({
    ...     "team": ["A", "A", "B", "B"], "told": ["2026-03-02", "2026-03-03", "2026-03-03", None],
    ...     "passed": [True, True, True, False],
    ... })
    >>> readiness(people, "2026-03-09")["ready"].to_dict()
    {'A': True, 'B': False}
    """
    table = columns("people", people, ["team", "told", "passed"])
    least = one_share("needed", needed, zero=False)
    labels(table, "team")
    if table["team"].isna().any():
        raise ValueError(f"team must be named in every row, got none in {table['team'].isna().sum()}")
    if effective is None or pd.isna(effective) is True:
        raise ValueError(f"effective must be a day such as 2026-03-09, got {effective!r}")
    start = _day(effective)
    told = pd.Series([pd.NaT if pd.isna(day) is True else _day(day) for day in table["told"]], table.index)
    if not all(isinstance(value, (bool, np.bool_)) for value in table["passed"]):
        raise TypeError("passed must be True or False in every row, got something else")
    in_time = (told < start).to_numpy(dtype=bool)
    passed = in_time & table["passed"].to_numpy(dtype=bool)
    found = pd.DataFrame({"told": in_time, "passed": passed}, index=table.index).groupby(table["team"].to_numpy())
    shares = found.mean()
    return shares.assign(people=found.size(), ready=shares["passed"] >= least)[["people", "told", "passed", "ready"]]


def _day(value: Any) -> Any:
    """A day without a time zone from a date or its text; a bare number is none."""
    wanted = "effective and told must be days such as 2026-03-09"
    if not isinstance(value, (str, date, np.datetime64)):
        raise ValueError(f"{wanted}, got {str(value)[:40]!r}")
    try:
        day = pd.Timestamp(value)
    except (ValueError, TypeError):
        raise ValueError(f"{wanted}, got {value!r}") from None
    if not pd.isna(day) and day.tzinfo is not None:
        raise ValueError(f"{wanted} without a time zone, got {value!s}")
    return day
