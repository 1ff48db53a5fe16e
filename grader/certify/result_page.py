"""The page that tells a candidate the result: both languages in one HTML file that asks nobody for anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from ..certificates import BANDS, CUT_METHODS, Score, band, number_text
from ..model import LANGUAGES, Bilingual
from .two_languages import framed

__all__ = ["Appealed", "Profile", "Result", "result_page"]

FEWEST = 8
"""A domain with fewer questions is shown as a band only."""

_FOLDER = Path(__file__).parent
_PIPS = ("–", "●○○", "●●○", "●●●")


@dataclass(frozen=True)
class Profile:
    """What the questions of one domain earned."""

    domain: Bilingual
    questions: int
    points: float
    maximum: float


@dataclass(frozen=True)
class Appealed:
    """An appeal about the seat, and what became of it as far as it is decided."""

    filed_on: str
    ground: Bilingual
    outcome: str | None
    reason: str | None
    by_office: bool
    """The office filed it, since somebody else's appeal brought the fault to light."""


@dataclass(frozen=True)
class Result:
    """Everything that the page says; it holds no question, no key, nobody's name but the candidate's."""

    seat: str
    sitting: str
    title: Bilingual
    name: str
    language: str
    purpose: str
    outcome: str
    decided_on: str
    written: Score
    practical: Score
    compliance: Score | None
    error: float
    looked_at_again: bool
    cut_method: str
    profile: tuple[Profile, ...]
    certificate: tuple[str, str] | None
    """Number and last day of the certificate, when it is issued."""
    published_on: str
    appeal_until: str
    grounds: tuple[Bilingual, ...]
    appeals: tuple[Appealed, ...]
    retake_from: date | None
    documents: tuple[tuple[Bilingual, float, float], ...] = ()
    """The parts of a work product, an interview among them: what it is called, points and maximum."""
    tried_out: bool = False
    """Whether the paper held questions that were tried out and count in none of this."""


def result_page(result: Result) -> str:
    """The page as HTML, opening in the language of the seat."""
    style = (_FOLDER / "result_page.css").read_text("utf-8")
    sides = (
        f'<article class="{one}" lang="{"zh-CN" if one == "zh" else "en"}">\n{_Side(result, one).body()}\n</article>'
        for one in LANGUAGES
    )
    title = f"{result.title.say(result.language)} · {result.seat}"
    return framed(title, style, "\n".join(sides), language=result.language)


