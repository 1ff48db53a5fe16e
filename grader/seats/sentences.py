"""What the room's store says when it refuses, in both languages: one sentence each, with its HTTP status."""

from __future__ import annotations

from grader.errors import RoomError

__all__ = ["pairs", "refusal"]

_SENTENCES = {
    "no seat": (404, "There is no seat {seat} in this room.", "本考场没有考位{seat}。"),
    "two seats": (
        500,
        "There is a seat {seat} in {where}; one of them is not real. Call the invigilator.",
        "考位{seat}重复，请联系监考人员。",
    ),
    "damaged folder": (
        500,
        "The folder of seat {seat} is damaged. Call the invigilator.",
        "考位{seat}的资料已损坏，请联系监考人员。",
    ),
    "damaged record": (
        500,
        "The record is damaged at line {line} of {file} in {folder}. Call the invigilator.",
        "{folder}的记录已损坏（{file}第{line}行），请联系监考人员。",
    ),
    "no question": (404, "There is no question {slot} on this paper.", "试卷上没有这道题。"),
    "cannot save": (
        507,
        "The room cannot save ({why}). Call the invigilator.",
        "考场暂时无法保存，请联系监考人员；您写下的内容已留在这台电脑上。",
    ),
    "missing hand-in": (
        500,
        "What seat {seat} handed in is missing. Call the exam office.",
        "找不到考位{seat}提交的内容，请联系考务人员。",
    ),
    "damaged answers": (
        500,
        "What seat {seat} handed in is damaged at line {line} of {file}. Until the sitting is closed `academy "
        "exam mend {seat} --reason ...` writes the file anew from the journal; later restore it from a backup.",
        "考位{seat}交卷的内容已损坏（{file}第{line}行）。收卷之前，运行`academy exam mend {seat} --reason ...`，"
        "按作答记录重写这个文件；收卷之后，请从备份恢复。",
    ),
    "missing answers": (
        500,
        "What seat {seat} handed in has lost its file {file}. Until the sitting is closed `academy "
        "exam mend {seat} --reason ...` writes the file anew from the journal; later restore it from a backup.",
        "考位{seat}交卷的内容缺少文件{file}。收卷之前，运行`academy exam mend {seat} --reason ...`，"
        "按作答记录重写这个文件；收卷之后，请从备份恢复。",
    ),
    "answers lost": (
        500,
        "What seat {seat} handed in is damaged, and its journal does not hold the answers of the receipt either; "
        "keep its folder and restore it from a backup.",
        "考位{seat}交卷的内容已损坏，作答记录里的答案也与回执不符；请原样保留它的文件夹，并从备份恢复。",
    ),
    "waiting": (409, "This exam opens at {at}. Please wait.", "考试于{at}开放，请稍候。"),
    "missed": (409, "This exam closed at {at}. Speak to the exam office.", "本场考试已结束，请联系考务人员。"),
    "not started": (409, "This exam has not been started.", "考试尚未开始。"),
    "nothing to hand in": (
        409,
        "This exam was not started, so there is nothing to hand in.",
        "考试尚未开始，没有可交的内容。",
    ),
    "handed in": (409, "This exam is handed in; answers can no longer be changed.", "已经交卷，答案不能再修改。"),
    "time over": (
        409,
        "The time is over; everything saved before the end counts.",
        "考试时间已到；截止前保存的内容全部计入。",
    ),
    "elsewhere": (
        409,
        "This exam goes on in another window or on another computer, so this page cannot write.",
        "本场考试正在另一个窗口或另一台电脑上作答，此页面不能写入。",
    ),
    "paused": (409, "The exam is paused. The clock stands; wait until it goes on.", "考试已暂停，计时已停止，请等待。"),
    "no break now": (409, "A break can be taken only while the clock runs.", "计时进行中才能休息。"),
    "no break left": (409, "There is no break time left.", "休息时间已用完。"),
    "extra time": (
        400,
        "Extra time must lie between 0 and 1440 minutes, got {minutes}.",
        "延长时间应大于0分钟，最多1440分钟。",
    ),
    "extra time too late": (
        409,
        "Seat {seat} is handed in already; extra time would change nothing.",
        "考位{seat}已交卷，延长时间没有意义。",
    ),
    "cannot pause": (409, "Seat {seat} is over; there is nothing to pause.", "考位{seat}的考试已结束，无法暂停。"),
    "paused already": (409, "Seat {seat} is paused already.", "考位{seat}已处于暂停状态。"),
    "not paused": (409, "Seat {seat} is not paused.", "考位{seat}没有暂停。"),
    "reason": (
        400,
        "Say why, and who you are: the reason and the name go into the record.",
        "请写明原因和经办人姓名，二者都会记录在案。",
    ),
    "not damaged": (
        409,
        "The record of seat {seat} is whole; there is nothing to mend.",
        "考位{seat}的记录完好，无需修复。",
    ),
    "no sitting": (
        404,
        "There is no sitting {sitting} in this room that can be invigilated.",
        "本考场没有可监考的场次{sitting}。",
    ),
    "too long": (400, "That is too long: at most {most} characters.", "内容过长，最多{most}字。"),
}


def pairs() -> list[tuple[str, str]]:
    """Every sentence with its Chinese, holes unfilled: for who meets one inside another sentence or a table."""
    return [(en, zh) for _, en, zh in _SENTENCES.values()]


def refusal(what: str, **values: object) -> RoomError:
    """The error to raise.

    >>> refusal("no seat", seat="A009").zh
    '本考场没有考位A009。'
    """
    status, en, zh = _SENTENCES[what]
    return RoomError(en.format(**values), status, zh=zh.format(**values))
