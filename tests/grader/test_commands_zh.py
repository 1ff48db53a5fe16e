"""`academy` in Chinese: every sentence of the code has its Chinese, and no Chinese sentence has lost its own."""

from __future__ import annotations

import argparse
import functools
import inspect
import re
import time
from collections.abc import Iterator

import pytest
from ruamel.yaml import YAML

from grader.commands import parser
from grader.commands.zh import FOLDER, Catalogue, catalogue, entries, helped, metavars, pieces, wide
from grader.commands.zh._template import Choice, Count, Hole, Part, compiled, firm, holes, read, variants
from tests.grader.english_sentences import ROOT, Said, helps, sentences

# Sentences of the code that need no Chinese, each with its reason.
NOT_SAID = {
    "academy: {error}": "the sentence of a fault behind the name of the program: told by `_after_a_place`",
}
FILES = sorted(FOLDER.glob("*.po"))
SENTENCES = [path for path in FILES if path.stem not in ("words", "metavars", "argparse", "special")]
PAIRS = [(path.name, english, chinese) for path in FILES for english, chinese in entries(path)]
TEMPLATES = [(english, chinese) for path in SENTENCES for english, chinese in entries(path)]
HELPS = {one.key for one in helps()}


@functools.cache
def of_the_code() -> list[Said]:
    """Every sentence of the code: read when a test wants it, and not by every process that collects tests."""
    return list(sentences())


def test_every_text_of_help_has_its_chinese() -> None:
    missing = sorted(text for text in HELPS if helped(catalogue(), text) is None)

    assert not missing


def test_every_fault_and_every_answer_has_its_chinese() -> None:
    known = {english for english, _ in TEMPLATES} | set(NOT_SAID)
    missing = sorted({f"{one.where}  {one.key}" for one in of_the_code() if one.must and one.key not in known})

    assert not missing, "add msgid and msgstr to grader/commands/zh/*.po:\n" + "\n".join(missing)


def test_the_catalogue_holds_no_sentence_that_nobody_says_any_more() -> None:
    alive = {one.key for one in of_the_code()} | HELPS | {piece for text in HELPS for piece in pieces(text)}

    assert not sorted(english for english, _ in TEMPLATES if english not in alive)


def test_a_special_sentence_is_one_that_a_template_of_the_code_makes() -> None:
    """``special.po`` tells wordings apart that the code puts into the holes of one template."""
    ours = [
        compiled(parts)
        for one in of_the_code()
        if "\n" not in one.key
        for parts, _ in variants(read(one.key))
        if firm(parts) >= 2
    ]
    special = [read(english) for english, _ in entries(FOLDER / "special.po")]
    said = [spoken(parts)[0] for one in special for parts, _ in variants(one)]

    assert said
    assert not [text for text in said if not any(match(text) for match in ours)]


def test_what_argparse_says_is_what_this_argparse_says() -> None:
    source = re.sub(r"'\s*'", "", inspect.getsource(argparse))
    said = [re.split(r"{.*?}", english) for english, _ in entries(FOLDER / "argparse.po")]

    for words in said:
        assert all(word.strip(" '():") in source for word in words if word.strip(" '():")), words


def test_a_translation_has_the_holes_of_its_sentence() -> None:
    other = [
        (english, chinese)
        for file, english, chinese in PAIRS
        if file != "help.po" and set(holes(read(english))) != set(holes(read(chinese)))
    ]

    assert not other


def test_no_sentence_stands_twice() -> None:
    seen = [english for english, _ in TEMPLATES]

    assert not {english for english in seen if seen.count(english) > 1}


# --- how it is written ------------------------------------------------------------------------------------------------

_HAN = "\u4e00-\u9fff"
_CODE = re.compile(r"`[^`]*`|{{.*?}}|<[^>]*>|\[[^\]]*\]|\"[^\"]*\"|https?://|%\(\w+\)s|\w+\(\w*\)|工号:|键: 值|\?\?")