class _Side:
    """The page in one language."""

    def __init__(self, result: Result, language: str) -> None:
        self.result, self.language = result, language

    def say(self, word: str, **values: object) -> str:
        """A text of :data:`WORDS`, its values escaped."""
        shown = {name: escape(str(value)) for name, value in values.items()}
        return WORDS[word].say(self.language).format(**shown)

    def body(self) -> str:
        """All of it, in the order in which it is read."""
        result = self.result
        facts = [("name", result.name), ("seat", result.seat), ("decided", result.decided_on)]
        rows = "".join(f"<div><dt>{self.say(word)}</dt><dd>{escape(value)}</dd></div>" for word, value in facts)
        notice = f'<p class="notice">{self.say(result.purpose)}</p>' if result.purpose != "certification" else ""
        return "\n".join(
            [
                f"<h1>{escape(result.title.say(self.language))}</h1>",
                f'<dl class="facts">{rows}</dl>',
                f'<p class="outcome {result.outcome}"><b>{self.say(result.outcome)}</b> {self.summary()}</p>{notice}',
                *([] if result.outcome == "absent" else [self.parts(), self.profile()]),
                self.next_steps(),
                self.appeal(),
                f"<footer><p>{self.say('foot', day=result.published_on)}</p></footer>",
            ]
        )

    def summary(self) -> str:
        """What the outcome means, in a sentence."""
        result = self.result
        if result.outcome != "fail":
            return self.say(f"{result.outcome}_why")
        missed = [word for word, score in self.scores() if score.points < score.cut]
        return self.say(
            "fail_why", parts=("、" if self.language == "zh" else ", ").join(self.say(one) for one in missed)
        )

    def scores(self) -> list[tuple[str, Score]]:
        """The parts that have a cut of their own."""
        result = self.result
        found = [("written", result.written), ("practical", result.practical)]
        return found + ([("compliance", result.compliance)] if result.compliance else [])

    def parts(self) -> str:
        """Each part with its points, its cut and a bar."""
        rows = []
        for word, score in self.scores():
            reached = "reached" if score.points >= score.cut else "missed"
            figures = {
                "points": number_text(score.points),
                "maximum": number_text(score.maximum),
                "cut": number_text(score.cut),
            }
            rows.append(
                f'<tr class="{reached}"><th scope="row">{self.say(word)}</th>'
                f"<td>{self.say('points_of', **figures)}</td><td>{self.say('needed', **figures)}</td>"
                f"<td>{_bar(score)}</td><td>{self.say(reached)}</td></tr>"
            )
        method = CUT_METHODS.get(self.result.cut_method, Bilingual(self.result.cut_method, self.result.cut_method))
        notes = [self.say("each")] + ([self.say("within")] if self.result.compliance else [])
        notes.append(self.say("cut_note", method=method.say(self.language)))
        if self.result.documents:
            notes.insert(0, self.documents())
        if self.result.tried_out:
            notes.append(self.say("tried out"))
        if self.result.error:
            notes.append(self.say("error", error=f"{self.result.error:.1f}"))
        if self.result.looked_at_again:
            notes.append(self.say("looked"))
        said = "".join(f"<p>{note}</p>" for note in notes)
        return f'<section><h2>{self.say("scores")}</h2><table class="parts">{"".join(rows)}</table>{said}</section>'

    def documents(self) -> str:
        """What each part of a work product earned."""
        said = (
            f"{name.say(self.language)} "
            + WORDS["points_of"].say(self.language).format(points=number_text(points), maximum=number_text(maximum))
            for name, points, maximum in self.result.documents
        )
        return self.say("documents", parts=("；" if self.language == "zh" else "; ").join(said))

    def profile(self) -> str:
        """The domains as bands; with points where there are questions enough."""
        rows = []
        for one in self.result.profile:
            place = band(one.points, one.maximum)
            figures = ""
            if one.questions >= FEWEST:
                figures = self.say("points_of", points=number_text(one.points), maximum=number_text(one.maximum))
            rows.append(
                f'<tr><th scope="row">{escape(one.domain.say(self.language))}</th>'
                f'<td class="b{place}"><span aria-hidden="true">{_PIPS[place]}</span> '
                f"{escape(BANDS[place].say(self.language))}</td><td>{figures}</td></tr>"
            )
        note = f"<p>{self.say('profile_note', fewest=FEWEST)}</p>"
        return f'<section><h2>{self.say("profile")}</h2><table class="profile">{"".join(rows)}</table>{note}</section>'

    def next_steps(self) -> str:
        """What comes now."""
        result, lines = self.result, []
        if result.certificate:
            number, until = result.certificate
            lines.append(self.say("certificate", number=number, until=until))
        elif result.outcome == "pass" and result.purpose != "practice":
            lines.append(self.say("certificate_follows"))
        if result.retake_from:
            lines.append(self.say("retake", day=result.retake_from))
        lines.append(self.say("closed"))
        return f"<section><h2>{self.say('next')}</h2>{''.join(f'<p>{line}</p>' for line in lines)}</section>"

    def appeal(self) -> str:
        """How to appeal, and what became of appeals."""
        result = self.result
        if result.purpose == "practice" and not result.appeals:
            return ""  # it counts for nothing, so there is nothing to appeal against
        grounds = "".join(f"<li>{escape(ground.say(self.language))}</li>" for ground in result.grounds)
        parts = [f"<p>{self.say('appeal_how', day=result.appeal_until)}</p><ul>{grounds}</ul>"]
        parts.append(f"<p>{self.say('appeal_cut')}</p>")
        for one in result.appeals:
            words = {"day": one.filed_on, "ground": one.ground.say(self.language)}
            said = self.say(
                "by_office" if one.by_office else "appealed", outcome=self.say(one.outcome or "open"), **words
            )
            parts.append(f'<p class="appealed">{said}{f"<br>{escape(one.reason)}" if one.reason else ""}</p>')
        return f"<section><h2>{self.say('appeal')}</h2>{''.join(parts)}</section>"


def _bar(score: Score) -> str:
    """A bar of the points with a line at the cut; the figures stand beside it in words."""
    points, cut = (100 * value / score.maximum if score.maximum else 0 for value in (score.points, score.cut))
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="ground" x="0" y="2" width="100" height="6"/>'
        f'<rect class="points" x="0" y="2" width="{points:.2f}" height="6"/>'
        f'<rect class="cut" x="{cut:.2f}" y="0" width="0.8" height="10"/></svg>'
    )


