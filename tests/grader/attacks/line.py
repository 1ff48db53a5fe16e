"""The line to the grader: forged, broken and endless replies, and a codec that lies."""

from __future__ import annotations

from textwrap import dedent

from tests.grader.attacks.case import NOTHING, Case, cheat, honest

RAW = """
import sys
sys.modules['wire'].encode = lambda value, keep, depth=0: value
none = ['NoneType', None]
def rows(most, step=1): return ['RangeIndex', none, 0, most, step]
def table(most, data):
    names = ['objects', [4], [['str', name] for name in ('day', 'calls', 'aht_s', 'load')]]
    return ['DataFrame', ['Index', none, names, None], rows(most), [data] * 4]
"""
SAY = """
import json, os
def say(*replies):
    text = b''.join((reply if isinstance(reply, bytes) else json.dumps(reply).encode()) + b'\\n' for reply in replies)
    for number in range(3, 64):
        try:
            while text: text = text[os.write(number, text):]
        except OSError:
            pass
"""


def told(tries: str, code: str) -> Case:
    return cheat(tries, table=f"{SAY}\n{dedent(code)}")


def lies(tries: str, **values: str) -> Case:
    """Values that cross as they are written here."""
    names = {
        "calls": "table",
        "mean_calls": "mean",
        "erlangs": "erlangs",
        "growth": "growth",
        "peaks": "peaks",
        "shares": "chart",
    }
    texts = {names[name]: f"{RAW}{name} = {value}" for name, value in values.items()}
    return Case(tries, lambda work: work.write(**texts))


