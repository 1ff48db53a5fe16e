"""The same people and labels in both languages: Chen and 陈班长, group B and B组, IVR and IVR."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.bank.proofs import at
from grader.errors import Problem
from grader.model import Item

__all__ = ["prove_people", "surnames"]

SURNAMES = {
    character: spelling
    for spelling, characters in {
        "Bai": "白",
        "Cai": "蔡",
        "Cao": "曹",
        "Chen": "陈",
        "Cheng": "程",
        "Cui": "崔",
        "Dai": "戴",
        "Deng": "邓",
        "Ding": "丁",
        "Dong": "董",
        "Du": "杜",
        "Duan": "段",
        "Fan": "范樊",
        "Fang": "方",
        "Feng": "冯",
        "Fu": "傅付",
        "Gao": "高",
        "Gong": "龚",
        "Gu": "顾",
        "Guo": "郭",
        "Han": "韩",
        "Hao": "郝",
        "He": "何贺",
        "Hou": "侯",
        "Hu": "胡",
        "Huang": "黄",
        "Jia": "贾",
        "Jiang": "江蒋姜",
        "Jin": "金",
        "Kang": "康",
        "Kong": "孔",
        "Lai": "赖",
        "Lei": "雷",
        "Li": "李黎",
        "Liang": "梁",
        "Liao": "廖",
        "Lin": "林",
        "Liu": "刘",
        "Long": "龙",
        "Lu": "陆卢路",
        "Luo": "罗骆",
        "Lyu": "吕",
        "Ma": "马",
        "Mao": "毛",
        "Meng": "孟",
        "Mo": "莫",
        "Ni": "倪",
        "Pan": "潘",
        "Peng": "彭",
        "Qian": "钱",
        "Qiao": "乔",
        "Qin": "秦",
        "Qiu": "邱丘",
        "Ren": "任",
        "Shao": "邵",
        "Shen": "沈",
        "Shi": "石史施",
        "Song": "宋",
        "Su": "苏",
        "Sun": "孙",
        "Tan": "谭",
        "Tang": "唐汤",
        "Tao": "陶",
        "Tian": "田",
        "Wan": "万",
        "Wang": "王汪",
        "Wei": "魏韦",
        "Wen": "文温",
        "Wu": "吴武左伍",
        "Xia": "夏",
        "Xiang": "向",
        "Xiao": "萧肖",
        "Xie": "谢",
        "Xiong": "熊",
        "Xu": "徐许",
        "Xue": "薛",
        "Yan": "严颖闫颜",
        "Yang": "杨",
        "Yao": "姚",
        "Ye": "叶",
        "Yi": "易",
        "Yin": "尹殷",
        "Yu": "于余俞尚",
        "Yuan": "袁",
        "Zeng": "曾",
        "Zhai": "翟",
        "Zhang": "张章",
        "Zhao": "赵",
        "Zheng": "郑",
        "Zhong": "钟",
        "Zhou": "周",
        "Zhu": "朱祝",
        "Zou": "邹",
    }.items()
    for character in characters
}
"""The common surnames: character to spelling."""
SPELLINGS = frozenset(SURNAMES.values())
TITLE = r"(?:班长|组长|主管|经理|总监|总|女士|先生|老师|师傅|质检员|培训师)"
CHINESE = re.compile(rf"([{''.join(SURNAMES)}]){TITLE}")
ALSO_WORDS = {"Fan", "Fang", "Gong", "He", "Kong", "Lai", "Long", "Man", "Pan", "Song", "Sun", "Tan", "Wan", "Yin"}
"""Spellings that begin English sentences as words; they are asked for, never found."""
ENGLISH = re.compile(rf"\b({'|'.join(sorted(SPELLINGS, key=len, reverse=True))})\b")
GIVEN = re.compile(rf"\b({'|'.join(sorted(SPELLINGS, key=len, reverse=True))}) [A-Z][a-z]+")
LABEL = re.compile(r"(?<![A-Za-z0-9.&/\-{])([B-HJ-Z])(?![A-Za-z0-9.&/\-}+])")


def surnames(text: str, language: str) -> set[str]:
    """The surnames of a text in their spelling; in Chinese those that stand before a title.

    >>> surnames("Chen tells Ms Qian", "en") == surnames("陈班长告诉钱女士", "zh")
    True
    """
    if language == "zh":
        return {SURNAMES[one] for one in CHINESE.findall(text)}
    return set(ENGLISH.findall(GIVEN.sub(r"\1", text)))  # Tang Lin is one person, whose surname stands first


def prove_people(item: Item) -> Iterator[Problem]:
    """Surnames and labels of one letter (team B) that stand in one language only."""
    question = item.body["question"]
    texts = [question.stem, *(one.text for one in question.options), *(one.text for one in question.targets)]
    english, chinese = ("\n".join(text.say(language) for text in texts) for language in ("en", "zh"))
    for name in sorted(surnames(chinese, "zh") - surnames(english, "en")):
        yield at(item, "en", f"the zh text names {name}, the en text does not; both tell of the same people")
    for name in sorted(surnames(english, "en") - surnames(chinese, "zh") - ALSO_WORDS):
        characters = [character for character, spelling in SURNAMES.items() if spelling == name]
        if not any(character in chinese for character in characters):
            none = "、".join(characters)
            yield at(item, "zh", f"the en text names {name}, the zh text has no {none}; both tell of the same people")
    for one, other, language in ((english, chinese, "zh"), (chinese, english, "en")):
        for label in sorted(set(LABEL.findall(one)) - set(LABEL.findall(other))):
            yield at(item, language, f"the label {label} stands in one language only; both need the same labels")
