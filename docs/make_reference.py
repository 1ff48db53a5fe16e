"""Writes the generated parts of docs/reference out of the code: `.venv/bin/python docs/make_reference.py`.

With the printed output of a demo as argument it also puts the demo's table into both readmes.

A page is ordinary Markdown; only what stands between ``<!-- made: NAME -->`` and ``<!-- end -->`` comes from the code.
`tests/docs` makes every part again and fails when a page holds another one.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
PART = re.compile(r"(<!-- made: ([\w -]+) -->\n).*?(<!-- end -->)", re.S)
COMMAND = ".venv/bin/python docs/make_reference.py"

Command = tuple[str, argparse.ArgumentParser, str]
"""Its words, its parser, what it does."""

__all__ = ["COMMAND", "REFERENCE", "Command", "commands", "fresh", "parts", "tour"]


def parts() -> Mapping[str, Callable[[], str]]:
    """Every generated part by its name."""
    return {
        "commands": _commands,
        "ccskills": _modules,
        **{f"ccskills {name}": partial(_module, name) for name in _library()},
        "item header": _item_header,
        "item kinds": _item_kinds,
        "lesson header": _lesson_header,
        "records": _records,
        "views": _views,
    }


def fresh(text: str) -> str:
    """The page ``text`` with every generated part made again."""
    made = parts()
    return PART.sub(lambda found: f"{found[1]}\n{_plain(made[found[2]]())}\n\n{found[3]}", text)


def _plain(text: str) -> str:
    """What docstrings write for another reader, as Markdown; no empty line twice."""
    text = re.sub(r"(?<!`)``([^`\n]+)``(?!`)", r"`\1`", re.sub(r":\w+:`([^`]+)`", r"`\1`", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


# --- commands ---------------------------------------------------------------------------------------------------------


def commands() -> Iterator[Command]:
    """Every command."""
    from grader.commands import parser

    yield from _leaves("", parser(), "")


def _leaves(words: str, parser: argparse.ArgumentParser, text: str) -> Iterator[Command]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield words, parser, text
    for group in groups:
        said = {choice.dest: choice.help or "" for choice in group._choices_actions}
        for name, child in group.choices.items():
            yield from _leaves(f"{words} {name}".strip(), child, said.get(name, ""))


def _commands() -> str:
    lines = []
    for words, parser, text in commands():
        lines += [f"## `academy {words}`", "", f"{text[:1].upper()}{text[1:]}.", ""]
        rows = [_argument(action) for action in parser._actions if action.dest != "help"]
        if rows:
            lines += ["| argument | meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _argument(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    if action.option_strings and action.nargs != 0:
        value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
        name = f"{name} {value}"
    meaning = (action.help or "").replace("%(default)s", _default(action))
    given = isinstance(action.default, Path) and "default" not in meaning
    meaning = f"{meaning} (default: {_default(action)})" if given else meaning
    needed = "**required**" if action.required and action.option_strings else ""
    several = "may be given several times" if isinstance(action, argparse._AppendAction) else ""
    return _row(name, "; ".join(part for part in (needed, meaning, several) if part))


def _row(*cells: str) -> str:
    first, *rest = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| `{first}` | {' | '.join(rest)} |"


def _default(action: argparse.Action) -> str:
    """A default as it is for everybody: no login name, no path and no language of this machine."""
    if action.dest == "by":
        return "your login name"
    if action.dest == "language":
        return "the terminal's"
    if isinstance(action.default, Path):
        if not action.default.is_absolute():
            return "the current folder" if action.default == Path() else action.default.as_posix()
        return f"{action.default.relative_to(ROOT).as_posix()}/"
    return str(action.default)


# --- the library ------------------------------------------------------------------------------------------------------


def _library() -> list[str]:
    """The names of the library's public modules."""
    import ccskills

    return [name for name in ccskills.__all__ if name != "__version__"]


def _home(name: str) -> Path:
    """Where a public module stands: a file, or the first file of a folder."""
    file = ROOT / "ccskills" / f"{name}.py"
    return file if file.exists() else ROOT / "ccskills" / name / "__init__.py"