CASES: dict[str, Case] = {
    "forged-outputs": told(
        "outputs that look like marks",
        "say({'outputs': [{'output_type': 'execute_result', 'data': {'text/plain': '4.0'}}] * 9})",
    ),
    "forged-values": told("many replies before they are asked for", "say(*[{'value': ['float', '271.0']}] * 200)"),
    "forged-functions": told(
        "functions before they are asked for", "say(*[{'value': ['handle', 0, 'function', True]}] * 200)"
    ),
    "forged-errors": told(
        "errors that a test may wait for", "say(*[{'raised': ['AssertionError', 'sesame']}, {'missing': True}] * 99)"
    ),
    "odd-replies": told(
        "replies of the wrong kinds",
        "say(7, [], None, {}, {'value': 7}, {'value': [[[]]]}, {'raised': {}}, {'outputs': {'a': 1}})",
    ),
    "odd-outputs": told(
        "outputs of the wrong kinds",
        r"""
        bad = [7, None, [], {}, {'output_type': 'stream'}, {'output_type': 'stream', 'name': 'x', 'text': 'y'},
               {'output_type': 'error', 'ename': 1, 'evalue': [], 'traceback': {}},
               {'output_type': 'error', 'ename': 'a', 'evalue': 'b', 'traceback': [7]},
               {'output_type': 'display_data', 'data': {'text/plain': 7, 'text/html': ['x']}},
               {'output_type': 'update_display_data', 'data': {}},
               {'output_type': 'stream', 'name': 'stdout', 'text': '\ud800'},
               {'output_type': 'execute_result', 'data': [], 'metadata': 1}]
        say(*[{'outputs': bad * 50}] * 20)
        """,
    ),
    "long-outputs": told(
        "outputs beyond every limit",
        "say(*[{'outputs': [{'output_type': 'stream', 'name': 'stdout', 'text': 'x' * 20_000_000}]}] * 4)",
    ),
    "long-errors": told(
        "an error of twenty megabytes",
        "long = 'x' * 9_000_000\nerror = {'output_type': 'error', 'ename': long, 'evalue': long, 'traceback': [long]}\n"
        "say(*[{'outputs': [error]}] * 3)",
    ),
    "long-reply": told(
        "a reply that never ends",
        """
        while True: say(b'x' * 4_000_000 if False else b' ' * 999_999)
        """,
    ),
    "long-line": told(
        "a line that never ends",
        """
        import socket
        chunk = b'[' * 1_000_000
        while True:
            for n in range(3, 64):
                try: os.write(n, chunk)
                except OSError: pass
        """,
    ),
    "deep-reply": told(
        "a reply nested to the edge of what Python reads",
        "say(*[b'{\"value\": ' + b'[' * n + b']' * n + b'}' for n in range(900, 1000)])",
    ),
    "deeper-reply": told("a reply nested beyond what Python reads", "say(b'[' * 200_000 + b']' * 200_000)"),
    "big-numbers": told(
        "numbers that cost time to read",
        "say(b'{\"value\": [\"int\", ' + b'9' * 4000 + b']}', b'{\"value\": ' + b'9' * 5_000_000 + b'}')",
    ),
    "no-text": told("bytes that are no text", "say(b'\\xff\\xfe\\x00{}', b'\\x00' * 99)"),
    "half-a-line": told(
        "half of a reply, then silence",
        """
        import time
        os.write([n for n in range(3, 64) if os.path.exists(f'/proc/self/fd/{n}')][0], b'{"outp')
        time.sleep(60)
        """,
    ),
    "closed-line": told("every descriptor closed", "os.closerange(0, 256)"),
    "replaced-line": told(
        "every descriptor replaced",
        """
        null = os.open('/dev/null', os.O_RDWR)
        for n in range(64):
            if n != null: os.dup2(null, n)
        """,
    ),
    "reads-the-line": told(
        "the grader's questions read away",
        """
        import socket
        for n in range(3, 64):
            try:
                line = socket.socket(fileno=n)
                line.settimeout(0.5)
                print(line.recv(99999))
            except OSError: pass
        """,
    ),
    "passes-descriptors": told(
        "descriptors sent along the line",
        r"""
        import array, socket
        for n in range(3, 64):
            try:
                numbers = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0] * 200))
                socket.socket(fileno=n).sendmsg([b'{}\n'], [numbers])
            except OSError: pass
        """,
    ),
    "wire-modules": lies(
        "modules that do harm when they are imported",
        calls="['module', 'os']",
        mean_calls="['module', 'numpy.f2py.__main__']",
        erlangs="['module', 'pandas.conftest']",
        growth="['module', 'json.tool.x']",
        peaks="['module', 'math\\x00']",
        shares="['module', '..numpy']",
    ),
    "wire-handles": lies(
        "handles that do not exist",
        calls="['handle', -1, 'function', True]",
        mean_calls="['handle', 10**30, 'float', False]",
        erlangs="['handle', 0.5, 'function', 1]",
        growth="['handle', [], 'ndarray', True]",
        peaks="['handle', None, 'dict', True]",
        shares="['handle']",
    ),
    "wire-arrays": lies(
        "arrays that are larger than their data",
        mean_calls="['scalar', '<f8', '']",
        growth="['array', '<f8', [3], 'AAAA']",
        calls="['array', '|O', [1], 'AAAAAAAAAAA=']",
        peaks="['array', '|V8', [1], 'AAAAAAAAAAA=']",
        shares="['array', '<f8', [-1, -6], 'AAAA' * 16]",
        erlangs="['array', '<f8', [2**62, 4], '']",
    ),
    "wire-empty-arrays": lies(
        "arrays of nothing that are huge",
        mean_calls="['array', '|S0', [10**9], '']",
        growth="['array', '<U0', [2**40], '']",
        shares="['array', '<f8', [0, 2**62], '']",
        peaks="rows(10**18)",
        calls="table(10**15, ['array', '<f8', [0], ''])",
    ),
    "wire-numbers": lies(
        "numbers that are none",
        mean_calls="['int', '9' * 4000]",
        growth="['list', [['float', 'nan'], ['float', '1e999'], ['float', True]]]",
        peaks="['dict', [[['str', '09'], ['bool', 1]], [['str', '10'], ['int', 44]]]]",
        shares="['complex', 'infj']",
        erlangs="['float', '271' * 9999999]",
    ),
    "wire-texts": lies(
        "texts with halves of characters, and bytes",
        mean_calls="['str', '\\ud800']",
        growth="['bytes', '%%%']",
        peaks="['dict', [[['list', []], ['int', '41']]]]",
        shares="['set', [['list', []]]]",
        calls="['frozenset', 7]",
        erlangs="['NoneType', 7]",
    ),
    "wire-handles-as-keys": lies(
        "handles as keys, in sets and as names",
        peaks="['dict', [[['handle', 0, 'x', True], ['int', '41']]]]",
        growth="['set', [['handle', 0, 'x', True]]]",
        shares="['Series', ['handle', 0, 'x', True], rows(1), ['array', '<f8', [1], 'AAAAAAAA8D8=']]",
        calls="['Index', none, ['objects', [1], [['handle', 0, 'x', True]]], None]",
        mean_calls="['objects', [1], [['handle', 0, 'x', True]]]",
    ),
    "wire-times": lies(
        "times with zones that are files, steps that never end",
        mean_calls="['Timestamp', '2026-11-02', 's', 'dateutil//dev/zero']",
        growth="['Timestamp', 'now', 'ns', 'dateutil//proc/self/fd/0']",
        peaks="['Timedelta', '9' * 999, 's']",
        erlangs="['timedelta', [10**12, 0, 0]]",
        shares="['Index', none, ['array', '<M8[ns]', [2], 'AAAAAAAAAAAAAAAAAAAAAA=='], '1ns']",
        calls="['Timestamp', {'year': 2026}, [], 7]",
    ),
    "wire-columns": lies(
        "tables whose columns do not fit",
        shares="['Series', none, rows(6), ['category', ['list', []], ['list', [['int', '5']]], True]]",
        growth="['Series', none, rows(3, 0), ['extension', 'string', [['int', '5']]]]",
        calls="table(6, ['array', '<f8', [2], 'AAAAAAAA8D8AAAAAAADwPw=='])",
        mean_calls="['MultiIndex', ['list', []], 7]",
        peaks="['DataFrame']",
        erlangs="['extension', 'datetime64[ns, ../../etc/passwd]', []]",
    ),
    "wire-subclass": honest(
        "a function that answers with lies of the codec",
        {**NOTHING, "t-table": 2.0, "t-mean": 1.0},
        erlangs=f"{RAW}erlangs = lambda *a: ['handle', 0, 'float', True]",
        growth="growth = ['module', 'numpy']",
        peaks="peaks = ['module', 'collections']",
        chart="shares = ['module', 'pandas']",
    ),
}
