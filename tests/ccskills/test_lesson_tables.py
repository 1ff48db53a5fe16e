"""How charts and tables of a lesson are shown: a chart for ears too, words flush left, figures as people read them."""

from __future__ import annotations

import re

import pandas as pd

from tests.ccskills.lesson_notebook import Notebook, fixtures, shown

folder, notebook = fixtures()


def test_a_chart_carries_its_sentence_for_people_who_do_not_see_it(notebook: Notebook) -> None:
    notebook.open()
    figure = shown(notebook, "from ccskills import reporting\nreporting.staffing_chart(load=13.33, aht_s=240)")

    data, _ = notebook.shell.display_formatter.format(figure)

    assert re.search(r'<img alt="Service level by number of agents: 17 agents reach 81.1', data["text/html"])


def test_a_lesson_brings_the_look_of_its_outputs_and_says_nothing_by_it(notebook: Notebook) -> None:
    said = notebook.open()

    (look,) = notebook.said
    assert said == "" and "<style" in look["text/html"] and "word-break: normal" in look["text/html"]


def test_dates_and_times_of_a_table_stay_on_one_line(notebook: Notebook) -> None:
    notebook.open()
    code = """import pandas as pd
pd.DataFrame({"day": pd.to_datetime(["2026-08-31"]), "at": ["2026-08-31 09:30"], "parts": ["1-2-3"]})"""
    frame = shown(notebook, code)

    data, _ = notebook.shell.display_formatter.format(frame)

    kept = re.findall(r'<span style="white-space:nowrap">(.+?)</span>', data["text/html"])
    assert kept == ["2026-08-31", "2026-08-31 09:30"] and "<td>1-2-3</td>" in data["text/html"]


def test_words_of_a_table_stand_flush_left_and_figures_flush_right(notebook: Notebook) -> None:
    notebook.open()
    code = """import pandas as pd
rows = pd.MultiIndex.from_tuples([("合肥", "A1"), ("合肥", "A2")], names=["site", "agent"])
pd.DataFrame({"n": [12, 9], "cause": ["系统慢", "转接多"], "share": ["12.3%", "4 min"], "wait": ["no", "3 s"]}, rows)"""
    frame = shown(notebook, code)

    data, _ = notebook.shell.display_formatter.format(frame)

    left = re.findall(r'<t[dh] style="text-align: left">(.*?)</t[dh]>', data["text/html"])
    assert left == ["cause", "", "系统慢", "转接多"]


def test_large_figures_have_their_thousands_marked_and_names_have_not(notebook: Notebook) -> None:
    notebook.open()
    code = """import pandas as pd
calls = pd.array([None, 7, 1200], "Int64")
figures = {"cost": [1687000.5, -5321.25, float("nan")], "call_id": [101814, 101815, 101816], "year": [2025, 2026, 2027]}
pd.DataFrame({**figures, "calls": calls, "paid": [9, 1107090, -10000]})"""
    frame = shown(notebook, code)

    data, _ = notebook.shell.display_formatter.format(frame)

    rows = re.findall(r"<tr>\s*<th>\d</th>(.*?)</tr>", data["text/html"], re.S)
    assert [re.findall(r"<td>(.*?)</td>", row) for row in rows] == [
        ["1,687,000.50", "101814", "2025", "&lt;NA&gt;", "9"],
        ["-5,321.25", "101815", "2026", "7", "1,107,090"],
        ["NaN", "101816", "2027", "1,200", "-10,000"],
    ]


def test_figures_of_four_digits_alone_are_left_as_they_are(notebook: Notebook) -> None:
    notebook.open()
    frame = shown(notebook, "import pandas as pd\npd.DataFrame({'calls': [1200, 9999]})")

    data, _ = notebook.shell.display_formatter.format(frame)

    assert re.findall(r"<td>(.*?)</td>", data["text/html"]) == ["1200", "9999"]


def test_a_chinese_heading_stands_above_the_name_that_is_typed(notebook: Notebook) -> None:
    notebook.open()
    code = """import pandas as pd
causes = pd.Index(["休假leave"], name="原因cause")
pd.DataFrame({"话务量load": [1.5], "来电量": [2], "占比（%）share_pct": [3], "限值%limit_pct": [4]}, causes)"""
    frame = shown(notebook, code)

    data, _ = notebook.shell.display_formatter.format(frame)

    heads = re.findall(r"<th[^>]*>(.+?)</th>", data["text/html"])
    assert heads == [
        "话务量<br>load",
        "来电量",
        "占比（%）<br>share_pct",
        "限值%<br>limit_pct",
        "原因<br>cause",
        "休假leave",
    ]


def test_a_table_with_columns_left_out_stays_as_pandas_sets_it(notebook: Notebook) -> None:
    notebook.open()
    frame = shown(notebook, "import pandas as pd\npd.DataFrame({f'c{n}': ['word'] for n in range(60)})")

    with pd.option_context("display.max_columns", 20):
        data, _ = notebook.shell.display_formatter.format(frame)

    assert "..." in data["text/html"] and "text-align: left" not in data["text/html"].partition("<table")[2]


def test_a_table_that_pandas_writes_as_text_stays_text(notebook: Notebook) -> None:
    notebook.open()
    notebook.run("import pandas as pd\npd.set_option('display.notebook_repr_html', False)")
    try:
        data, _ = notebook.shell.display_formatter.format(shown(notebook, "pd.DataFrame({'a': [1]})"))
    finally:
        notebook.run("pd.reset_option('display.notebook_repr_html')")

    assert "text/html" not in data and "a" in data["text/plain"]
