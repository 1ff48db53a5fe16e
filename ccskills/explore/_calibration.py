"""How far assessors agree: an explorer in which marks are changed by clicking, and kappa, alpha and bias follow."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import pandas as pd

from .. import quality, reporting
from .._text import Text
from ._parts import Screen, View, menu, said

__all__ = ["calibration", "calibration_view"]

MARKS = {2: Text("met", "符合"), 1: Text("partly", "部分"), 0: Text("not met", "不符")}
POINTS = 50  # of 100, for each step of the scale
TOLERANCE = 5.0
RELIABLE, TENTATIVE = 0.8, 0.667
NAMES = (Text("Li", "李敏"), Text("Wang", "王强"), Text("Zhao", "赵婷"))
AGREED = Text("agreed", "基准")
START = Text("Start from", "起始评分")
SESSIONS = {
    "session": Text("a first session", "第一次校准"),
    "alike": Text("all mark like the reference", "全部与基准一致"),
    "strict": Text("all one step stricter", "全部严一档"),
    "easy": Text("nearly everything is met", "几乎全部符合"),
}
REFERENCE = (2, 2, 1, 0, 2, 1, 2, 0, 1, 2)
FIRST = ((2, 2, 1, 0, 2, 1, 2, 1, 1, 2), (1, 2, 0, 0, 1, 0, 2, 0, 1, 1), (2, 2, 2, 1, 2, 0, 2, 0, 2, 2))
EASY = ((2, 2, 2, 2, 2, 2, 2, 2, 0, 2), (2, 2, 2, 2, 0, 2, 2, 2, 2, 2), (2, 2, 2, 2, 2, 2, 2, 0, 2, 2))
EASY_REFERENCE = (2, 2, 0, 2, 2, 2, 2, 2, 2, 2)
CONTACT = Text("{who}, contact {number}; press to change", "{who}，联络{number}；按下更改")
ALPHA = Text("Among the assessors Krippendorff's alpha is {alpha:.2f}: ", "质检员之间的Krippendorff α为{alpha:.2f}：")
ALPHA_BANDS = (
    (RELIABLE, Text("they mark alike.", "彼此尺度一致。")),
    (TENTATIVE, Text("good for tentative conclusions only.", "只能用于初步结论。")),
    (-2.0, Text("marks that differ so much should judge nobody.", "分歧这么大的评分不应用来考核任何人。")),
)
NO_ALPHA = Text(
    "The assessors use one mark only: alpha does not exist, nothing was put to the test.",
    "质检员只用了一种评分：α不存在，什么都没有检验到。",
)
KAPPA = Text(
    " With the reference {best} agrees best (kappa {high:.2f}), {worst} least ({low:.2f}).",
    "与基准最一致的是{best}（Kappa {high:.2f}），最不一致的是{worst}（{low:.2f}）。",
)
ONE_KAPPA = Text(" With the reference every kappa is {high:.2f}.", "与基准的Kappa均为{high:.2f}。")
BIASED = Text(" Beyond {limit:g} points of the reference: {names}.", "超出标准分±{limit:g}分：{names}。")
UNBIASED = Text(" Nobody is more than {limit:g} points off on average.", "平均偏差均在±{limit:g}分以内。")
STRICT, MILD = (
    Text("{name} ({bias:+.0f}, strict)", "{name}（{bias:+.0f}，偏严）"),
    Text("{name} ({bias:+.0f}, mild)", "{name}（{bias:+.0f}，偏松）"),
)
ASKS = {
    "session": Text(
        "Press Wang's marks until his bias is gone. Does his kappa rise as fast?",
        "点击王强的评分，直到偏差消失。他的Kappa也升得一样快吗？",
    ),
    "alike": Text(
        "Now choose “all one step stricter”: which of alpha, kappa and bias notices?",
        "再选“全部严一档”：α、Kappa、偏差，哪一个看得出来？",
    ),
    "strict": Text(
        "The assessors agree with each other and are all wrong: that is why a session needs a reference. Change single "
        "marks of one assessor back and see alpha fall.",
        "质检员彼此一致，却一起错了：所以校准必须有基准。把其中一人的评分逐个改回去，看α怎样下降。",
    ),
    "easy": Text(
        "Four marks of five agree and kappa is below 0: where nearly all is met, agreement costs nothing. Which "
        "contacts would you choose for the next session?",
        "五个评分里有四个一致，Kappa却低于0：几乎全部符合时，一致不费力气。下一次校准你会选哪些联络？",
    ),
}
HEADS = {
    "same": Text("same as reference", "与基准一致"),
    "kappa": Text("kappa", "Kappa"),
    "bias": Text("bias [points]", "偏差（分）"),
    "range": Text("95% range", "95%区间"),
}
CAPTION = Text("Each assessor against the reference", "各质检员与基准")
ABSENT = Text("does not exist", "不存在")


def calibration(language: str = "en") -> Any:
    """Press the marks of a calibration session, and see kappa, alpha and bias follow.

    Three assessors and the agreed reference mark ten contacts on one item: met 100 points, partly 50, not met 0.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; other charts of the session keep theirs.

    Returns
    -------
    VBox
        A menu, a button for every mark, sentences, a table and a chart; show it as the last line of a cell.

    Examples
    --------
    >>> box = calibration()
    >>> box.children[-2].value[:71]
    '<p>Among the assessors Krippendorff&#x27;s alpha is 0.50: marks that di'
    """
    start = menu(START.say(language), [(text.say(language), name) for name, text in SESSIONS.items()], "session")
    marks = {}
    people = [AGREED.say(language), *(name.say(language) for name in NAMES)]
    cells: list[Any] = [widgets.HTML(""), *(_head(name) for name in people)]
    for number in range(len(REFERENCE)):
        cells.append(_head(f"{number + 1}"))
        for who in people:
            marks[number, who] = _mark(said(CONTACT, language, who=who, number=number + 1))
        cells += [marks[number, who] for who in people]
    grid = widgets.GridBox(cells)
    for name in ("ccskills-marks", "ccskills-wide"):
        grid.add_class(name)
    screen = Screen([start, grid], language)
    state: dict[tuple[int, str], int] = {}

    def show() -> None:
        table = pd.DataFrame({who: [state[n, who] for n in range(len(REFERENCE))] for who in people})
        screen.draw(
            lambda: calibration_view(table.set_axis(table.index + 1), ASKS[start.value].say(language), language)
        )

    def put(place: tuple[int, str], mark: int) -> None:
        if place in state:
            marks[place].remove_class(f"ccskills-mark-{state[place]}")
        state[place] = mark
        marks[place].description = MARKS[mark].say(language)
        marks[place].add_class(f"ccskills-mark-{mark}")

    def press(place: tuple[int, str]) -> None:
        put(place, (state[place] - 1) % len(MARKS))
        show()

    def begin(_: Any = None) -> None:
        for who, column in zip(people, session(start.value), strict=True):
            for number, mark in enumerate(column):
                put((number, who), mark)
        show()

    for place, made in marks.items():
        made.on_click(lambda _, place=place: press(place))
    start.observe(begin, names="value")
    begin()
    return screen.box


def session(name: str) -> tuple[tuple[int, ...], ...]:
    """The marks that a session starts from: the reference, then each assessor."""
    stricter = tuple(max(mark - 1, 0) for mark in REFERENCE)
    given = {"session": FIRST, "alike": (REFERENCE,) * 3, "strict": (stricter,) * 3, "easy": EASY}[name]
    return (EASY_REFERENCE if name == "easy" else REFERENCE, *given)


def calibration_view(marks: pd.DataFrame, ask: str, language: str) -> View:
    """What the marks say: one row per contact; the first column is the reference, the others the assessors."""
    reference, assessors = marks.iloc[:, 0], marks.iloc[:, 1:]
    pairs = pd.DataFrame(
        {
            "assessor": assessors.columns.repeat(len(marks)),
            "score": POINTS * assessors.to_numpy().T.ravel(),
            "reference": POINTS * pd.concat([reference] * assessors.shape[1]).to_numpy(),
        }
    )
    bias = quality.assessor_bias(pairs, TOLERANCE)
    kappas = {name: _kappa(reference, assessors[name]) for name in assessors}
    words = _among(assessors, language) + _ranked(kappas, language) + _off(bias["bias"], language)
    table = pd.DataFrame(
        {
            HEADS["same"].say(language): [f"{(assessors[name] == reference).mean():.0%}" for name in assessors],
            HEADS["kappa"].say(language): [
                ABSENT.say(language) if kappa is None else f"{kappa:.2f}" for kappa in kappas.values()
            ],
            HEADS["bias"].say(language): [f"{bias.loc[name, 'bias']:+.1f}" for name in assessors],
            HEADS["range"].say(language): [
                f"{bias.loc[name, 'lower']:+.1f} … {bias.loc[name, 'upper']:+.1f}" for name in assessors
            ],
        },
        index=list(assessors.columns),
    )
    chart = reporting.assessor_bias_chart(bias, TOLERANCE)
    return View(words, ask, [chart], {CAPTION.say(language): table})


def _kappa(reference: pd.Series, marks: pd.Series) -> float | None:
    if pd.concat([reference, marks]).nunique() == 1:
        return None
    return quality.cohen_kappa(reference.tolist(), marks.tolist()).kappa


def _among(assessors: pd.DataFrame, language: str) -> str:
    """What alpha says of the assessors among themselves."""
    if assessors.stack().nunique() == 1:
        return NO_ALPHA.say(language)
    alpha = quality.krippendorff_alpha(assessors, level="ordinal").alpha
    verdict = next(text for least, text in ALPHA_BANDS if alpha >= least)
    return said(ALPHA, language, alpha=alpha) + verdict.say(language)


def _ranked(kappas: dict[str, float | None], language: str) -> str:
    known = {name: kappa for name, kappa in kappas.items() if kappa is not None}
    if not known:
        return ""
    best, worst = max(known, key=lambda name: known[name]), min(known, key=lambda name: known[name])
    text = ONE_KAPPA if known[best] - known[worst] < 0.005 else KAPPA
    return said(text, language, best=best, high=known[best], worst=worst, low=known[worst])


def _off(bias: pd.Series, language: str) -> str:
    beyond = bias[bias.abs() > TOLERANCE]
    if beyond.empty:
        return said(UNBIASED, language, limit=TOLERANCE)
    names = [said(MILD if value > 0 else STRICT, language, name=name, bias=value) for name, value in beyond.items()]
    return said(BIASED, language, limit=TOLERANCE, names=Text(", ", "、").say(language).join(names))


def _mark(title: str) -> Any:
    made = widgets.Button(tooltip=title)
    for name in ("ccskills-press", "ccskills-mark"):
        made.add_class(name)
    return made


def _head(text: str) -> Any:
    made = widgets.HTML(text)
    made.add_class("ccskills-head")
    return made