def faults_of_style(text: str) -> Iterator[str]:
    """What a Chinese sentence would not have; code inside it is another matter."""
    plain = _CODE.sub("CODE", re.sub(r"{(\w+)(\*|、)?}", "N", text))
    while "{" in plain and plain != (choice := re.sub(r"{\w+\?([^{}|]*)\|([^{}|]*)}", r"\1\2", plain)):
        plain = choice
    yield from re.findall(rf"[{_HAN}] +[A-Za-z0-9]|[A-Za-z0-9] +[{_HAN}](?!\w*@)", _spaced(plain))
    yield from re.findall(rf"[{_HAN}][,;:?!()]|[,;!?()][{_HAN}]", plain)
    yield from re.findall("你|妳", plain)


def _spaced(text: str) -> str:
    """Columns, commands and what they are given stand apart by spaces, as they are typed."""
    text = re.sub(r"  +|^N |^N N|N N|kB\b|\bMB|\bGB", "", text)
    return re.sub(r"(academy|--[\w-]+|chmod|apt-get install -y)( [\w./-]+)*", "CODE", text)


def test_it_is_written_as_chinese_is_written() -> None:
    assert not [(chinese, wrong) for _, _, chinese in PAIRS if (wrong := list(faults_of_style(chinese)))]


def test_it_uses_the_terms_of_the_glossary() -> None:
    read_yaml = YAML(typ="safe")
    terms = [term for part in read_yaml.load(ROOT / "courses" / "glossary.yml")["sections"] for term in part["terms"]]
    banned = {word: term["zh"] for term in terms for word in term.get("instead", {}).get("zh", ())}

    found = [(chinese, word, banned[word]) for _, _, chinese in PAIRS for word in banned if word in chinese]

    assert banned
    assert not found


# --- how it is found --------------------------------------------------------------------------------------------------


def spoken(parts: tuple[Part, ...]) -> tuple[str, dict[str, str]]:
    """The template as a program would say it, each hole with a value of its own."""
    values: dict[str, str] = {}
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        elif isinstance(part, Count):
            text += f"{values.setdefault(part.name, str(40 + len(values)))} {part.nouns[-1]}"
        elif isinstance(part, Hole):
            value = values.setdefault(part.name, f"v{len(values)}")
            text += f"'{value}'" if part.mark == "!r" else value
        else:
            raise AssertionError(part)
    return text, values


def test_every_sentence_is_found_again_with_all_that_it_was_filled_with() -> None:
    lost = []
    for english, chinese in TEMPLATES:
        for parts, chosen in variants(read(english)):
            if firm(parts) < 2:
                continue
            said, values = spoken(parts)
            told = catalogue().sentence(said)
            wanted = {name for name, _ in holes(_chosen(read(chinese), chosen)) if name in values}
            if told is None or any(values[name] not in told for name in wanted):
                lost.append((english, said, told))

    assert not lost


