"""Programs that end themselves, do not end, or fill what they are given."""

from __future__ import annotations

from tests.grader.attacks.case import FULL, NOTHING, Case, Work, but, cheat, honest

UNTIL_MEAN = {**NOTHING, "t-table": 2.0, "t-mean": 1.0}


def many_cells_with_pictures(work: Work) -> None:
    for number in range(16):
        work.add(
            """
            from IPython.display import display
            import os
            display({'image/png': __import__('base64').b64encode(os.urandom(2_100_000)).decode()}, raw=True)
            """,
            f"picture-{number}",
        )


CASES: dict[str, Case] = {
    "sys-exit": honest(
        "sys.exit, quit and exit, after right answers",
        UNTIL_MEAN,
        erlangs="""
        import sys
        sys.exit(0)
        """,
        growth="quit()",
        peaks="exit()",
        chart="raise SystemExit(4.0)",
    ),
    "os-exit": honest(
        "os._exit, after right answers",
        UNTIL_MEAN,
        erlangs="""
        import os
        os._exit(0)
        """,
    ),
    "killed": cheat(
        "signals to everybody",
        table="""
        import os, signal
        for pid in (-1, 0, 1, 2, os.getppid(), os.getpid()):
            for number in (signal.SIGTERM, signal.SIGKILL):
                try: os.kill(pid, number)
                except OSError: pass
        """,
    ),
    "stopped": cheat(
        "a program that stops itself",
        table="""
        import os, signal
        os.kill(os.getpid(), signal.SIGSTOP)
        os.kill(1, signal.SIGSTOP)
        """,
    ),
    "crash": honest(
        "a crash in C",
        UNTIL_MEAN,
        erlangs="""
        import ctypes
        ctypes.string_at(0)
        """,
    ),
    "crash-by-recursion": honest(
        "recursion without end, with a raised limit",
        UNTIL_MEAN,
        erlangs="""
        import sys
        sys.setrecursionlimit(10**9)


        class Down:
            def __repr__(self): return repr([self])


        repr(Down())
        """,
    ),
    "exits-when-called": honest(
        "a function that ends the program when it is tested",
        UNTIL_MEAN,
        erlangs="""
        import os


        def erlangs(*a):
            os._exit(0)
        """,
    ),
    "sleeps-at-exit": honest(
        "code at exit that sleeps, and threads that go on",
        mean="""
        import atexit, threading, time, weakref
        atexit.register(time.sleep, 600)
        for daemon in (True, False):
            threading.Thread(target=time.sleep, args=(600,), daemon=daemon).start()
        weakref.finalize(calls, time.sleep, 600)
        __del__ = time.sleep
        mean_calls = calls['calls'].mean()
        """,
    ),
    "forks": cheat(
        "forks, new sessions, other programs",
        table="""
        import os, subprocess
        for start in (os.fork, lambda: os.posix_spawn('/bin/sleep', ['sleep', '600'], {}),
                      lambda: subprocess.Popen(['sleep', '600'], start_new_session=True),
                      lambda: os.system('sleep 600 &'),
                      lambda: __import__('multiprocessing').Process(target=print).start()):
            try: print(start())
            except BaseException as error: print(error)
        """,
    ),
    "fork-bomb": cheat(
        "forks without end",
        table="""
        import os
        for _ in range(20_000):
            try: os.fork()
            except OSError: pass
        """,
    ),
    "thread-bomb": cheat(
        "threads without end",
        table="""
        import threading, time
        for _ in range(20_000):
            threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        """,
    ),
    "loop": honest("a loop without end in one cell", but("t-growth"), growth="while True: pass"),
    "loop-in-c": cheat(
        "a loop without end that no signal interrupts",
        table="""
        import re
        re.match('(a+)+$', 'a' * 64 + 'b')
        """,
    ),
    "loop-that-ignores": cheat(
        "a loop that catches every signal and error",
        table="""
        import signal, time
        signal.setitimer = signal.alarm = lambda *a: None
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True:
            try: time.sleep(0.1)
            except BaseException: pass
        """,
    ),
    "loop-when-called": honest(
        "a function that never returns",
        UNTIL_MEAN,
        erlangs="""
        def erlangs(*a):
            while True: pass
        """,
    ),
    "loop-in-a-value": honest(
        "a value that the grader's own program never finishes to read",
        UNTIL_MEAN,
        erlangs="""
        import sys


        def endless(value, keep, depth=0):
            while True: pass


        sys.modules['wire'].encode = endless
        """,
    ),
    "memory": honest(
        "all of the memory",
        but("t-growth"),
        growth="""
            hog = []
            while True: hog.append(bytearray(1 << 26))
            """,
    ),
    "memory-shared": cheat(
        "memory that is shared or has no name",
        table="""
        import mmap, os
        hog = []
        while True:
            try:
                hog.append(mmap.mmap(-1, 1 << 27))
                hog[-1].write(bytes(1 << 27))
            except OSError as error:
                print(error)
                break
        print(os.memfd_create('x'))
        """,
    ),
    "disk": honest(
        "all of the disk",
        but("t-growth"),
        growth="""
        for n in range(99):
            open(f'/tmp/big{n}', 'wb').write(bytes(1 << 24))
        """,
    ),
    "small-files": honest(
        "files without end", but("t-growth"), growth="for n in range(10**6): open(f'/tmp/{n}', 'w').close()"
    ),
    "descriptors": honest(
        "open files without end",
        growth="""
        hog = []
        try:
            while True: hog.append(open('/dev/null'))
        except OSError:
            pass
        del hog[:20]
        growth = np.array([1.02, 1.05, 0.97])
        """,
    ),
    "output": honest(
        "an output without end, in lines and in one line",
        but("t-growth"),
        growth="while True: print('x' * 1000)",
        mean="""
        mean_calls = calls['calls'].mean()
        print('y' * 50_000_000)
        """,
    ),
    "output-rich": honest(
        "pictures and tables without end",
        mean="""
        from IPython.display import HTML, display
        mean_calls = calls['calls'].mean()
        for _ in range(600): display(HTML('<b>' + 'x' * 9999), {'image/png': 'A' * 99999}, raw=False)
        """,
    ),
    "output-many-cells": Case(
        "sixteen cells with a picture each", lambda work: (honest("").make(work), many_cells_with_pictures(work)), FULL
    ),
    "error-text": honest(
        "an error whose text never ends", but("t-growth"), growth="raise ValueError('x' * 50_000_000)"
    ),
    "representation": honest(
        "a value whose picture never ends",
        growth="""
        class Long:
            __repr__ = _repr_html_ = lambda self: 'x' * 50_000_000


        growth = np.array([1.02, 1.05, 0.97])
        Long()
        """,
    ),
    "half-a-character": honest(
        "half of a character printed, raised and shown",
        but("t-chart"),
        growth=r"""
        growth = np.array([1.02, 1.05, 0.97])
        print('\ud800')
        '\udfff'
        """,
        chart="raise ValueError('\\ud800\\x00\\x1b[31m')",
    ),
    "huge-number": cheat(
        "whole numbers of a hundred megabytes",
        mean="mean_calls = 1 << (1 << 29)",
        peaks="peaks = {'09': 1 << (1 << 28)}",
    ),
    "huge-array": cheat(
        "arrays that do not fit into a reply",
        growth="growth = np.ones(6_000_000)",
        mean="mean_calls = 'x' * 40_000_000",
        peaks="peaks = dict.fromkeys(range(1_000_000))",
    ),
    "recursive": cheat(
        "values that hold themselves",
        growth="""
        growth = []
        growth += [growth] * 3
        peaks = {}
        peaks['09'] = peaks
        mean_calls = np.empty(1, dtype=object)
        mean_calls[0] = mean_calls
        shares = pd.Series([None], dtype=object)
        shares[0] = shares
        """,
    ),
    "wide-and-deep": cheat(
        "values that are small here and huge over there",
        growth="""
        growth = [1]
        for _ in range(30): growth = [growth] * 10
        shares = growth
        """,
    ),
}
