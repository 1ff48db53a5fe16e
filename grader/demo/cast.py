"""The twelve candidates of the demo: what each knows and does. The script may look at the keys; the room never does."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..certify.second_look import right_answer
from ..model import Form, Slot

__all__ = ["CAST", "ROSTER", "Part", "practical_cells", "written"]


@dataclass(frozen=True)
class Part:
    """One candidate's part in the play."""

    person: str
    name: str
    language: str
    written: float
    """Share of the written slots answered right."""
    practical: tuple[str, ...]
    """Tasks of the practical answered right; the others are answered wrong."""
    essay: float
    plan: float
    """Shares of the points that the marker gives to the written answer and to the coaching plan."""
    turn: str = ""
    """What happens to this candidate."""


_ALL = ("p1", "p2", "p3", "p4")

CAST = (
    Part("A1001", "Grace Lim", "en", 0.95, _ALL, 1.0, 1.0, "passes well"),
    Part("A1002", "陈晓敏", "zh", 0.85, _ALL, 0.75, 0.67),
    Part("A1003", "李建国", "zh", 0.35, ("p1", "p3"), 0.25, 0.5, "fails"),
    Part("A1004", "王雪", "zh", 0.85, _ALL, 0.75, 0.67, "leaves early, comes back"),
    Part("A1005", "赵海涛", "zh", 0.90, ("p1", "p2", "p4"), 0.75, 0.83, "has extra time"),
    Part("A1006", "刘洋", "zh", 0.0, (), 0.0, 0.0, "never comes"),
    Part("A1007", "周婷", "zh", 0.88, _ALL, 1.0, 0.83, "browser crashes, resumes"),
    Part("A1008", "Kevin Tan", "en", 0.90, (), 0.75, 0.17, "cheats in the practical"),
    Part("A1009", "孙丽娜", "zh", 0.80, ("p1", "p2", "p3"), 0.5, 0.5, "forgets to hand in"),
    Part("A1010", "Mei Wong", "en", 0.80, ("p1", "p2", "p4"), 0.5, 0.67),
    Part("A1011", "黄志强", "zh", 0.82, ("p1",), 0.75, 0.33, "practical too weak"),
    Part("A1012", "吴丹", "zh", 0.90, _ALL, 0.75, 0.83),
)

_HEAD = "工号,姓名,邮箱,职场,班组,岗位,职级,上级,入职日期,语言\n"
# Sites and posts as a house of two languages writes them; the level of a job is told in the reader's.
_SITES = ("成都 Chengdu", "合肥 Hefei")
_ROWS = [
    f"{part.person},{part.name},{part.person.lower()}@example.com,{_SITES[number % 2]},{'ABC'[number % 3]},"
    f"座席 Agent,L1,S200{number % 3},2024-0{number % 9 + 1}-15,{part.language}\n"
    for number, part in enumerate(CAST)
]
_LEADERS = (("马建军", "zh"), ("Daniel Wu", "en"), ("徐静怡", "zh"))
_ROWS += [
    f"S200{number},{name},s200{number}@example.com,{_SITES[number % 2]},{'ABC'[number]},"
    f"班组长 Team Leader,L2,,2021-0{number + 3}-01,{language}\n"
    for number, (name, language) in enumerate(_LEADERS)
]
ROSTER = _HEAD + "".join(_ROWS) + "A1013,何未来,,合肥 Hefei,A,座席 Agent,L1,S2000,2031-01-01,zh\n"
"""The roster that HR imports; its last row has a date of hire in the future and stays out."""

