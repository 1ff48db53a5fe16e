"""What the page of a marker's booklet says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Bilingual

__all__ = ["WORDS", "say"]

WORDS: Mapping[str, Bilingual] = {
    "title": Bilingual("Booklet for blind marking", "盲评评分册"),
    "lead": Bilingual(
        "Mark every answer by its rubric, question by question, without asking who wrote it or what others gave. "
        "This browser keeps your marks on this machine. When you are done, save the file of marks and hand it to the "
        "exam office.",
        "请一题一题地按评分标准给每份答案评分，不打听作者，也不打听别人给了多少分。评分会留在这台电脑的这个浏览器里。"
        "评完后保存评分文件，交给考务办。",
    ),
    "sitting": Bilingual("Sitting", "考试场次"),
    "marker": Bilingual("Marker", "评分人"),
    "question": Bilingual("Task {number}: {points} points", "题目{number}（{points}分）"),
    "sample": Bilingual("A model answer", "参考答案"),
    "answer": Bilingual("Answer {number} of {of}", "第{number}份答案（共{of}份）"),
    "missing": Bilingual("Not handed in: {files}", "未提交：{files}"),
    "note": Bilingual("Why this mark (read in an appeal)", "评分理由（申诉时查看）"),
    "sum": Bilingual("{points} of {of} points", "{points}分（满分{of}分）"),
    "open": Bilingual("not marked yet", "还没评完"),
    "done": Bilingual("{done} of {all} marked", "已评{done}份，共{all}份"),
    "next": Bilingual("Next unmarked answer", "下一份未评的答案"),
    "save": Bilingual("Save the file of marks", "保存评分文件"),
    "load": Bilingual("Go on from a saved file", "读入以前保存的评分文件"),
    "saved": Bilingual(
        "Saved. Answers in the file: {done}. Not marked yet: {open}.",
        "已保存，文件里有{done}份答案的评分；还有{open}份没评完。",
    ),
    "loaded": Bilingual("Answers read in: {done}.", "已读入{done}份答案的评分。"),
    "strange": Bilingual("That file does not belong to this booklet.", "这个文件不是本评分册的评分。"),
    "nothing": Bilingual("There is nothing for you to mark at present.", "目前没有需要您评的答案。"),
}


def say(name: str, language: str) -> str:
    """One of the words."""
    return WORDS[name].say(language)
