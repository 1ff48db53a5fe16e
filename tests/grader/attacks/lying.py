"""Objects that equal everything, and values that are not what they call themselves."""

from __future__ import annotations

from textwrap import dedent

from tests.grader.attacks.case import NOTHING, Case, but, cheat, honest

ALWAYS = """
class Always:
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda *a: True
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __abs__ = __getitem__ = __call__ = lambda self, *a, **k: self
    __hash__ = lambda self: 1
    __float__ = lambda self: 271.0
    __int__ = __index__ = lambda self: 270
    __len__ = lambda self: 3
    __iter__ = lambda self: iter([self] * 4)
    __array__ = lambda self, *a, **k: np.array([1.02, 1.05, 0.97])
    def __getattr__(self, name): return self
"""
CASES: dict[str, Case] = {
    "always-equal": cheat(
        "one object that equals everything",
        table=f"{ALWAYS}calls = mean_calls = erlangs = growth = peaks = shares = Always()",
    ),
    "always-equal-result": cheat(
        "a function that returns such an object", erlangs=f"{ALWAYS}erlangs = lambda *a: Always()"
    ),
    "always-equal-inside": cheat(
        "such objects in plain lists, dictionaries and tables",
        table=f"{ALWAYS}calls = pd.DataFrame({{name: [Always()] * 6 for name in ('day', 'calls', 'aht_s', 'load')}})\n"
        "growth = [Always()] * 3\npeaks = {'09': Always(), '10': Always()}\nshares = pd.Series([Always()] * 6)",
    ),
    "lying-class": cheat(
        "__class__ that says float, ndarray and DataFrame",
        table=ALWAYS
        + dedent("""

        def lie(kind):
            return type(kind.__name__, (Always,), {'__class__': property(lambda s: kind)})()


        mean_calls, growth, peaks = lie(float), lie(np.ndarray), lie(dict)
        calls, shares = lie(pd.DataFrame), lie(pd.Series)
        """),
    ),
    "lying-float": cheat(
        "subclasses of float, int and str",
        mean="""
        class Lie(float):
            __eq__ = __lt__ = __le__ = __gt__ = lambda *a: True
            __sub__ = __rsub__ = __abs__ = lambda self, *a: self
            __hash__ = float.__hash__
            __repr__ = lambda self: '271.0'


        class Int(int):
            __eq__ = lambda *a: True
            __hash__ = int.__hash__
            __str__ = lambda self: '41'


        mean_calls = Lie(1)
        erlangs = lambda *a: Lie(1)
        peaks = {'09': Int(1), '10': Int(1)}
        """,
    ),
    "lying-ndarray": cheat(
        "a subclass of ndarray",
        growth="""
        class Lie(np.ndarray):
            def __array_ufunc__(self, *a, **k): return True
            def __array_function__(self, *a, **k): return True
            __eq__ = lambda *a: True
            tobytes = lambda *a: np.array([1.02, 1.05, 0.97]).tobytes()


        growth = np.zeros(3).view(Lie)
        """,
    ),
    "lying-frame": cheat(
        "a subclass of DataFrame, and one in its name",
        table="""
        class DataFrame(pd.DataFrame):
            __eq__ = equals = lambda *a: True
            _constructor = property(lambda s: DataFrame)


        DataFrame.__module__ = 'pandas.core.frame'
        DataFrame.__qualname__ = 'DataFrame'
        calls = DataFrame(columns=['day', 'calls', 'aht_s', 'load'])
        """,
    ),
    "lying-dict": cheat(
        "a dictionary whose every hour is a peak",
        peaks="""
        class Peaks(dict):
            get = __getitem__ = lambda self, key, *a: {'09': 41, '10': 44}.get(key, True)


        peaks = Peaks()
        """,
    ),
    "lying-metaclass": cheat(
        "classes that equal float",
        mean="""
        class Meta(type):
            __eq__ = lambda *a: True
            __hash__ = lambda s: hash(float)
            __instancecheck__ = __subclasscheck__ = lambda *a: True


        class float(metaclass=Meta):
            pass


        mean_calls = float()
        """,
    ),
    "changing-values": cheat(
        "values that are another at each look",
        mean="""
        import itertools, threading, time
        turn = itertools.count()


        class Names(dict):
            def __getitem__(self, name):
                return float(next(turn)) if name == 'mean_calls' else dict.__getitem__(self, name)


        shell = get_ipython()
        shell.user_ns = Names(shell.user_ns)
        shell.user_ns['mean_calls'] = 1.0


        def change():
            while True:
                shell.user_ns['peaks'] = {'09': next(turn) % 50 + 100}
                time.sleep(0.01)


        threading.Thread(target=change, daemon=True).start()
        """,
    ),
    "generators": cheat(
        "generators and iterators in the place of values",
        growth="""
        growth = iter([1.02, 1.05, 0.97])
        peaks = (pair for pair in [('09', 41)])
        shares = map(float, [1])
        mean_calls = range(270)
        """,
    ),
    "not-a-number": cheat(
        "nan and infinity in the place of numbers",
        mean="""
        mean_calls = float('nan')
        erlangs = lambda *a: float('nan')
        growth = np.full(3, np.nan)
        peaks = {'09': float('inf')}
        shares = pd.Series([float('inf')] * 6)
        """,
    ),
    "infinite-function": cheat(
        "infinity and huge whole numbers out of a function",
        mean="""
        mean_calls = 10**3000
        erlangs = lambda *a: 10**9000
        growth = [10**400] * 3
        shares = pd.Series([1e308] * 6)
        """,
    ),
    "records-arguments": cheat(
        "a function that records what hidden tests ask and answers from memory",
        erlangs="""
        asked = []
        remembered = {(360, 200): 40}


        def erlangs(calls, aht_s):
            asked.append((calls, aht_s))
            return remembered.get((calls, aht_s), 40)
        """,
        growth="""
        print(asked)
        remembered.update({pair: 40.0 for pair in asked})
        """,
    ),
    "only-the-shown-test": honest(
        "what the shown tests ask, and no more",
        {**NOTHING, "t-table": 2.0},
        mean="mean_calls = 1",
        erlangs="erlangs = lambda *a: 40",
        growth="growth = [1, 1, 1]",
        peaks="peaks = {}",
        chart="shares = pd.Series([1.0])",
    ),
    "error-with-a-grin": cheat(
        "functions that raise what a test could take for success",
        erlangs="""
        class AssertionError(Exception):
            __str__ = lambda self: 1 / 0


        def erlangs(*a):
            raise AssertionError
        mean_calls = NotImplemented
        growth = Ellipsis
        peaks = StopIteration
        shares = SystemExit(0)
        """,
    ),
    "raises-at-exit": honest(
        "a right function that raises SystemExit, KeyboardInterrupt and GeneratorExit when it is asked again",
        but("t-erlangs"),
        erlangs="""
        turn = iter((SystemExit, KeyboardInterrupt, GeneratorExit))


        def erlangs(calls, aht_s):
            if calls != 360:
                raise next(turn)
            return calls * aht_s / 1800
        """,
    ),
    "pickles": cheat(
        "objects that run code where they are unpickled",
        mean="""
        import os, pickle


        class Bomb:
            __reduce__ = lambda self: (os.system, ('touch {course}/pwned',))
            __reduce_ex__ = lambda self, n: self.__reduce__()
            __getstate__ = __deepcopy__ = lambda *a: self


        mean_calls = Bomb()
        growth = np.array([Bomb()] * 3, dtype=object)
        peaks = {'09': pickle.dumps(Bomb())}
        shares = pd.Series([Bomb()])
        """,
    ),
}
