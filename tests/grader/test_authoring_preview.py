"""What an author and a second reader see of an item in the browser, and what a second reader is never sent."""

import json
import threading
import urllib.error
import urllib.request

import pytest

from grader.authoring import Shelf
from grader.authoring.preview import document, reader_document, serve
from tests.grader.authoring_shelf import BANK, CHOICE, NUMBER, afresh, two_items

shelf = pytest.fixture(two_items)


def test_the_preview_shows_paper_key_and_reasons_in_both_languages(shelf):
    shown = document(shelf, NUMBER, 103)

    assert (shown["seed"], shown["seeds"], shown["problems"]) == (103, [102, 103, 105], [])
    for language in ("en", "zh"):
        side = shown["languages"][language]
        assert side["question"]["kind"] == "number" and "key" not in side["question"]
        assert side["key"][0].split(" ")[1:3] == ["±", "0"]
        assert "{{" not in side["question"]["stem_html"] + "".join(side["reasons"])


def test_the_preview_of_a_broken_item_shows_what_is_wrong(shelf):
    shelf.path(CHOICE).write_text("no header", "utf-8")

    assert "must begin with a header" in document(shelf, CHOICE, None)["problems"][0]


def test_the_preview_answers_only_who_knows_its_address_and_follows_the_file(shelf):
    server, address = serve(shelf, [CHOICE], 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def get(path):
        with urllib.request.urlopen(address + path) as answer:
            return answer.read()

    try:
        assert json.loads(get("items")) == [CHOICE]
        shown = json.loads(get(f"items/{CHOICE}"))
        with pytest.raises(urllib.error.HTTPError, match="304"):
            get(f"items/{CHOICE}?state={shown['state']}")
        path = shelf.path(CHOICE)
        path.write_text(path.read_text("utf-8").replace("up to 50 yuan", "up to 60 yuan"), "utf-8")
        again = json.loads(get(f"items/{CHOICE}?state={shown['state']}"))
        assert "60 yuan" in again["languages"]["en"]["question"]["stem_html"]
        for name in ("dom.js", "questions.js", "strings.js", "exam.css", "preview.js", "preview.css", ""):
            assert get(name)
        host = address.rsplit("/", 2)[0]
        for wrong in (f"{host}/items", f"{host}/guess/items", f"{address}items/{NUMBER}", f"{address}../shelf.py"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(wrong)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


READ = (CHOICE, NUMBER, "FC-2.3-playbook-steps-in-order", "RP-2.2-chart-for-each-question",
        "QA-2.4-coaching-note-from-findings", "FC-3.3-own-lines-with-and-without-patience")  # fmt: skip
TELLS = {"key", "reasons", "samples", "statement", "difficulty", "sources", "right", "rubric", "tests", "solution"}


@pytest.mark.parametrize("item_id", READ)
def test_a_second_reader_is_served_the_question_and_nothing_that_tells_the_key(item_id):
    """Every item whose kind has another sort of key: an option, a number, an order, pairs, a rubric, lines of code."""
    shelf = Shelf(BANK)
    item, server, address = shelf.item(item_id), *serve(shelf, [item_id], 0, with_key=False)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        served = ""
        for name in ("", "items", f"items/{item_id}"):
            with urllib.request.urlopen(address + name) as answer:
                served += answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    shown = json.loads(served[served.rindex('{"state"') :])

    assert shown["problems"] == []
    assert not TELLS & {name for name in keys_of(shown)}
    for language, side in shown["languages"].items():
        author = document(shelf, item_id, shown["seed"])["languages"][language]
        assert side["question"]["stem_html"] == author["question"]["stem_html"]
        hidden = [*author["reasons"], *(text for _, text in author["samples"])]
        if item.kind in ("number", "text", "code"):
            hidden += author["key"]
        assert hidden
        assert not [text for text in hidden if json.dumps(text, ensure_ascii=False)[1:-1] in served]
        if item.kind in ("order", "match"):
            part = "options" if item.kind == "order" else "targets"
            offered = [one["html"] for one in side["question"][part]]
            right = [one.rpartition(" → ")[2] for one in author["key"]]
            assert sorted(offered) == sorted([one["html"] for one in author["question"][part]])
            assert offered[: len(right)] != right


def keys_of(value):
    """The names of a document, at any depth."""
    if isinstance(value, dict):
        yield from value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(one)


def test_a_second_reader_of_a_broken_item_is_sent_to_its_author(shelf):
    path = shelf.path(NUMBER)
    path.write_text(path.read_text("utf-8").replace("status: approved", "status: done"), "utf-8")

    shown = reader_document(afresh(shelf), NUMBER, None)

    assert shown["problems"] == ["the question cannot be shown; its author finds out why by `academy bank check`"]
    assert shown["languages"] == {}