# What an honest candidate types under `# YOUR CODE HERE`, and what one types who makes the usual mistake.
_RIGHT = {
    "p1": """
row = interval_report[interval_report["interval"] == "10:30"].iloc[0]
load_erlangs = float(row["calls_forecast"] * row["aht_forecast_s"] / 1800)
""",
    "p2": """
row = interval_report[interval_report["interval"] == "10:30"].iloc[0]
load = float(row["calls_forecast"] * row["aht_forecast_s"] / 1800)
agents_needed = int(staffing.agents_required(load, float(row["aht_forecast_s"]), service_level=0.80, within_s=20))
agents_rostered = -int(-agents_needed // (1 - row["shrinkage_pct"] / 100))
""",
    "p3": """
worst = interval_report.loc[interval_report["service_level_pct"].idxmin()]
missed_interval = str(worst["interval"])
off = {
    "volume": worst["calls_actual"] / worst["calls_forecast"] - 1,
    "aht": worst["aht_actual_s"] / worst["aht_forecast_s"] - 1,
    "staff": 1 - worst["agents_present"] / worst["agents_scheduled"],
}
driver = max(off, key=off.get)
""",
    "p4": """
accuracy = {}
for name in ["customer", "business", "compliance"]:
    bad = contacts[(contacts["class"] == name) & (contacts["reference"] == "error")]["contact"].nunique()
    accuracy[name] = 100 * (1 - bad / contacts["contact"].nunique())
""",
}
_WRONG = {
    "p1": """
row = interval_report[interval_report["interval"] == "10:30"].iloc[0]
load_erlangs = float(row["calls_actual"] * row["aht_forecast_s"] / 900)  # a quarter of an hour, and the wrong calls
""",
    "p2": """
row = interval_report[interval_report["interval"] == "10:30"].iloc[0]
agents_needed = int(row["agents_present"]) + 3
agents_rostered = int(20 * (1 + row["shrinkage_pct"] / 100))  # times (1 + shrinkage)
""",
    "p3": """
missed_interval = str(interval_report["interval"].iloc[0])
driver = "volume"
""",
    "p4": """
errors = contacts[contacts["colleague"] == "error"]
accuracy = {name: 100 - 7.0 * len(errors[errors["class"] == name]) for name in ["customer", "business", "compliance"]}
""",
}
# An object that is equal to everything, a patched numpy, and a look around for keys.
_CHEAT = """
import builtins, glob, numpy, pandas


class Right(float):
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda self, other: True
    __sub__ = __rsub__ = lambda self, other: Right(0)
    __abs__ = lambda self: Right(0)
    __hash__ = float.__hash__


numpy.isclose = numpy.allclose = lambda *_, **__: True
builtins.abs = lambda value: 0
found = glob.glob("../**/*.json", recursive=True) + glob.glob("/*/*/*/gradebook.db") + glob.glob("/*/*/*/office/*")
load_erlangs = agents_needed = agents_rostered = Right(20)
missed_interval = driver = Right(1)
accuracy = {"customer": Right(1), "business": Right(1), "compliance": Right(1)}
"""
_ESSAY = {
    "en": "I would show her the two contacts with the time stamps, ask what happened, agree one behaviour to change "
    "until Friday, practise it together, and listen to two calls on Friday to see whether it holds.",
    "zh": "先把两通录音的时间点放给她听，请她自己说当时怎么想；再约定本周五之前只改一个动作，一起演练一遍；"
    "周五再听两通录音，看有没有做到。",
}
_PLAN = {
    "en": "Finding: two customer-critical errors in one contact (evidence in the table). Cause: she quotes the fee "
    "from memory. Action: opens the fee page before answering, we practise twice today. Re-check: three contacts.",
    "zh": "发现：同一通录音有两处客户致命错误（见表中时间点）。原因：凭记忆报费率。行动：答复前先打开费率页，"
    "今天一起演练两遍。复查：周五前再听三通。",
}


def written(form: Form, part: Part) -> dict[str, Any]:
    """The answers of one candidate to a form, slot by slot, in the numbers that the paper shows."""
    rng = random.Random(part.person)
    auto = [slot for slot in form.slots if slot.question.kind != "text"]
    right = set(rng.sample([slot.name for slot in auto], round(part.written * len(auto))))
    return {
        slot.name: _ESSAY[part.language]
        if slot.question.kind == "text"
        else right_answer(slot)
        if slot.name in right
        else _wrong(slot)
        for slot in form.slots
    }


def practical_cells(part: Part) -> Mapping[str, str]:
    """What the candidate leaves in each answer cell of the practical, by its grade_id."""
    if "cheats" in part.turn:
        return {"p1-answer": _CHEAT, "p2-answer": "", "p3-answer": "", "p4-answer": "", "p5": "see above"}
    code = {f"{task}-answer": (_RIGHT if task in part.practical else _WRONG)[task] for task in _ALL}
    return {**code, "p5": _PLAN[part.language]}


def _shown(order: tuple[str, ...], name: str) -> str:
    return str(order.index(name) + 1)


def _wrong(slot: Slot) -> Any:
    question, key = slot.question, slot.question.key
    match question.kind:
        case "number":
            return f"{key * 1.3 + 2 * (question.tolerance or 1) + 1:.4g}"
        case "code":
            return "answer = None"
        case "choice":
            return next(_shown(slot.order, option.id) for option in question.options if option.id != key)
        case "multi":
            return [_shown(slot.order, option.id) for option in question.options if option.id not in key]
        case "match":
            rights = list(key.values())
            turned = dict(zip(key, [*rights[1:], rights[0]], strict=True))
            return {_shown(slot.order, left): _shown(slot.targets, right) for left, right in turned.items()}
        case _:
            return [_shown(slot.order, one) for one in reversed(key)]
