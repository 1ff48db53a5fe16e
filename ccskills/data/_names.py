"""Names for the people of the generated centre: made of common surnames and characters, meant for nobody."""

from __future__ import annotations

import numpy as np

__all__ = ["draw_names"]

SURNAMES = (
    *("王Wang", "李Li", "张Zhang", "刘Liu", "陈Chen", "杨Yang", "赵Zhao", "黄Huang", "周Zhou", "吴Wu", "徐Xu", "孙Sun"),
    *("胡Hu", "朱Zhu", "高Gao", "林Lin", "何He", "郭Guo", "马Ma", "罗Luo", "梁Liang", "宋Song", "郑Zheng", "谢Xie"),
    *("韩Han", "唐Tang", "冯Feng", "于Yu", "董Dong", "萧Xiao", "程Cheng", "曹Cao", "袁Yuan", "邓Deng", "许Xu", "傅Fu"),
    *("沈Shen", "曾Zeng", "彭Peng", "吕Lü", "苏Su", "卢Lu", "蒋Jiang", "蔡Cai", "贾Jia", "丁Ding", "魏Wei", "薛Xue"),
)
FIRSTS = (
    *("雨Yu", "思Si", "佳Jia", "晨Chen", "文Wen", "欣Xin", "梦Meng", "静Jing", "志Zhi", "俊Jun", "嘉Jia", "慧Hui"),
    *("建Jian", "海Hai", "晓Xiao", "云Yun", "明Ming", "永Yong"),
)
SECONDS = (
    *("涵Han", "阳Yang", "琪Qi", "萍Ping", "峰Feng", "芸Yun", "岚Lan", "霞Xia", "洁Jie", "鹏Peng", "莹Ying"),
    *("桐Tong", "颖Ying", "磊Lei", "楠Nan", "蓉Rong", "航Hang", "妍Yan"),
)


def draw_names(rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """`count` different names, in pinyin and in characters; common surnames come more often."""
    weights = 1 / (4 + np.arange(len(SURNAMES)))
    names: dict[str, str] = {}
    while len(names) < count:
        families = rng.choice(len(SURNAMES), count, p=weights / weights.sum())
        given = rng.integers(0, [len(FIRSTS), len(SECONDS)], (count, 2))
        for family, (first, second) in zip(families.tolist(), given.tolist(), strict=True):
            one, two, three = SURNAMES[family], FIRSTS[first], SECONDS[second]
            names.setdefault(f"{one[1:]} {two[1:]}{three[1:].lower()}", one[0] + two[0] + three[0])
    return list(names.items())[:count]
