"""The pages that open first: what a trainee, and what a trainer, does next."""

from __future__ import annotations

import os
from pathlib import Path

from ..centre import PROJECT, Centre
from .centre import ITEMS, MINUTES, Desk

__all__ = ["trainee_page", "trainer_page"]

_TRAINEE = {
    "en": """# Welcome

Three things wait for you. Begin where you like; everything is saved by itself.

## 1. Learn

{lessons}

Run each cell with **Shift+Enter**, from the top. When the exercises are done: menu **Nbgrader → Assignment List**, find
the lesson under *Downloaded assignments*, press **Submit**. Your trainer's feedback comes back into the same list.

## 2. Practise

- [Team Leader: practice quiz]({quiz}): questions with an answer and a reason at once, as often as you like.

## 3. Sit the practice examination

- [Open the exam room](/academy) and choose your seat.

| your seat | access code |
|---|---|
| **{seat}** | **{code}** |

{items} questions and a practical notebook, {minutes} minutes. The clock starts when you press *Start*, and goes on when you
close the page; your answers stay. This is practice: no certificate comes of it.
""",
    "zh": """# 欢迎

这里有三件事等着你，从哪一件开始都可以，所有内容自动保存。

## 1. 学习

{lessons}

从上往下，按**Shift+Enter**逐格运行。
练习做完后，打开菜单**Nbgrader → Assignment List**（作业列表），
在*Downloaded assignments*（已下载）里找到这一课，点**Submit**（提交）。培训师的反馈会回到同一个列表里。

## 2. 练习

- [班组长练习题]({quiz})：答完马上看到对错和理由，想做几遍都可以。

## 3. 参加模拟考试

- [进入考场](/academy)，找到自己的座位。

| 座位号 | 入场码 |
|---|---|
| **{seat}** | **{code}** |

共{items}道题，加一份实操笔记本，限时{minutes}分钟。点*开始*后计时，关掉页面计时不停，已答内容不会丢。
这是模拟考试，不颁发证书。
""",
}

_TRAINER = {
    "en": """# Trainer

| what | where |
|---|---|
| mark, release, collect, give feedback | [Formgrader](/formgrader) |
| write lessons | [courses/source]({source}), then `./academy courses build` |
| write items | [question_bank/items]({items}), then `./academy bank check` |
| the practical task | [question_bank/practicals]({practicals}) |

Lessons and items open as notebooks; a cell's language stands in its metadata (`"lang": "en"` or `"zh"`).
""",
    "zh": """# 培训师

| 做什么 | 在哪里 |
|---|---|
| 评分、发布、收作业、发反馈 | [Formgrader](/formgrader) |
| 写课程 | [courses/source]({source})，写完运行`./academy courses build` |
| 写试题 | [question_bank/items]({items})，写完运行`./academy bank check` |
| 实操任务 | [question_bank/practicals]({practicals}) |

课程和试题都以笔记本方式打开；每格的语言写在该格的元数据里（`"lang": "en"`或`"zh"`）。
""",
}


def trainee_page(desk: Desk, language: str) -> str:
    """The trainee's first page, in Markdown."""
    lessons = "\n".join(f"- [{title}]({path})" for title, path in desk.lessons)
    return _TRAINEE[language].format(
        lessons=lessons, quiz=desk.quiz, seat=desk.seat.seat, code=desk.seat.code, items=ITEMS, minutes=MINUTES
    )


def trainer_page(centre: Centre, root: Path, language: str) -> str:
    """The trainer's first page, in Markdown; links are relative to the centre's folder."""

    def link(*parts: str) -> str:
        return Path(os.path.relpath(PROJECT.joinpath(*parts), centre.root)).as_posix()

    return _TRAINER[language].format(
        source=link("courses", "source"),
        items=link("question_bank", "items"),
        practicals=link("question_bank", "practicals"),
    )