def _modules() -> str:
    """A table of the modules, each with its first sentence and the way to its page."""
    rows = ["| module | what it is for |", "|---|---|"]
    for name in _library():
        tree = ast.parse(_home(name).read_text("utf-8"))
        said = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
        rows.append(f"| [`ccskills.{name}`](ccskills/{name}.md) | {said} |")
    return "\n".join(rows)


def _module(name: str) -> str:
    home = _home(name)
    tree = ast.parse(home.read_text("utf-8"))
    lines = [ast.get_docstring(tree) or "", ""]
    public = _public(tree)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            lines += _entries_of(name, home.parent / f"{node.module}.py", {alias.name for alias in node.names} & public)
    lines += _entries_of(name, home, public)
    return "\n".join(lines)


def _entries_of(module: str, file: Path, public: set[str]) -> list[str]:
    """The public names of ``module`` that stand in ``file``, in its order."""
    tree = ast.parse(file.read_text("utf-8"))
    lines = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in public:
            lines += [f"## `{module}.{node.name}`", "", *_signature(module, node), *_docstring(node)]
        elif isinstance(node, ast.ClassDef) and node.name in public:
            lines += [f"## `{module}.{node.name}`", "", *_class(node)]
        elif (known := _assigned(node)) and known in public:
            lines += [f"## `{module}.{known}`", "", _said_after(tree, node), ""]
    return lines


def _public(tree: ast.Module) -> set[str]:
    for node in tree.body:
        if _assigned(node) == "__all__" and isinstance(node, ast.Assign):
            return set(ast.literal_eval(node.value))
    return set()


