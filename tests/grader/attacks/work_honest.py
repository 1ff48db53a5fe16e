"""Honest work: right, wrong, half right, noisy, slow. It must get the marks that it has earned."""

from __future__ import annotations

from tests.grader.attacks.case import NOTHING, Case, Work, but, honest


def nothing_done(work: Work) -> None:
    """As released."""


def cells_of_ones_own(work: Work) -> None:
    work.write(**{key: text for key, text in honest_texts.items()})
    work.add(
        """
        print(calls.describe())
        calls.head()
        """,
        "look",
        at=5,
    )
    work.add("%timeit -n1 -r1 sum(range(10))", "magic", at=6)
    work.add("", "empty", at=7)


honest_texts = {
    "table": "calls = pd.read_csv('data/calls.csv', parse_dates=['day'])\n"
    "calls = calls.assign(load=lambda found: found.calls * found.aht_s / 1800)",
    "mean": "mean_calls = np.mean(calls['calls'])",
    "erlangs": "class Erlangs:\n    def __call__(self, calls, aht_s):\n        return calls * aht_s / 1800\n\n\n"
    "erlangs = Erlangs().__call__",
    "growth": "growth = pd.Series([1.02, 1.05, 0.97])",
    "peaks": "from collections import Counter\npeaks = dict(Counter({'09': 41, '10': 44, '11': 43, '12': 40}))",
    "chart": "ax = calls.plot.bar(x='day', y='calls')\nplt.show()\nshares = calls['calls'] / calls['calls'].sum()",
}

CASES: dict[str, Case] = {
    "right": honest("everything right"),
    "right-other-ways": Case("the same by other ways, with cells of one's own", cells_of_ones_own, but()),
    "nothing-done": Case("nothing was done", nothing_done, NOTHING),
    "half-right": honest(
        "a wrong mean, half of the peaks, a chart without shares",
        {**but("t-mean", "t-chart"), "t-peaks": 2.0},
        mean="mean_calls = 271.0",
        peaks="peaks = {'09': 41, '10': 45, '11': 43}",
        chart="""
        plt.plot([1, 2])
        plt.show()
        """,
    ),
    "wrong-column": honest(
        "a table whose column is wrong",
        but("t-table"),
        table="""
        calls = pd.read_csv('data/calls.csv', parse_dates=['day'])
        calls['load'] = calls['calls'] * calls['aht_s'] / 3600
        """,
    ),
    "loud": honest(
        "warnings and prints on stderr",
        erlangs="""
        import sys, warnings


        def erlangs(calls, aht_s):
            warnings.warn('slow')
            print('here', file=sys.stderr)
            return calls * aht_s / 1800
        """,
    ),
    "slow": honest(
        "slow, but within the limit",
        mean="""
        import time
        time.sleep(0.5)
        mean_calls = calls['calls'].mean()
        """,
    ),
    "error-in-one-cell": honest(
        "one cell ends with an error",
        but("t-growth"),
        growth="""
            1 / 0
            growth = np.array([1.02, 1.05, 0.97])
            """,
    ),
    "no-python": honest("one cell is no Python", but("t-growth"), growth="growth = = 1"),
    "chinese-names": honest(
        "names and texts in Chinese",
        growth="""
        增长 = np.array([1.02, 1.05, 0.97])
        print('增长率：', 增长)
        growth = 增长
        """,
    ),
    "look-alike-name": honest(
        "a name that Python reads as the same letters", growth="ｇrowth = np.array([1.02, 1.05, 0.97])"
    ),
    "threads": honest(
        "a pool of threads",
        peaks="""
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(2) as pool:
            peaks = dict(pool.map(lambda pair: pair, [('09', 41), ('10', 44), ('11', 43), ('12', 40)]))
        """,
    ),
    "temporary-files": honest(
        "files of one's own on the way",
        mean="""
        calls.to_csv('/tmp/mine.csv', index=False)
        open('notes.txt', 'w').write('x')
        mean_calls = float(pd.read_csv('/tmp/mine.csv')['calls'].mean())
        """,
    ),
}
