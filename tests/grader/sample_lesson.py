"""A small sound lesson in both languages, which tests break in one place each."""

from pathlib import Path

from grader import lessons, rules

BANK = Path(__file__).parents[2] / "question_bank"
FRAMEWORK = rules.load_framework(BANK / "framework.yml")
NAME = "supervisor/01-workload"
ENDINGS = (".ipynb", ".lesson.json", "-summary.html")

HEADER = """\
---
kernelspec: {name: python3, display_name: Python 3}
lesson:
  title: {en: Workload, zh: 话务负荷}
  level: 3
  minutes: 60
  statements: [FC-3.3]
  needs: []
---
"""
OPENING = """
+++ {"lang": "en"}

# Workload

Positions for the calls (FC-3.3). On 3 March 1,250 calls came. `x` is free.

+++ {"lang": "zh"}

# 话务负荷

按来电量算座席数（FC-3.3）。3月3日进线1250通，`x`可以不写。

```{code-cell} ipython3
:lang: en

language = "en"
```

```{code-cell} ipython3
:lang: zh

language = "zh"
```

```{code-cell} ipython3
from ccskills import data, explore, lesson, reporting

lesson.begin("supervisor/01-workload", language)
ours = data.centre()
```

```{code-cell} ipython3
chart = reporting.history_chart(ours.intervals["offered"])
print(reporting.describe(chart))
chart
```

```{code-cell} ipython3
explore.staffing(language)
```

+++ {"lang": "en"}

## Exercises

+++ {"lang": "zh"}

## 练习
"""
EXERCISE = """
+++ {"lang": "en"}

### Exercise @ (2 points): people

<details><summary>Hint</summary>

Count **them**.

</details>

+++ {"lang": "zh"}

### 练习@（2分）：人数

<details><summary>提示</summary>

数一数。

</details>

```{code-cell} ipython3
---
nbgrader: {schema_version: 3, grade: false, solution: true, locked: false, task: false, grade_id: e@-answer}
---
agents@ = None
### BEGIN SOLUTION
agents@ = 17 + 4
### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {schema_version: 3, grade: true, solution: false, locked: true, task: false, grade_id: e@, points: 2}
---
# Exercise @: check  练习@：检查
import math

from ccskills import lesson

assert agents@ is not None, {"en": "no answer", "zh": "没有作答"}[language]
lesson.passed("e@")
### BEGIN HIDDEN TESTS
assert agents@ == math.ceil(20.4)
### END HIDDEN TESTS
```
"""
WRITTEN = """
+++ {"lang": "en", "editable": false, "deletable": false}

Write a note.

| Points | For |
|---:|---|
| 2 | the finding |
| 1 | the step |

+++ {"lang": "zh", "editable": false, "deletable": false}

写一张便条。

| 分值 | 得分点 |
|---:|---|
| 2 | 发现 |
| 1 | 步骤 |

+++ {"nbgrader": {"schema_version": 3, "grade": true, "solution": true, "locked": false, "task": false, \
"grade_id": "note", "points": 3}}

A secret model answer. 一个保密的参考答案。
"""
CLOSING = """
```{code-cell} ipython3
lesson.quiz()
```

+++ {"lang": "en"}

## On one page

- Divide, never multiply.

+++ {"lang": "zh"}

## 一页小结

- 用除法，不用乘法。
"""
LESSON = HEADER + OPENING + "".join(EXERCISE.replace("@", str(number)) for number in (1, 2, 3)) + WRITTEN + CLOSING


def write(folder, text, name=NAME):
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text, part):
    """The line of the last occurrence of ``part``."""
    return text[: text.rindex(part)].count("\n") + 1


MADE = [f"{language}/{NAME}{ending}" for language in ("en", "zh") for ending in ENDINGS]
HOMES = ["en/supervisor/00-home.ipynb", "zh/supervisor/00-home.ipynb"]


def faults(path):
    return [str(problem) for problem in lessons.check(path, FRAMEWORK)]
