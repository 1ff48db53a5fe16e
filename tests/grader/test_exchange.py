"""Exchange files: written as the formats want, read back the same, refused with file and line when broken."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from grader import exchange
from grader.authoring import Shelf
from grader.authoring.exchange import carried, export, take_in
from grader.errors import InputError
from grader.exchange.markup import markdown
from grader.exchange.safe_xml import tree
from grader.notebooks import render_html

BANK = Path(__file__).parents[2] / "question_bank"


@pytest.fixture(scope="module")
def shelf():
    return Shelf(BANK)


@pytest.fixture
def empty(tmp_path):
    for name in ("framework.yml", "scheme.yml"):
        (tmp_path / name).write_bytes((BANK / name).read_bytes())
    (tmp_path / "items").mkdir()
    return Shelf(tmp_path)


# --- there and back ---------------------------------------------------------------------------------------------------

LEFT_BY_GIFT = ("unit", "rubric", "samples", "points")


def read(markdown: str) -> str:
    """What a reader sees: Markdown can write one page in several ways, a list with and without air."""
    return " ".join(re.sub(r"</?p>", " ", render_html(markdown)).split()).replace("> ", ">").replace(" <", "<")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", exchange.FORMATS)
def test_the_whole_bank_comes_back_as_it_went(shelf, form, language):
    sent = {one.name: one for item in shelf.items.values() if item.kind != "code" for one in carried(item, language)}

    found = exchange.read(export(shelf.items.values(), form, language).data, "bank", form)

    assert found.problems == ()
    kinds = {one.kind for one in sent.values()} - ({"order"} if form == "gift" else set())
    assert {one.name for one in found.questions} == {name for name, one in sent.items() if one.kind in kinds}
    for back in found.questions:
        for name in vars(back):
            before, after = getattr(sent[back.name], name), getattr(back, name)
            if name in ("stem", "reason"):
                before, after = read(before), read(after)
            if name == "samples":
                before, after = ([(points, read(text)) for points, text in side] for side in (before, after))
            if name != "line" and not (form == "gift" and name in LEFT_BY_GIFT):
                assert after == before, (back.name, name)


@pytest.mark.parametrize("form", exchange.FORMATS)
def test_the_same_bank_gives_the_same_bytes(shelf, form):
    items = list(shelf.items.values())[:8]

    assert export(items, form, "zh").data == export(items, form, "zh").data


@pytest.mark.parametrize("form", ["qti", "moodle"])
def test_an_exported_bank_becomes_drafts_of_another_bank(shelf, empty, form):
    chosen = [shelf.items[name] for name in sorted(shelf.items)[:12]]
    files = {key: (f"bank-{key}", export(chosen, form, key).data) for key in ("en", "zh")}

    taken = take_in(empty, files, form=None, statement="", by="ann")

    assert taken.problems == ()
    back = Shelf(empty.folder).bank
    assert back.problems == ()
    assert set(back.items) == set(taken.written)
    assert {item.status for item in back.items.values()} == {"draft"}
    for item in chosen:
        if not item.variants:
            again = back.items[item.id].body["question"]
            assert (again.key, again.options) == (item.body["question"].key, item.body["question"].options)
            assert (back.items[item.id].statement, back.items[item.id].difficulty) == (item.statement, item.difficulty)


def test_each_item_says_what_a_format_cannot_carry(shelf):
    by_kind = {item.kind: item for item in shelf.items.values()}

    left = export(by_kind.values(), "gift", "en").left

    assert "left out: GIFT has no questions of order" in left[by_kind["order"].id]
    assert "the rubric; it is lost" in left[by_kind["text"].id]
    assert any("with fixed numbers instead" in said for said in left[by_kind["number"].id])
    assert left.pop(by_kind["code"].id) == ("the question: no such format carries tests of code",)
    assert all(any("status, history" in said for said in one) for one in left.values())


# --- published forms of the formats -----------------------------------------------------------------------------------


def test_gift_as_moodles_manual_writes_it_is_read():
    # Kinds of question as docs.moodle.org/en/GIFT_format describes them, in our words.
    text = (
        "// a comment\n$CATEGORY: floor\n\n"
        "::Load:: How many erlangs are 90 calls of 240 s in 30 minutes? {#12:0.5}\n\n"
        "::Range:: Name the load. {#11.5..12.5}\n\n"
        "::Colour:: Which is right? {\n=the first#well done\n~the second#look again\n~the third\n####All in all.\n}\n\n"
        "::Two:: Choose two. {~%50%one~%50%two~%-50%three}\n\n"
        "::Pairs:: Match. {\n=load -> erlang\n=wait -> second\n=share -> percent\n}\n\n"
        "::Essay:: Say why \\{braces\\} matter. {}\n\n"
        "::Yes:: It is so. {T}\n\n"
        "::Word:: The unit of load is the {=erlang} of Denmark.\n"
    )

    found = exchange.read(text.encode(), "a.gift", "gift")

    by_name = {one.name: one for one in found.questions}
    assert (by_name["Load"].key, by_name["Load"].tolerance) == (12, 0.5)
    assert (by_name["Range"].key, by_name["Range"].tolerance) == (12, 0.5)
    assert [(one.text, one.right, one.reason) for one in by_name["Colour"].choices] == [
        ("the first", True, "well done"),
        ("the second", False, "look again"),
        ("the third", False, ""),
    ]
    assert by_name["Colour"].reason == "All in all."
    assert (by_name["Two"].kind, [one.right for one in by_name["Two"].choices]) == ("multi", [True, True, False])
    assert by_name["Pairs"].pairs == (("load", "erlang"), ("wait", "second"), ("share", "percent"))
    assert (by_name["Essay"].kind, by_name["Essay"].stem) == ("text", "Say why {braces} matter.")
    assert [(problem.where, problem.sentence[:30]) for problem in found.problems] == [
        ("a.gift:25", "a true/false question has no p"),
        ("a.gift:27", "a question with a typed word a"),
    ]


def test_moodle_xml_with_html_becomes_markdown():
    text = """<?xml version="1.0"?>