def _chosen(parts: tuple[Part, ...], chosen: dict[str, int]) -> tuple[Part, ...]:
    made: list[Part] = []
    for part in parts:
        made += _chosen(part.wordings[chosen.get(part.name, 0)], chosen) if isinstance(part, Choice) else [part]
    return tuple(made)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("120 answers to be marked by S1002 林涛", "S1002 林涛有120个作答要评分"),
        ("supervisor-01-zh: taken in from 2 trainees: a1, a2", "supervisor-01-zh：收取了2人的作业：a1、a2"),
        (
            "supervisor-01-zh: feedback for nobody; a1, a2 wait for a marker",
            "supervisor-01-zh：没有可以反馈的；a1、a2等待评分",
        ),
        ("    written part 7.25 of 33 points, 20.8 wanted", "    笔试得7.25分，满分33分，需要20.8分"),
        (
            "FC-2.1-mine is now in the state review, waits for a reader's approval of the en and the zh text",
            "FC-2.1-mine：审题，等待审读人对英文和中文文字的批准",
        ),
        (
            "negative: look at the key  the best chose b rather than the key  nobody chose c, d",
            "负值：请检查答案           得分高的人选b而不选答案               没有人选c、d",
        ),
        (
            "imported: 4 new, 0 changed, 12 as they were, 1 row left out",
            "已导入：新增4人、变化0人、不变12人、跳过1行",
        ),
        (
            "people.xlsx, sheet Staff, row 14, column D (入职日期): a day until today is wanted, got 2031-01-05, which "
            "lies in the future; correct the date",
            "people.xlsx，工作表Staff，第14行，D列（入职日期）：需要今天或以前的日期，收到的是2031-01-05，还没有到；"
            "请改正日期",
        ),
        (
            "academy: person 'A77' is not in the registry; see academy hr org",
            "academy：登记簿里没有“A77”；请看academy hr org",
        ),
        ("3 decisions confirmed by S1001", "S1001确认了3项评定"),
        ("1 decision confirmed by S1001", "S1001确认了1项评定"),
        (
            "scheme.yml:12: level 2, minutes: wanted a whole number of at least 1, got nothing; write such a number in "
            "digits, without quotes",
            "scheme.yml:12：level 2, minutes：应为至少为1的整数，实际是空值；请写数字，不加引号",
        ),
        (
            "L2-1: it is withdrawn, and only one that is coming, in force or due can be suspended",
            "L2-1：它的状态是已撤销，只有尚未生效、有效或即将到期的才能改为“已暂停”",
        ),
        (
            "centre/x cannot be read (No such file or directory); give the path of a file",
            "centre/x无法读取（没有这个文件或文件夹）；请给出文件的路径",
        ),
        ("2/2 done in 30 s", "已完成2/2，用时30秒"),
        ("\r\x1b[K2/3 done in 3 min 04 s", "\r\x1b[K已完成2/3，用时3分04秒"),
        ("1/3 done, about 1 min 20 s left", "已完成1/3，大约还要1分20秒"),
        ("1/3 done, about 10 s left, ben failed", "已完成1/3，大约还要10秒；ben失败"),
        (
            "12 submissions: 9 graded, 2 need a person, 1 failed; 2 were done before",
            "12份作业：已评阅9份，需要人工2份，失败1份；其中2份此前已评阅",
        ),
        ("1 submission: 0 graded, 1 needs a person, 0 failed", "1份作业：已评阅0份，需要人工1份，失败0份"),
        (
            "root  8 of 10  needs a person  note: a person marks it; practical/p5: a person marks it",
            "root  8/10     需要人工        note：由人评分；practical/p5：由人评分",
        ),
        (
            "the second look at seat TL-01 wants a second person, and S1003 孙丽 confirmed the decision that it is "
            "against; let somebody else look at it",
            "考位TL-01的复看须由另一个人来做，而S1003 孙丽确认过被申诉的评定；请由另一个人复看",
        ),
        (
            "  open: 8 to 12 judges rate in both rounds, and 0 have done so",
            "  未解决：两轮都参加的评委要有8至12位，现有0位",
        ),
        (
            "panel P1 cannot set the cut: 8 to 12 judges rate in both rounds, and 0 have done so",
            "评审组P1不能确定合格线：两轮都参加的评委要有8至12位，现有0位",
        ),
        (
            "r1.csv, line 3: S1002 rates FC-1.1-a by a percentage from 0 to 100, got nothing",
            "r1.csv第3行：S1002给FC-1.1-a的评议值须为0至100的百分数，收到的是空格子",
        ),
        (
            "x.md:1: `status` must be one of draft, review, approved, got 'nix'",
            "x.md:1：`status`须为draft、review、approved之一，收到的是“nix”",
        ),
        (
            "TL-demo  decided  2026-11-22 20:47 to 2026-11-22 20:48 UTC",
            "TL-demo  已评定  2026-11-22 20:47至2026-11-22 20:48 UTC",
        ),
        (
            "TL-2026  decided  2026-11-22 20:47 to 2026-11-22 20:48 CST",
            "TL-2026  已评定  2026-11-22 20:47至2026-11-22 20:48 CST",
        ),
        (
            "TL-09-A1  marking  2026-11-22  2026-12-22  to be decided",
            "TL-09-A1  marking  2026-11-22  2026-12-22  未裁定",
        ),
        (
            "  q24: 2.75 of 4, settled from blind marks: S1002 林涛 3, S1005 郑凯 2.5 at 2026-11-22T20:48:44Z",
            "  q24：2.75/4，2026-11-22T20:48:44Z由隐名评分得出：S1002 林涛 3、S1005 郑凯 2.5",
        ),
        (
            "academy: the appeal TL-09-A1 is open; others get the same after an appeal is upheld",
            "academy：申诉TL-09-A1还未裁定；申诉成立之后，其他人才能得到同样的分数",
        ),
        ("lead-01-zh: feedback for nobody; root wait for a marker", "lead-01-zh：没有可以反馈的；root等待评分"),
        ("  trainee  state           points", "  学员     状态            分值"),
        ("seat      person  entry code", "考位      工号    入场码"),
        ("q01  RK-2.1-door@1  1 of 1, by engine", "q01  RK-2.1-door@1  1/1，评分人：程序"),
        (
            "items also on form 2, beside the anchors    0                                    0",
            "除锚题外也在试卷2上的试题                   0                                    0",
        ),
        (
            "expected score at half an SE below the cut  38.079 within 0.05  38.082",
            "合格线以下半个标准误处的预期得分            38.079，上下不超过0.05  38.082",
        ),
        (
            "domain CX                                   5       5",
            "领域CX                                      5       5",
        ),
        (
            "pilot items, not scored  up to 6  0; the pool holds no pilot items",
            "试测题（不计分）         至多6    0；题库里没有试测题",
        ),
    ],
)
def test_a_sentence_is_told_with_its_parts(english: str, chinese: str) -> None:
    assert catalogue().said(english) == chinese


