"""Whether an investment pays: an explorer of benefit, cost, rate and horizon with the assumptions that matter most."""

from __future__ import annotations

from typing import Any

from .. import finance, reporting
from .._checks import number, share, whole
from .._text import Text
from ._parts import View, explorer, room_above, roomy_slider, said, slider

__all__ = ["business_case", "case_view"]

INVESTMENT = Text("Investment today [thousand]", "期初投资（千元）")
BENEFIT = Text("Benefit each year [thousand]", "每年收益（千元）")
COST = Text("Running cost each year [thousand]", "每年运行成本（千元）")
RATE = Text("Discount rate [% a year]", "折现率（%/年）")
YEARS = Text("Years", "年数")
SPREAD = Text("Assumptions may be wrong by [%]", "假设可能的误差（±%）")
WORTH = Text("The case is worth {npv:+,.0f} thousand in today's money (NPV)", "净现值（NPV）为{npv:+,.0f}千元")
BACK = Text("; the money is back after {payback:.1f} years", "；静态回收期{payback:.1f}年")
NEVER = Text("; the money is not back within {years} years", "；{years}年内未收回投资")
IRR = Text(", the internal rate of return is {irr:.1%}.", "，内部收益率{irr:.1%}。")
STOP = Text(".", "。")
EVEN = Text(
    " It breaks even at a benefit of {even:,.0f} thousand a year, {room:.0%} less than assumed.",
    "盈亏平衡的年收益为{even:,.0f}千元，比假设低{room:.0%}。",
)
SHORT = Text(
    " It would break even at a benefit of {even:,.0f} thousand a year.", "年收益要达到{even:,.0f}千元才能盈亏平衡。"
)
MOST = Text(
    " Wrong by {spread:.0%}, {name} moves it most: from {low:+,.0f} to {high:+,.0f}.",
    "误差{spread:.0%}时，影响最大的是{name}：净现值从{low:+,.0f}到{high:+,.0f}。",
)
ASK_POSITIVE = Text(
    "Lower the benefit until the value is 0: how sure are you of it, and who will measure it?",
    "把年收益往下调，直到净现值为0：你对收益有多大把握？由谁来测量？",
)
ASK_NEGATIVE = Text(
    "Add years until it pays: will the system, the contract and the volume last that long?",
    "增加年数，直到项目划算：系统、合同、话务量能维持那么久吗？",
)
NAMES = {
    "investment": Text("investment", "投资"),
    "benefit": Text("benefit", "收益"),
    "cost": Text("running cost", "运行成本"),
    "rate": Text("rate [%]", "折现率（%）"),
}


def business_case(
    language: str = "en",
    investment: float = 300,
    benefit: float = 180,
    cost: float = 30,
    rate: float = 0.08,
    years: int = 3,
) -> Any:
    """Move the assumptions of a business case, and see value, payback, cash flow and what matters most.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; other charts of the session keep theirs.
    investment : float, optional
        Paid today [thousands of your currency].
    benefit : float, optional
        What each year brings [thousands].
    cost : float, optional
        Running cost of each year [thousands].
    rate : float, optional
        Discount rate per year, a share.
    years : int, optional
        How long it brings and costs.

    Returns
    -------
    VBox
        Sliders, sentences and two charts; show it as the last line of a cell.

    Examples
    --------
    >>> box = business_case()
    >>> box.children[-2].value[:60]
    '<p>The case is worth +87 thousand in today&#x27;s money (NPV'
    >>> business_case(rate=8)
    Traceback (most recent call last):
    ValueError: rate must be a share between 0 and 1, got 8; write 0.08
    """
    number("investment", investment, above=0)
    number("benefit", benefit, least=0)
    number("cost", cost, least=0)
    percent = round(100 * float(share("rate", rate)), 1)
    controls = {
        "investment": roomy_slider(INVESTMENT.say(language), investment, 10, 1000, 10),
        "benefit": roomy_slider(BENEFIT.say(language), benefit, 0, 600, 10),
        "cost": roomy_slider(COST.say(language), cost, 0, 300, 5),
        "rate": slider(RATE.say(language), percent, 0, min(room_above(percent, 25), 100), 0.5),
        "years": roomy_slider(YEARS.say(language), whole("years", years), 1, 10),
        "spread": slider(SPREAD.say(language), 20, 5, 50, 5),
    }
    return explorer(controls, case_view, language)


def case_view(
    investment: float, benefit: float, cost: float, rate: float, years: int, spread: float, language: str
) -> View:
    """What the assumptions come to; rate and spread in percent, money in thousands."""

    def value(**assumed: float) -> float:
        flows = [assumed["benefit"]] * years
        discount = min(assumed["rate"] / 100, 1.0)
        return finance.business_case(assumed["investment"], flows, assumed["cost"], discount).npv

    case = finance.business_case(investment, [benefit] * years, cost, rate / 100)
    base = {"investment": investment, "benefit": benefit, "cost": cost, "rate": rate}
    table = finance.sensitivity(value, base, spread / 100)
    words = said(WORTH, language, npv=case.npv)
    words += said(NEVER if case.payback_periods is None else BACK, language, payback=case.payback_periods, years=years)
    words += STOP.say(language) if case.irr is None else said(IRR, language, irr=case.irr)
    # The value is a straight line in the benefit, whose slope is what 1 a year is worth.
    even = benefit - case.npv / finance.npv(rate / 100, [0.0] + [1.0] * years)
    room = 1 - even / benefit if benefit else 0.0
    words += said(EVEN if case.npv > 0 else SHORT, language, even=even, room=room)
    table["parameter"] = [NAMES[name].say(language) for name in table["parameter"]]
    top = table.iloc[0]
    ends = sorted((top["npv_low"], top["npv_high"]))
    words += said(MOST, language, spread=spread / 100, name=top["parameter"], low=ends[0], high=ends[1])
    ask = ASK_POSITIVE if case.npv > 0 else ASK_NEGATIVE
    return View(words, ask.say(language), [reporting.cash_flow_chart(case), reporting.tornado_chart(table, case.npv)])