def _assigned(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return None


def _said_after(tree: ast.Module | ast.ClassDef, node: ast.stmt) -> str:
    """The text that stands below an assignment and says what it is."""
    after = tree.body[tree.body.index(node) + 1 :][:1]
    if after and isinstance(after[0], ast.Expr) and isinstance(after[0].value, ast.Constant):
        text = after[0].value.value
        return " ".join(text.split()) if isinstance(text, str) else ""
    return ""


def _signature(module: str, node: ast.FunctionDef) -> list[str]:
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return ["```python", f"{module}.{node.name}({_arguments(node)}){returns}", "```", ""]


def _arguments(node: ast.FunctionDef) -> str:
    """Arguments as a person writes them: ``language: str = "en"``."""
    text = ast.unparse(node.args).removeprefix("self").removeprefix(", ")
    return re.sub(r"'([^'\"]*)'", r'"\1"', re.sub(r"(: [^,()=]+)=", r"\1 = ", text))


def _docstring(node: ast.FunctionDef | ast.ClassDef) -> list[str]:
    """A numpydoc text as Markdown: headings bold, parameters as a list, examples as code."""
    lines = []
    blocks = re.split(r"^(\w[\w ]+)\n-{3,}\n", ast.get_docstring(node) or "", flags=re.M)
    lines += [blocks[0].strip(), ""]
    for heading, body in zip(blocks[1::2], blocks[2::2], strict=True):
        lines += [f"**{heading}**", ""]
        if heading in ("Parameters", "Returns", "Raises", "Attributes"):
            lines += [*_entries(body), ""]
        elif heading == "Examples":
            lines += [*_examples(body), ""]
        else:
            lines += [body.strip(), ""]
    return lines


def _entries(body: str) -> Iterator[str]:
    entry, text = "", []
    for line in [*body.strip("\n").split("\n"), "end"]:
        if line.startswith(" ") or not line.strip():
            text.append(line.strip())
            continue
        if entry:
            said = " ".join(part for part in text if part)
            yield f"- `{entry}`{': ' if said else ''}{said}"
        entry, text = line.strip(), []


def _examples(body: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", body.strip("\n")):
        if block.lstrip().startswith(">>>"):
            yield from ("```pycon", block, "```", "")
        else:
            yield from (block, "")


def _class(node: ast.ClassDef) -> list[str]:
    fields = [
        _row(f"{field.target.id}: {ast.unparse(field.annotation)}", _said_after(node, field))
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    ]
    table = ["| field | meaning |", "|---|---|", *fields, ""] if fields else []
    methods = []
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
            said = (ast.get_docstring(method) or "").split("\n")[0]
            methods.append(f"- `{method.name}({_arguments(method)})`: {said}")
    return [*_docstring(node), *table, *methods, ""]


# --- records and formats ----------------------------------------------------------------------------------------------


def _records() -> str:
    lines = []
    for name in ("words", "framework", "scheme", "bank", "exam"):
        tree = ast.parse((ROOT / "grader" / "model" / f"{name}.py").read_text("utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name in _public(tree):
                lines += [f"### `{node.name}`", "", *_class(node)]
    return "\n".join(lines)


def _views() -> str:
    import sqlite3
    import tempfile

    from grader.store import Store

    lines = ["| view | columns |", "|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.db"
        Store(path).close()
        connection = sqlite3.connect(path)
        views = connection.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY rowid").fetchall()
        for (view,) in views:
            columns = connection.execute(f"SELECT name FROM pragma_table_info('{view}')").fetchall()
            lines.append(_row(view, ", ".join(f"`{column}`" for (column,) in columns)))
        connection.close()
    return "\n".join(lines)


def _item_header() -> str:
    from grader.bank.header import OPTIONAL, REQUIRED, RULES

    said = {name: rule for name, (rule, _) in RULES.items()}
    said["statement"] = "a code of `question_bank/framework.yml` such as FC-2.1"
    said["history"] = "a list of lines with date, by, role and verdict, and a note if there is something to say"
    lines = ["| entry | value |", "|---|---|"]
    lines += [_row(name, said[name]) for name in REQUIRED]
    lines += [_row(name, f"{said[name]} (may be left out)") for name in OPTIONAL]
    return "\n".join(lines)


def _item_kinds() -> str:
    from grader.bank.header import ITEM_KINDS
    from grader.marking import mark

    said = re.findall(r"^\s*- (\w+): (.+?)(?=\n\s*- |\n\n|\Z)", mark.__doc__ or "", re.M | re.S)
    rules = dict(said)
    lines = ["| kind | what an answer earns |", "|---|---|"]
    lines += [_row(kind, " ".join(rules[kind].split())) for kind in ITEM_KINDS]
    return "\n".join(lines)


def _lesson_header() -> str:
    from grader.lessons.header import ENTRIES, LONGEST_MIN, SHORTEST_MIN

    said = {
        "title": "`{en: ..., zh: ...}`",
        "level": "1 to 5; the file lies in the folder of that level, e.g. `supervisor/` for 3",
        "minutes": f"a whole number from {SHORTEST_MIN} to {LONGEST_MIN}",
        "statements": "codes of `question_bank/framework.yml` of the lesson's level, such as [FC-3.1, FC-3.2]",
        "needs": "lessons that come first, as [team-leader/01-workload], or []",
    }
    return "\n".join(["| entry | value |", "|---|---|", *(_row(name, said[name]) for name in ENTRIES)])


def tour(page: str, output: str) -> str:
    """The readme ``page`` with the table that ends the demo's ``output``."""
    table = re.search(r"^(?:seat|考位) .*\n(?:TL-demo-.*\n)+", output, re.M)
    if table is None:
        raise SystemExit("the file holds no table of the demo; give what `./academy demo` printed")
    return re.sub(r"(?<=```text\n)(?:seat|考位) .*\n(?:TL-demo-.*\n)+", lambda _: table[0], page)


def main() -> None:
    """Write every page that is not fresh, and a page for a module of the library that has none."""
    for name in _library():
        page = REFERENCE / "ccskills" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        if not page.exists():
            page.write_text(f"# `ccskills.{name}`\n\n<!-- made: ccskills {name} -->\n<!-- end -->\n", "utf-8")
    made = {path: fresh(path.read_text("utf-8")) for path in sorted(REFERENCE.rglob("*.md"))}
    for readme, output in zip((ROOT / "README.md", ROOT / "README.zh-CN.md"), sys.argv[1:3], strict=False):
        made[readme] = tour(readme.read_text("utf-8"), Path(output).read_text("utf-8"))
    for path, text in made.items():
        if path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
