"""`academy bank`: items are written, proved, looked at, read by others, counted, found, compared and exchanged."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..centre import PROJECT
from ._options import Nouns, author, centre, language, many, say_problems

if TYPE_CHECKING:
    from ..authoring.shelf import Shelf

__all__ = ["words"]

REPORT = PROJECT / "docs" / "bank-report.md"


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    nouns_help = "the question bank: new, check, preview, review, cover, search, diff, export, import, charts, report"
    steps = nouns.add_parser("bank", help=nouns_help).add_subparsers(required=True, metavar="STEP")
    _new_words(steps)
    check = _step(steps, "check", "prove every item of the bank, or the named ones", _check, json_too=True)
    check.add_argument("items", nargs="*", metavar="ITEM", help="ids or files; without any the whole bank")
    check.add_argument("--hints", action="store_true", help="also hint at hard sentences and undefined measures")
    preview = _step(steps, "preview", "show items as a candidate sees them, with key and reasons", _preview)
    preview.add_argument("items", nargs="*", metavar="ITEM", help="ids; without any the whole bank")
    preview.add_argument(
        "--without-key",
        action="store_true",
        help="for a second reader: the page holds no key, reasons, sample answers or marking notes",
    )
    preview.add_argument("--port", type=int, default=0, help="port of the page (default: any free one)")
    preview.add_argument("--no-browser", action="store_true", help="only print the address")
    _review_words(steps)
    cover = _step(steps, "cover", "hold the bank against statements and blueprints", _cover, json_too=True)
    cover.add_argument("--level", type=int, choices=range(1, 6), help="one level only")
    search = _step(steps, "search", "find items by words, in either language", _search, json_too=True)
    search.add_argument("words", nargs="*", metavar="WORD", help="words that must all be there")
    _filters(search)
    diff = _step(steps, "diff", "compare two versions of an item", _diff, json_too=True)
    diff.add_argument("item", metavar="ITEM", help="its id")
    diff.add_argument("--old", default="HEAD", help="revision of git, version number or file (default: %(default)s)")
    diff.add_argument("--new", help="the same; without it the file as it is now")
    _exchange_words(steps)
    _step(steps, "charts", "draw the charts of cases whose pictures are missing or old", _charts)
    report = _step(steps, "report", "write the page that describes the bank in figures", _report)
    report.add_argument("--to", type=Path, default=REPORT, help="file to write (default: docs/bank-report.md)")


def _step(
    steps: Nouns, name: str, text: str, run: Callable[[argparse.Namespace], int], *, json_too: bool = False
) -> argparse.ArgumentParser:
    found = steps.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
    found.add_argument("--bank", type=Path, default=PROJECT / "question_bank", help="folder of the bank")
    if json_too:
        found.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    found.set_defaults(run=run)
    return found


def _new_words(steps: Nouns) -> None:
    new = _step(steps, "new", "write a new item: a form of questions, or a template by kind", _new)
    new.add_argument("statement", nargs="?", help="statement that it serves, e.g. FC-2.1; without it a form asks")
    new.add_argument("--kind", default="choice", help="choice, multi, number, order, match or text (default: choice)")
    new.add_argument("--name", help="short name, e.g. load-of-a-queue; the id is statement and name")
    new.add_argument("--use", default="exam", help="exam, pilot or practice (default: exam)")
    new.add_argument("--case", help="name of a case in cases/ that it shares")
    author(new)


def _review_words(steps: Nouns) -> None:
    review = _step(steps, "review", "say where items stand, or enter a reading or a new state", _review, json_too=True)
    review.add_argument("item", nargs="?", metavar="ITEM", help="its id; without it a list of what waits for whom")
    author(review)
    centre(review)
    review.add_argument("--language", choices=("en", "zh"), help="language in which a second reader answered the item")
    review.add_argument(
        "--answer", choices=("agreed", "differed", "unclear"), help="how the answer compared with the key"
    )
    review.add_argument("--verdict", choices=("approve", "revise", "reject"), help="what the second reader says")
    states = ("draft", "review", "approved", "pilot", "live", "retired")
    review.add_argument("--to", choices=states, help="state that the item goes to")
    review.add_argument("--note", default="", help="why; wanted for revise, reject, draft and retired")
    _filters(review)


def _exchange_words(steps: Nouns) -> None:
    forms = ("qti", "gift", "moodle")
    export = _step(
        steps, "export", "write items for another system, one file for each language", _export, json_too=True
    )
    export.add_argument("items", nargs="*", metavar="ITEM", help="ids; without any all that fit the filters")
    export.add_argument("--format", choices=forms, required=True, help="QTI 3.0, GIFT or Moodle XML")
    export.add_argument("--to", type=Path, required=True, help="folder that gets the files")
    _filters(export)
    take = _step(steps, "import", "take items of another system in as drafts", _import, json_too=True)
    take.add_argument("--en", type=Path, help="file with the English texts")
    take.add_argument("--zh", type=Path, help="file with the Chinese texts of the same questions")
    take.add_argument("--format", choices=forms, help="without it the file itself says")
    take.add_argument("--statement", default="", help="statement for questions that name none, e.g. FC-2.1")
    author(take)


def _filters(step: argparse.ArgumentParser) -> None:
    step.add_argument("--domain", help="e.g. FC")
    step.add_argument("--level", type=int, help="1 to 5")
    for name, text in (("kind", "e.g. number"), ("statement", "e.g. FC-2.1"), ("cognitive", "R, A or E")):
        step.add_argument(f"--{name}", help=text)
    for name, text in (
        ("use", "e.g. practice"),
        ("status", "e.g. review"),
        ("case", "name of a case"),
        ("source", "O11"),
    ):
        step.add_argument(f"--{name}", help=text)


# --- what each step does ---


def _shelf(given: argparse.Namespace) -> Shelf:
    from ..authoring.shelf import Shelf

    return Shelf(given.bank)


def _chosen(given: argparse.Namespace, shelf: Shelf) -> list[Any]:
    """The named items, or all that fit the filters."""
    from ..authoring.search import FILTERS, search

    if getattr(given, "items", None):
        return [shelf.item(name) for name in given.items]
    filters = {name: getattr(given, name, None) for name in FILTERS}
    return search(shelf.framework, shelf.items.values(), getattr(given, "words", ()), filters)


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    """What the disk refuses is one sentence."""
    from ..errors import InputError

    try:
        yield
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); name another place") from error


def _say(given: argparse.Namespace, document: Any, lines: Iterable[str]) -> None:
    if given.json:
        print(json.dumps(document, ensure_ascii=False, indent=2, default=str))
        return
    for line in lines:
        print(line)


def _new(given: argparse.Namespace) -> int:
    from ..authoring import new
    from ..errors import InputError

    shelf = _shelf(given)
    if given.statement is None:
        try:
            draft = new.ask(shelf, given.by, input, print)
        except EOFError:
            raise InputError("the form ended before its last question; nothing was written") from None
    else:
        name = given.name or f"new-{given.kind}"
        more = {"use": given.use} | ({"case": given.case} if given.case else {})
        draft = new.template(new.header(shelf, given.statement, given.kind, name, given.by, **more))
    path = new.write(shelf, draft)
    print(f"{path} is written, a draft; look at it with `academy bank preview {draft.header['id']}`")
    return 0


def _check(given: argparse.Namespace) -> int:
    from .. import bank

    shelf = _shelf(given)
    if given.items:
        loaded = {item.id: item for item in map(shelf.item, given.items)}
        problems = bank.prove_all(loaded.values())
    else:
        loaded = dict(shelf.items)
        problems = [*shelf.bank.problems, *bank.prove_all(loaded.values()), *bank.check(shelf.bank)]
    noted = [hint for item in loaded.values() for hint in bank.hints(item)] if given.hints else []
    if not given.json:
        say_problems([*problems, *(f"hint: {hint}" for hint in noted)])
    document = {"items": len(loaded), "problems": list(map(str, problems)), "hints": list(map(str, noted))}
    hinted = [f"worth a look: {many(len(noted), 'hint')}"] if given.hints else []
    _say(given, document, [f"{many(len(loaded), 'item')} read, {many(len(problems), 'problem')}", *hinted])
    return 1 if problems else 0


def _chinese(sentence: str) -> str:
    from .zh import catalogue

    return catalogue().said(sentence)


def _preview(given: argparse.Namespace) -> int:
    import webbrowser

    from ..authoring.preview import serve
    from ..errors import InputError

    shelf = _shelf(given)
    names = [Path(name).stem if name.endswith(".md") else name for name in given.items]
    for name in names:
        shelf.item(name)
    try:
        server, address = serve(
            shelf, names or sorted(shelf.items), given.port, _chinese, with_key=not given.without_key
        )
    except (OSError, OverflowError) as error:
        raise InputError(f"port {given.port} cannot be used ({error}); leave --port out for a free one") from error
    print(address)
    if given.without_key:
        print("The page follows the files; it holds no key, so a second reader may work at it. Stop with Ctrl-C.")
    else:
        print("The page follows the files; it shows keys, so keep its address to yourself. Stop with Ctrl-C.")
    sys.stdout.flush()
    if not given.no_browser:
        webbrowser.open(address)
    try:
        server.serve_forever()
    finally:
        server.server_close()
    return 0


def _review(given: argparse.Namespace) -> int:
    from ..authoring import review
    from ..errors import InputError
    from .bank_retired import asked, asked_lines

    shelf = _shelf(given)
    if given.item is None:
        rows = review.standings(_chosen(given, shelf))
        lines = [f"{one.id:<48} {one.status:<9} {one.since}  {one.waits_for}" for one in rows]
        _say(given, [vars(one) for one in rows], lines)
        return 0
    if given.to:
        item = review.move(shelf, given.item, given.to, by=given.by, note=given.note)
    elif given.language and given.answer and given.verdict:
        item = review.read_by(
            shelf,
            given.item,
            by=given.by,
            language=given.language,
            verdict=given.verdict,
            key=given.answer,
            note=given.note,
        )
    elif given.language or given.answer or given.verdict:
        raise InputError("say --to STATE, or what a reader found with --language, --answer and --verdict")
    else:
        item = shelf.item(given.item)
    [standing] = review.standings([item])
    waits = f", waits for {standing.waits_for}" if standing.waits_for else ""
    document, lines = dict(vars(standing)), [f"{item.id} is now in the state {item.status}{waits}"]
    if item.status == "retired":
        document["asked_in"] = found = asked(given.centre, item.id)
        lines += asked_lines(given.centre, item.id, found)
    _say(given, document, lines)
    return 0


def _cover(given: argparse.Namespace) -> int:
    from ..authoring.cover import cover

    shelf = _shelf(given)
    found = cover(shelf.framework, shelf.scheme, shelf.items.values())
    mark = f"level {given.level}:", f"-{given.level}."
    holes = [hole for hole in found.holes if given.level is None or any(part in hole[:9] for part in mark)]
    levels = [one for one in found.levels if given.level in (None, one.level)]
    lines = [
        f"level {one.level}: {sum(one.kinds.values())} items, {one.exam} approved for exams, {one.forms} full forms; "
        + ", ".join(f"{kind} {count}" for kind, count in one.kinds.items() if count)
        for one in levels
    ]
    done = f"{sum(one.full for one in found.statements)} of {len(found.statements)} statements have their items"
    document = {
        "levels": [vars(one) for one in levels],
        "statements": list(map(vars, found.statements)),
        "holes": holes,
    }
    _say(given, document, [*lines, *holes, f"{done}; {many(len(holes), 'hole')}"])
    return 1 if holes else 0


def _search(given: argparse.Namespace) -> int:
    from ..bank.header import KIND_NAMES

    shelf = _shelf(given)
    found = _chosen(given, shelf)
    rows = [{"id": item.id, "kind": item.kind, "use": item.use, "status": item.status} for item in found]
    said = language()
    stems = [" ".join(item.body["question"].stem.say(said).split())[:70] for item in found]
    kinds = [KIND_NAMES[item.kind].say(said) for item in found]
    lines = [
        f"{row['id']:<48} {kind:<7} {row['use']:<9} {row['status']:<9} {stem}"
        for row, kind, stem in zip(rows, kinds, stems, strict=True)
    ]
    _say(given, rows, [*lines, f"{len(found)} of {len(shelf.items)} items"])
    return 0


def _diff(given: argparse.Namespace) -> int:
    from ..authoring import versions

    shelf = _shelf(given)

    def version(name: str | None) -> Any:
        if name is None:
            return shelf.item(given.item)
        return (
            versions.other_file(shelf, Path(name))
            if name.endswith(".md")
            else versions.old_version(shelf, given.item, name)
        )

    old, new = version(given.old), version(given.new)
    changes = versions.compare(old, new)
    lines = [f"{one.place}: {one.marked}" for one in changes] or ["no difference"]
    raised = versions.needs_version(old, new, changes)
    if raised:
        lines.append(f"a candidate could notice this: raise `version` above {old.version}, and have it read again")
    _say(given, {"changes": [vars(one) for one in changes], "raise_version": raised}, lines)
    return 0


def _export(given: argparse.Namespace) -> int:
    from ..authoring.exchange import export
    from ..exchange import ENDINGS
    from ..model import LANGUAGES

    shelf = _shelf(given)
    items = _chosen(given, shelf)
    left: dict[str, Any] = {}
    names = []
    for edition in LANGUAGES:
        written = export(items, given.format, edition)
        path = given.to / f"bank-{edition}{ENDINGS[given.format]}"
        with _disk(given.to):
            given.to.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written.data)
        names.append(path.name)
        left = {name: list(said) for name, said in written.left.items()}
    lines = [f"{name}: does not take along {'; '.join(said)}" for name, said in left.items()]
    _say(given, {"files": names, "left": left}, [*lines, f"{many(len(items), 'item')} in {' and '.join(names)}"])
    return 0


def _import(given: argparse.Namespace) -> int:
    from ..authoring.exchange import take_in
    from ..errors import InputError
    from ._options import read

    files = {key: (path.name, read(path)) for key, path in (("en", given.en), ("zh", given.zh)) if path}
    if not files:
        raise InputError("name the file with --en, with --zh, or both")
    taken = take_in(_shelf(given), files, form=given.format, statement=given.statement, by=given.by)
    if not given.json:
        say_problems(taken.problems)
    document = {"written": list(taken.written), "problems": list(map(str, taken.problems))}
    _say(
        given,
        document,
        [*taken.written, f"{many(len(taken.written), 'draft')} written, {many(len(taken.problems), 'problem')}"],
    )
    return 1 if taken.problems else 0


def _charts(given: argparse.Namespace) -> int:
    from ..authoring.charts import draw_charts

    written = draw_charts(_shelf(given))
    print("\n".join([*written, f"{many(len(written), 'picture')} drawn"]))
    return 0


def _report(given: argparse.Namespace) -> int:
    from ..authoring.report import report
    from ..authoring.shelf import write_whole

    text = report(_shelf(given))
    with _disk(given.to):
        write_whole(given.to, text)
    print(f"{given.to.name} is written")
    return 0
