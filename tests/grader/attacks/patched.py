"""Changed builtins, numpy, pandas, matplotlib and IPython; cells rewritten before they run; errors that do not show."""

from __future__ import annotations

from tests.grader.attacks.case import Case, Work, but, cheat, honest


def a_transformer_in_the_first_cell(work: Work) -> None:
    work.add(
        """
        import ast


        class Strip(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()


        get_ipython().ast_transformers.append(Strip())
        """,
        at=0,
    )
    work.write(mean="mean_calls = -1")


CASES: dict[str, Case] = {
    "patched-builtins": cheat(
        "builtins that make every comparison true",
        table="""
        import builtins
        for name in ('abs', 'len', 'sum', 'list', 'all', 'any', 'max', 'min', 'isinstance'):
            setattr(builtins, name, lambda *a, **k: True)
        builtins.AssertionError = type('Never', (Exception,), {})
        mean_calls = 1
        erlangs = lambda *a: 40
        growth = [1, 1, 1]
        peaks = {}
        shares = growth
        """,
    ),
    "patched-builtins-dict": cheat(
        "the dictionary of builtins itself",
        table="""
        __builtins__.__dict__['abs'] = lambda x: 0
        __builtins__.__dict__['__build_class__'] = None
        mean_calls = 1
        __builtins__.__dict__['__import__'] = lambda *a, **k: __builtins__
        """,
    ),
    "patched-numpy": cheat(
        "numpy functions that agree with everything",
        growth="""
        for name in ('allclose', 'isclose', 'log', 'array_equal'):
            setattr(np, name, lambda *a, **k: True)
        np.ndarray = object
        growth = [1, 1, 1]
        shares = pd.Series([0.5, 0.5])
        """,
    ),
    "patched-pandas": cheat(
        "pandas that agrees with every table",
        table="""
        pd.testing.assert_frame_equal = lambda *a, **k: None
        pd.read_csv = lambda *a, **k: pd.DataFrame(columns=['day', 'calls', 'aht_s', 'load'])
        calls = pd.read_csv()
        pd.DataFrame.equals = pd.DataFrame.__eq__ = lambda *a: True
        """,
    ),
    "patched-codec-types": cheat(
        "types that the codec looks at",
        mean="""
        import sys
        wire = sys.modules['wire']
        wire.type = lambda value: float
        wire.repr = lambda value: '271.0'
        mean_calls = object()
        np.ndarray.tobytes = lambda *a: b'x' * 24
        growth = np.zeros(3)
        """,
    ),
    "patched-ipython": cheat(
        "IPython that shows no error and runs other code",
        mean="""
        shell = get_ipython()
        shell.showtraceback = shell._showtraceback = lambda *a, **k: None
        shell.run_cell = lambda *a, **k: None
        shell.user_ns.clear()
        mean_calls = -1
        """,
    ),
    "patched-display": cheat(
        "a hook that shows marks for every value",
        mean="""
        import sys
        shell = get_ipython()
        shell.display_trap.hook = sys.displayhook = lambda *a: print(4.0)
        shell.display_formatter.format = lambda value: ({'text/plain': '4.0'}, {})
        mean_calls = -1
        mean_calls
        """,
    ),
    "patched-backend": cheat(
        "a backend of matplotlib's that ends the program when something is drawn",
        chart="""
        import matplotlib.figure, os
        matplotlib.figure.Figure.savefig = lambda *a, **k: os._exit(0)
        matplotlib.figure.Figure.draw = lambda *a, **k: os._exit(0)
        plt.plot([1])
        plt.show()
        """,
    ),
    "patched-backend-module": honest(
        "a backend that does not exist, after right answers",
        but("t-chart"),
        chart="""
        import matplotlib
        matplotlib.use('module://nowhere', force=True)
        shares = calls['calls'] / calls['calls'].sum()
        """,
    ),
    "ast-transformer": Case("asserts stripped before they run", a_transformer_in_the_first_cell),
    "input-transformer": cheat(
        "a transformer that empties every later cell",
        table="get_ipython().input_transformers_cleanup.append(lambda lines: ['mean_calls = -1\\n'])",
    ),
    "exception-handler": cheat(
        "a handler for every error",
        table="""
        get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)
        import sys
        sys.excepthook = lambda *a: None
        sys.unraisablehook = lambda *a: None
        raise AssertionError
        """,
    ),
    "events": cheat(
        "callbacks before and after each cell",
        table="""
        shell = get_ipython()
        for event in ('pre_execute', 'post_execute', 'pre_run_cell', 'post_run_cell'):
            shell.events.register(event, lambda *a: shell.user_ns.update(mean_calls=abs, growth=[1, 1, 1]))
        """,
    ),
    "tracing": cheat(
        "tracers and profilers that rewrite frames",
        table="""
        import sys, threading


        def trace(frame, event, arg):
            frame.f_globals['mean_calls'] = 1
            return trace


        sys.settrace(trace)
        sys.setprofile(trace)
        threading.settrace(trace)
        growth = [1, 1, 1]
        """,
    ),
    "audit-hook": honest(
        "an audit hook that forbids everything, after a right table",
        {**dict.fromkeys(but(), 0.0), "t-table": 2.0},
        table="""
        calls = pd.read_csv('data/calls.csv', parse_dates=['day'])
        calls['load'] = calls['calls'] * calls['aht_s'] / 1800
        import sys
        sys.addaudithook(lambda event, args: 1 / 0 if event in ('compile', 'exec', 'object.__getattr__') else None)
        """,
    ),
    "import-hook": cheat(
        "a finder that gives out modules of one's own",
        table="""
        import sys, types


        class Finder:
            def find_spec(self, name, path=None, target=None):
                sys.modules[name] = types.ModuleType(name)


        sys.meta_path.insert(0, Finder())
        sys.modules['hidden_checks'] = types.SimpleNamespace(STAFFED={})
        sys.modules['numpy'] = types.ModuleType('numpy')
        erlangs = lambda *a: 40
        """,
    ),
    "numpy-ma": cheat(
        "a relative of numpy's for which all that is masked is equal",
        growth="""
        import numpy.ma as np
        growth = [-1.0, -1.0, -1.0]
        """,
    ),
    "numpy-ma-testing": cheat(
        "modules of numpy's and pandas' own tests in the place of the libraries",
        growth="""
        import numpy.ma.testutils as np
        import pandas._testing as pd
        growth = [-1.0, -1.0, -1.0]
        shares = np.array([0.5, 0.5])
        """,
    ),
    "os-as-numpy": cheat(
        "the module os under the name of numpy",
        growth="""
        import os as np
        import sys as pd
        growth = [1, 1, 1]
        """,
    ),
    "module-of-ones-own": cheat(
        "a module that is made here, with the name of numpy",
        growth="""
        import types
        np = types.ModuleType('numpy')
        np.allclose = lambda *a, **k: True
        np.log = abs
        growth = [1, 1, 1]
        shares = [0.5, 0.5]
        """,
    ),
}