@pytest.mark.parametrize(
    "line",
    [
        "A1001 Grace Lim (3)  Inbound A",
        "  A1002 陈晓敏",
        "",
        "The customer waits, and nobody answers.",
        "https://example.com/academy?token=abc",
        "What does a service level of 80/20 promise?",
        "TL-2026-11-01  A1001  K7DQ-22MX",
        "FC-3.3-own-lines-with-and-without-patience  code",
    ],
)
def test_data_stays_as_it_is(line: str) -> None:
    assert catalogue().said(line) == line


def test_a_row_of_a_table_keeps_its_columns_whatever_its_signs_take() -> None:
    head = "  slot  item           kind    points  flags"
    row = "  q01   FC-2.1-load    number  1       weak"

    told = [catalogue().said(line) for line in (head, row)]

    assert told[0].split() == ["题位", "试题" if "item" in catalogue().words else "item", "题型", "分值", "标记"]
    for english, chinese, words in ((head, told[0], ("kind", "题型")), (row, told[1], ("weak", "区分度低"))):
        assert wide(chinese[: chinese.index(words[1])]) == english.index(words[0])


def test_a_word_that_is_known_is_told_only_where_a_hole_asks_for_it() -> None:
    small = Catalogue([("{who} left {what}", "{who}离开了{what*}")], {"pass": "通过"})

    assert small.sentence("pass left pass") == "pass离开了通过"


@pytest.mark.parametrize(
    "line", ["constraint" + " " * 60 + "wanted" + " " * 60 + "holds of at by", "of a, " * 60, " in " * 80]
)
def test_a_line_of_many_spaces_or_words_is_no_trap(line: str) -> None:
    began = time.process_time()
    catalogue().said(line)

    assert time.process_time() - began < 10  # a trap takes minutes, milliseconds are usual


def test_the_names_of_values_are_names_that_options_have() -> None:
    shown = {name for one in _parsers(parser()) for action in one._actions for name in _named(action)}

    assert metavars()
    assert not set(metavars()) - shown


def _parsers(root: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield root
    for action in root._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _parsers(child)


def _named(action: argparse.Action) -> tuple[str, ...]:
    metavar = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    return (metavar,) if isinstance(metavar, str) else metavar


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("S2001 manages A1002", "S2001是A1002的上级"),
        ("S2001 managed A1002 until 2026-05-01", "2026-05-01以前，S2001是A1002的上级"),
        ("S1008 taught A1001 (team leader course)", "S1008教过A1001（team leader course）"),
    ],
)
def test_why_somebody_is_not_impartial_is_told_in_chinese(reason: str, chinese: str) -> None:
    said = catalogue().said(f"the decision wants somebody impartial, and {reason}; name another person")

    assert f"须由无利害关系的人来做，而{chinese}；" in said
