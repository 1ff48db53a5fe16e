"""A sound item of every kind as the file that its author would write, and the bank that such files make."""

from pathlib import Path

from grader.bank import load
from grader.rules import load_framework

__all__ = ["BODIES", "CHOICE", "FRAMEWORK", "NUMBER", "ORDER", "item_of", "items_folder", "line_of", "put", "text_of"]


FRAMEWORK = load_framework(Path(__file__).parents[2] / "question_bank" / "framework.yml")
HEADER = """\
---
kernelspec: {name: python3, display_name: Python 3}
item:
  id: ID
  version: 1
  kind: KIND
  statement: FC-2.1
  cognitive: A
  minutes: 2
  use: exam
  status: review
  difficulty: 0.65
  variants: VARIANTS
  enemies: []
  sources: [O11, K6]
  history:
    - {date: 2026-11-21, by: lw, role: author, verdict: drafted}
---
"""
CHOICE = """\
+++ {"lang": "en"}

A queue gets 120 calls in 30 minutes, AHT 240 s. How large is the load?

- [ ] 8 erlangs
  120 × 240 s are spread over 3600 s instead of 1800 s.
- [x] 16 erlangs
  120 × 240 s ÷ 1800 s.
- [ ] 30 erlangs
  120 calls are divided by 4 minutes.

+++ {"lang": "zh"}

某队列30分钟进线120通，平均处理时长240秒，话务量是多少？

- [ ] 8爱尔兰
  把120通 × 240秒摊到了3600秒，而不是1800秒。
- [x] 16爱尔兰
  120通 × 240秒 ÷ 1800秒。
- [ ] 30爱尔兰
  用120通除以了4分钟。
"""
NUMBER = """\
+++ {"lang": "en"}

A queue gets {{calls}} calls in 30 minutes, AHT 240 s. How many erlangs are that?

+++ {"lang": "zh"}

某队列30分钟进线{{calls}}通，平均处理时长240秒，话务量是多少爱尔兰？

+++ {"lang": "en", "part": "reason"}

{{calls}} × 240 ÷ 1800.

+++ {"lang": "zh", "part": "reason"}

{{calls}} × 240 ÷ 1800。

```{code-cell} ipython3
:tags: [draw]

def draw(rng):
    calls = int(rng.integers(60, 240)) * 15
    return {"calls": f"{calls:,}", "key": calls * 240 / 1800, "tolerance": 0.05}
```
"""
MULTI = """\
+++ {"lang": "en"}

Which belong to handling time? Choose two.

- [x] talk
  Yes, the caller is on the line.
- [ ] lunch
  No, this is planned absence.
- [x] wrap-up
  Yes, the contact still takes the agent.
- [ ] training
  No, this is planned absence.
- [ ] waiting for a call
  No, this is idle time.

+++ {"lang": "zh"}

哪些属于处理时长？请选两项。

- [x] 通话
  是，客户在线上。
- [ ] 午餐
  不是，属于计划内缺勤。
- [x] 话后处理
  是，座席仍在处理这通来电。
- [ ] 培训
  不是，属于计划内缺勤。
- [ ] 等待来电
  不是，属于空闲时间。
"""
ORDER = """\
+++ {"lang": "en"}

Put the steps in order.

1. count the calls
2. multiply by AHT
3. divide by the interval
4. compare with the positions

+++ {"lang": "zh"}

请排出先后顺序。

1. 统计来电量
2. 乘以平均处理时长
3. 除以时段长度
4. 与在岗座席比较

+++ {"lang": "en", "part": "reason"}

Load first, then the comparison.

+++ {"lang": "zh", "part": "reason"}

先算话务量，再比较。
"""
MATCH = """\
+++ {"lang": "en"}

Match each measure with its unit.

| measure | unit |
|---|---|
| load | erlang |
| AHT | second |
| wait | second |
| | percent |

+++ {"lang": "zh"}

把指标与单位配对。

| 指标 | 单位 |
|---|---|
| 话务量 | 爱尔兰 |
| 平均处理时长 | 秒 |
| 等待时长 | 秒 |
| | 百分比 |

+++ {"lang": "en", "part": "reason"}

Times are in seconds.

+++ {"lang": "zh", "part": "reason"}

时长以秒计。
"""
TEXT = """\
+++ {"lang": "en"}

Explain to a new agent what an erlang is, in about 60 words.

+++ {"lang": "zh"}

向新座席说明什么是爱尔兰，100字左右。

+++ {"lang": "en", "part": "rubric"}

- (1) says that it is a load
- (3) says how it is computed

+++ {"lang": "zh", "part": "rubric"}

- (1) 说明它表示话务量
- (3) 说明计算方法

+++ {"lang": "en", "part": "sample", "points": 4}

One agent's full hour of work; calls times AHT over the interval.

+++ {"lang": "zh", "part": "sample", "points": 4}

一名座席满负荷工作一小时；来电量乘以平均处理时长，再除以时段长度。

+++ {"lang": "zh", "part": "sample", "points": 1}

就是话务量。
"""
BODIES = {"choice": CHOICE, "number": NUMBER, "multi": MULTI, "order": ORDER, "match": MATCH, "text": TEXT}


def text_of(kind: str, item_id: str | None = None) -> str:
    header = HEADER.replace("ID", item_id or f"FC-2.1-{kind}").replace("KIND", kind)
    return header.replace("VARIANTS", "[101, 102]" if kind == "number" else "[]") + BODIES[kind]


def items_folder(tmp_path: Path) -> Path:
    """The fixture ``folder``: a bank without items yet."""
    (tmp_path / "items" / "fc" / "2").mkdir(parents=True)
    return tmp_path


def put(folder: Path, text: str, name: str) -> None:
    (folder / "items" / "fc" / "2" / f"{name}.md").write_text(text, encoding="utf-8")


def line_of(text: str, place: int | str) -> int:
    """A line given by its number, or by what first stands on it."""
    return place if isinstance(place, int) else text[: text.index(place)].count("\n") + 1


def item_of(folder: Path, kind: str, *changes: tuple[str, str]):
    text = text_of(kind)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    put(folder, text, f"FC-2.1-{kind}")
    bank = load(folder, FRAMEWORK)
    assert bank.problems == ()
    return bank.items[f"FC-2.1-{kind}"]