<quiz><question type="multichoice"><name><text>Rule</text></name>
<questiontext format="html">
<text><![CDATA[<p>Which <b>rule</b> holds?</p><ul><li>one</li><li>two</li></ul>]]></text></questiontext>
<single>true</single>
<answer fraction="100"><text>&lt;p&gt;80 % in 20 s&lt;/p&gt;</text><feedback><text>yes</text></feedback></answer>
<answer fraction="0"><text>all of them</text><feedback><text></text></feedback></answer></question>
<question type="cloze"><name><text>Gap</text></name>
<questiontext><text>{1:SA:=x}</text></questiontext></question></quiz>"""

    found = exchange.read(text.encode(), "m.xml")

    [one] = found.questions
    assert one.stem == "Which **rule** holds?\n\n- one\n- two"
    assert [(choice.text, choice.right) for choice in one.choices] == [("80 % in 20 s", True), ("all of them", False)]
    assert [str(problem)[:43] for problem in found.problems] == ["m.xml:8: a question of type 'cloze' has no "]


def test_qti_has_the_shape_of_the_specification(shelf):
    # Elements and attributes that QTI 3.0 (final, 2022) asks of an item and of a package.
    chosen = [item for item in shelf.items.values() if item.kind == "choice"][:1]

    with zipfile.ZipFile(io.BytesIO(export(chosen, "qti", "zh").data)) as package:
        manifest = tree(package.read("imsmanifest.xml"), "manifest")
        [path] = [name for name in package.namelist() if name != "imsmanifest.xml"]
        item = tree(package.read(path), path)

    assert [one.text for one in manifest.below("schemaversion")] == ["3.0.0"]
    [resource] = manifest.below("resource")
    assert (resource.attributes["type"], resource.attributes["href"]) == ("imsqti_item_xmlv3p0", path)
    assert {"identifier", "title", "adaptive", "time-dependent", "lang"} <= set(item.attributes)
    assert item.attributes["lang"] == "zh-CN"
    # The schema has them in this order.
    order = [child.tag for child in item.content if not isinstance(child, str)]
    assert order == [
        "qti-response-declaration",
        *["qti-outcome-declaration"] * 2,
        "qti-item-body",
        "qti-response-processing",
    ]
    [place] = item.below("qti-choice-interaction")
    key = next(item.below("qti-correct-response")).text
    assert key in [one.attributes["identifier"] for one in place.all("qti-simple-choice")]
    assert place.attributes["max-choices"] == "1"


# --- strangers' files -------------------------------------------------------------------------------------------------

BOMB = '<?xml version="1.0"?>\n<!DOCTYPE q [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<quiz>&b;</quiz>'
OUTSIDE = '<?xml version="1.0"?>\n<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<quiz>&a;</quiz>'
REFUSED = [
    (BOMB.encode(), r"x:2: a document type .* refused"),
    (OUTSIDE.encode(), r"x:2: a document type .* refused"),
    (b"<quiz>\n<question>\n</quiz>", r"x:3: the file is not well-formed XML: mismatched tag at column"),
    (
        '<?xml version="1.0" encoding="GBK"?><quiz/>'.encode("gbk"),
        r"x:1: the file must be UTF-8, it says encoding 'GBK'",
    ),
    ("<quiz>\n话务量</quiz>".encode("gbk"), r"x:2: the file must be UTF-8 text, this line is not"),
    (b"<quiz>" + b"<a>" * 5000, r"x:1: elements stand more than 100 deep"),
    (b"<rss/>", r"x:1: a Moodle XML file has <quiz> outermost, this one has <rss>"),
    (b"", r"the file is empty"),
    (b"PK\x03\x04 no zip at all", r"x:1: the package cannot be opened"),
]


@pytest.mark.parametrize(("data", "words"), REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(data, words):
    with pytest.raises(InputError) as error:
        exchange.read(data, "x")

    assert re.search(words, str(error.value)), str(error.value)


def test_a_package_without_a_manifest_and_one_that_would_fill_the_memory_are_refused():
    def package(files):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in files.items():
                made.writestr(name, content)
        return data.getvalue()

    with pytest.raises(InputError, match=r"holds an imsmanifest\.xml"):
        exchange.read(package({"a.xml": "<a/>"}), "p.zip")
    with pytest.raises(InputError, match="of 50 MB in all"):
        exchange.read(package({"imsmanifest.xml": "<manifest/>", "a.xml": " " * 60_000_000}), "p.zip")


def test_one_broken_item_of_a_package_stops_no_other(shelf):
    chosen = list(shelf.items.values())[:2]
    sent = export(chosen, "qti", "en").data
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sent)) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if name == f"items/{chosen[0].id}.xml" else old.read(name))

    found = exchange.read(data.getvalue(), "p.zip")

    assert len(found.problems) == 1 and found.problems[0].where.startswith(f"p.zip/items/{chosen[0].id}.xml:1")
    assert [one.name for one in found.questions] == [one.name for one in carried(chosen[1], "en")]


GIFT = "::{name}:: Which one? {{\n=first\n~second\n~third\n}}\n"
NOT_TAKEN = [
    ({"en": GIFT.format(name="a")}, "", "names no statement; say with --statement"),
    ({"en": GIFT.format(name="a")}, "FC-9.9", "which framework.yml does not have"),
    ({"en": GIFT.format(name="a"), "zh": "::a:: 多少？ {#3}\n"}, "FC-2.1", "is of one kind in en and of another in zh"),
    ({"en": "::a:: How many? {#4}\n", "zh": "::a:: 多少？ {#3}\n"}, "FC-2.1", "has one key in en and another in zh"),
    ({"en": GIFT.format(name="a") + "\n" + GIFT.format(name="a")}, "FC-2.1", "stands here a second time"),
    ({"en": GIFT.format(name="a")}, "FC-2.1", "the text in zh is missing"),
]


@pytest.mark.parametrize(("texts", "statement", "words"), NOT_TAKEN)
def test_a_question_that_cannot_be_taken_is_named(empty, texts, statement, words):
    files = {language: (f"q-{language}.gift", text.encode()) for language, text in texts.items()}

    taken = take_in(empty, files, form="gift", statement=statement, by="ann")

    assert any(words in problem.sentence for problem in taken.problems), taken.problems


def test_an_item_of_the_bank_is_never_overwritten(empty):
    files = {"en": ("q.gift", GIFT.format(name="a").encode()), "zh": ("z.gift", GIFT.format(name="a").encode())}
    take_in(empty, files, form="gift", statement="FC-2.1", by="ann")

    again = take_in(empty, files, form="gift", statement="FC-2.1", by="ann")

    assert again.written == ()
    assert "the bank has an item FC-2.1-a" in again.problems[0].sentence


def test_text_that_would_begin_a_cell_or_a_header_stays_text(empty):
    stem = 'Which one?\\n\\n+++ {"lang"\\: "zh"}\\n\\n---\\n'
    data = f"::a:: {stem.replace('{', chr(92) + '{').replace('}', chr(92) + '}')} {{\n=x\n~y\n~z\n}}\n".encode()

    taken = take_in(empty, {"en": ("q", data), "zh": ("z", data)}, form="gift", statement="FC-2.1", by="ann")

    assert taken.problems == ()
    assert '+++ {"lang": "zh"}' in Shelf(empty.folder).items["FC-2.1-a"].body["question"].stem.en.replace("\\+", "+")


def test_html_that_the_exam_page_does_not_show_is_named():
    text, lost = markdown(
        '<p>Look <img src="x.png" alt="at this"/><script>alert(1)</script></p><table><tr><th>a</th></tr></table>'
    )

    assert text == "Look at this\n\n| a |\n|---|"
    assert lost == ("img", "script")


DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


def test_a_picture_inside_the_text_comes_along():
    text, lost = markdown(f'<p>Look <img src="{DOT}" alt="a dot"/></p>')

    assert text == f"Look ![a dot]({DOT})"
    assert lost == ()


FOREIGN = {
    "qti": '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="a"><qti-item-body>'
    '<p>Look <img src="x.png" alt="here"/></p><qti-extended-text-interaction response-identifier="R"/></qti-item-body>'
    "</qti-assessment-item>",
    "moodle": '<quiz><question type="essay"><name><text>a</text></name><questiontext format="html"><text>'
    "<![CDATA[<p>Look <img src='x.png' alt='here'></p>]]></text></questiontext></question></quiz>",
    "gift": r"::a::[html]<p>Look <img src\='x.png' alt\='here'></p> {}",
}


@pytest.mark.parametrize("form", exchange.FORMATS)
def test_a_picture_that_stays_behind_is_said(form):
    found = exchange.read(FOREIGN[form].encode(), "quiz", form)

    assert [one.stem for one in found.questions] == ["Look here"]
    assert [(problem.where.rpartition("/")[2], problem.sentence) for problem in found.problems] == [
        ("quiz:1", "a came in without <img>: an item cannot show it; say it in words")
    ]