WORDS = {
    "name": Bilingual("Name", "姓名"),
    "seat": Bilingual("Seat", "考位"),
    "decided": Bilingual("Decided on", "评定日期"),
    "pass": Bilingual("Passed.", "通过。"),
    "fail": Bilingual("Not passed.", "未通过。"),
    "absent": Bilingual("Absent.", "缺考。"),
    "pass_why": Bilingual("Every part reached the points that it needs.", "各部分均达到合格线。"),
    "fail_why": Bilingual("Below the points that are needed: {parts}.", "未达到合格线的部分：{parts}。"),
    "absent_why": Bilingual(
        "Nothing was handed in, so nothing was marked. It does not count as an attempt.",
        "未交卷，因此没有评分，也不计入考试次数。",
    ),
    "practice": Bilingual(
        "This was a practice examination: its result certifies nobody and counts for nothing else.",
        "本次为模拟考试，成绩不用于评价，也不作其他用途。",
    ),
    "demonstration": Bilingual(
        "This was a demonstration of the examination: its result certifies nobody.",
        "本次为考试演示，成绩不代表任何真实评价结果。",
    ),
    "scores": Bilingual("Your scores", "各部分成绩"),
    "written": Bilingual("Written part", "笔试"),
    "practical": Bilingual("Practical", "实操"),
    "compliance": Bilingual("Compliance questions", "合规题组"),
    "points_of": Bilingual("{points} of {maximum} points", "{points}分（满分{maximum}分）"),
    "needed": Bilingual("{cut} needed", "合格线{cut}分"),
    "reached": Bilingual("reached", "达到"),
    "missed": Bilingual("not reached", "未达到"),
    "documents": Bilingual("The practical by part: {parts}.", "实操各部分：{parts}。"),
    "each": Bilingual(
        "Each of these parts has to reach its points by itself. Within the written part the domains make up for each "
        "other.",
        "以上各部分须分别达到合格线；笔试内各领域的得分可以互补。",
    ),
    "within": Bilingual("The compliance questions also count in the written part.", "合规题组同时计入笔试成绩。"),
    "cut_note": Bilingual(
        "How the points needed in the written part were set, before anybody sat: {method}.",
        "笔试合格线在考试前确定，方法：{method}。",
    ),
    "tried out": Bilingual(
        "Your paper also held questions that were tried out for later examinations. "
        "They count in none of these figures.",
        "试卷中另有少量试测题，供今后的考试选用，不计入以上成绩。",
    ),
    "error": Bilingual(
        "No examination measures exactly: near the points needed, a written score carries an error of about "
        "±{error} points.",
        "任何考试都存在测量误差：在合格线附近，笔试成绩的测量误差约为±{error}分。",
    ),
    "looked": Bilingual(
        "Your written score lies within this error. A second person has therefore looked at its marks again.",
        "您的笔试成绩处于该误差范围内，因此已由另一人复核评分。",
    ),
    "profile": Bilingual("Your profile by domain", "各领域表现"),
    "profile_note": Bilingual(
        "●○○ developing: below half of the points; ●●○ solid: half to three quarters; ●●● strong: three quarters and "
        "more. A domain with fewer than {fewest} questions is shown as a band only. A band is a hint for learning, "
        "no measure.",
        "●○○待提升：得分不足一半；●●○扎实：一半至四分之三；●●●突出：四分之三及以上。题目少于{fewest}道的领域只显示分档。"
        "分档供学习参考，不作衡量依据。",
    ),
    "next": Bilingual("What comes now", "后续事项"),
    "certificate": Bilingual(
        "Your certificate {number} is issued and valid until {until}.", "您的证书{number}已签发，有效期至{until}。"
    ),
    "certificate_follows": Bilingual("Your certificate is being made.", "您的证书正在制作中。"),
    "retake": Bilingual(
        "You may sit again from {day} on, with other questions. Ask the exam office for the next sitting.",
        "您可自{day}起再次报考，届时试题不同。下一场考试请询问考务人员。",
    ),
    "closed": Bilingual(
        "The questions and their answers are not given out, because they serve other examinations too.",
        "试题和答案还将用于其他考试，因此不予公布。",
    ),
    "appeal": Bilingual("If you do not agree", "如有异议"),
    "appeal_how": Bilingual(
        "Until {day} you may appeal in writing to the exam office. An appeal rests on one of these grounds:",
        "您可在{day}之前（含当日）向考务人员提出书面申诉。申诉须基于以下理由之一：",
    ),
    "appeal_cut": Bilingual(
        "How high the points needed were set is no ground for an appeal. Somebody who had no part in your result "
        "decides. An answer that has to be marked again is marked by another person; its points may rise or fall.",
        "合格线本身不构成申诉理由。申诉由未参与该成绩评定的人员裁定；需要重新评分时，由另一名评分人进行，得分可能提高，也可能降低。",
    ),
    "by_office": Bilingual(
        "Set right on {day} by the examination office after somebody else's appeal ({ground}); you need not appeal.",
        "{day}考务办因他人的申诉主动更正（{ground}），您不必再申诉。",
    ),
    "appealed": Bilingual("Appeal of {day} ({ground}): {outcome}.", "{day}提出的申诉（{ground}）：{outcome}。"),
    "upheld": Bilingual("upheld", "成立"),
    "dismissed": Bilingual("dismissed", "不成立"),
    "open": Bilingual("being looked at", "处理中"),
    "foot": Bilingual("Result of {day}. For the person named above only.", "成绩公布日期：{day}。仅供上述本人查阅。"),
}
"""The page's words in both languages."""
