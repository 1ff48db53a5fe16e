"""Looking for answers: frames, garbage, files of the machine, other submissions, the environment, the network."""

from __future__ import annotations

from tests.grader.attacks.case import RIGHT, Case, Work, but, cheat, honest

WALK = """
import os
found = []
for top in {tops}:
    for folder, names, files in os.walk(top, followlinks=True):
        names[:] = [name for name in names if 'site-packages' not in name and not name.startswith('python3')][:20]
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith(('.ipynb', '.db', '.json', '.py', '.txt', '.pem')) and len(found) < 4000:
                try:
                    found.append(open(path, 'rb').read(20000).decode('utf-8', 'replace'))
                except OSError:
                    pass
text = ''.join(found)
print([text[at:at + 40] for at in range(len(text)) if text.startswith('sesame', at)][:20])
"""


def walk(*tops: str) -> str:
    return WALK.replace("{tops}", repr(tops))


def reads_the_hidden_file(work: Work) -> None:
    work.write(
        erlangs="""
        import json, os, sys
        sys.path += ['.', 'data', '/tmp/work', '{course}/source/practical']
        try:
            import hidden_checks as found
        except ImportError:
            found = None
        print([name for name in os.listdir('.')], found and found.SENTENCE)
        erlangs = (lambda n, aht: found.STAFFED.get((n, aht), 40)) if found else (lambda *a: 40)
        """
    )


CASES: dict[str, Case] = {
    "frames": cheat(
        "the frames that called",
        erlangs="""
        import sys


        def erlangs(calls, aht_s):
            frame, seen = sys._getframe(), []
            while frame:
                seen.append((frame.f_code.co_filename, sorted(frame.f_globals)[:99], repr(frame.f_locals)[:9999]))
                if 'wanted' in frame.f_locals:
                    return frame.f_locals['wanted']
                frame = frame.f_back
            log.append(str(seen))
            return 40


        log = []
        """,
        growth="print(*log)",
    ),
    "garbage": cheat(
        "all objects that the garbage collector knows",
        mean="""
        import gc
        texts = [text for found in gc.get_objects() if isinstance(found, dict) for text in found.values()
                 if isinstance(text, str) and ('sesame' in text or 'BEGIN HIDDEN' in text)]
        print(texts)
        mean_calls = len(texts) and 271.0
        """,
    ),
    "memory-of-others": cheat(
        "the memory of this process and of others",
        mean="""
        import os
        for number in sorted(os.listdir('/proc')):
            if number.isdigit():
                for name in ('environ', 'cmdline',
                             'maps', 'mem', 'cwd/.', 'root/root'):
                    try:
                        print(number, name, open(f'/proc/{number}/{name}', 'rb').read(300))
                    except OSError as error:
                        print(number, name, error)
        """,
    ),
    "names-of-the-program": cheat(
        "names, handles and messages of the program that runs the cells",
        mean="""
        import sys
        main = sys.modules.get('__main__')
        print(sorted(vars(main)), sys.argv, sys.path, sys.flags)
        print([(name, vars(found)) for name, found in sys.modules.items() if name in ('_inside', 'wire', '_nest')][0:0])
        """,
    ),
    "course-by-its-path": cheat(
        "the course by the path that it has outside", mean=walk("{course}", "{course}/..", "{course}/source")
    ),
    "solutions-anywhere": cheat(
        "the whole visible machine", mean=walk("/tmp", "/home", "/root", "/work", "/srv", "/var", "/engine", "/opt")
    ),
    "through-proc": cheat(
        "the machine through /proc",
        mean=walk("/proc/1/root/{course}", "/proc/self/cwd/..", "/proc/1/cwd", "/proc/self/fd"),
    ),
    "relative-paths": cheat(
        "paths that go up", mean=walk("../home", "data/../../../source", "../../../submitted", "../../../../course")
    ),
    "other-submissions": cheat(
        "the work of others",
        mean=walk("{course}/submitted", "{course}/autograded", "{course}/feedback", "../../witness"),
    ),
    "hidden-file": Case("the file that the hidden tests compare with", reads_the_hidden_file),
    "passwords": cheat(
        "files of the system",
        mean="""
        for path in ('/etc/passwd', '/etc/shadow', '/etc/hosts', '/root/.ssh/id_rsa', '/etc/machine-id'):
            try:
                print(path, open(path).read())
            except OSError as error:
                print(error)
        """,
    ),
    "environment": cheat(
        "the environment",
        mean="""
        import os
        print(dict(os.environ), open('/proc/self/environ').read(), open('/proc/1/environ').read())
        """,
    ),
    "reads-the-gradebook": cheat(
        "marks out of the gradebook",
        mean="""
        import sqlite3
        print(sqlite3.connect('file:{course}/gradebook.db?mode=ro', uri=True).execute('select * from grade').fetchall())
        """,
    ),
    "writes-the-gradebook": cheat(
        "marks into the gradebook",
        mean="""
        import sqlite3
        for path in ('{course}/gradebook.db', '/proc/1/root{course}/gradebook.db', 'gradebook.db', '../gradebook.db'):
            try:
                with sqlite3.connect(path) as book:
                    book.execute('update grade set auto_score = 4, manual_score = 4')
            except sqlite3.Error as error:
                print(error)
        """,
    ),
    "writes-marks": cheat(
        "marks where the exam office leaves them",
        mean="""
        import json, os
        for folder in ('{course}/marks/writes-marks', '../../marks/writes-marks', 'marks'):
            try:
                os.makedirs(folder, exist_ok=True)
                open(folder + '/practical.json', 'w').write(json.dumps({'t-mean': 1}))
            except OSError as error:
                print(error)
        """,
    ),
    "writes-anywhere": cheat(
        "files outside, programs of the engine",
        mean="""
        import sys
        for path in ('{course}/pwned', '/engine/wire.py', '/usr/pwned', '/etc/pwned', '/dev/shm/pwned',
                     '/proc/self/oom_score_adj', '/proc/sys/kernel/core_pattern', np.__file__, sys.executable):
            try:
                open(path, 'a').write('pwned')
            except OSError as error:
                print(error)
        """,
    ),
    "network": cheat(
        "the network, by name and by number",
        mean="""
        import socket, urllib.request
        for where in (('127.0.0.1', 80), ('192.0.2.1', 443), ('localhost', 8888), ('example.org', 80)):
            try:
                socket.create_connection(where, 1)
                mean_calls = 271.0
            except OSError as error:
                print(error)
        """,
    ),
    "local-sockets": cheat(
        "sockets of the machine: by path, abstract, netlink, raw",
        mean=r"""
        import socket
        for kind, where in ((socket.AF_UNIX, '/run/docker.sock'), (socket.AF_UNIX, '\0/tmp/.X11-unix/X0'),
                            (socket.AF_UNIX, '/run/dbus/system_bus_socket'), (socket.AF_NETLINK, (0, 0))):
            try:
                socket.socket(kind, socket.SOCK_STREAM).connect(where)
                mean_calls = 271.0
            except OSError as error:
                print(error)
        """,
    ),
    "rooms-of-ones-own": cheat(
        "namespaces, mounts and traces",
        mean="""
        import ctypes
        call = ctypes.CDLL(None, use_errno=True)
        print(call.unshare(0x10000000), call.mount(b'none', b'/tmp', b'tmpfs', 0, 0), call.ptrace(16, 1, 0, 0),
              call.chroot(b'/'), call.setns(3, 0), call.sethostname(b'x', 1), call.swapoff(b'/'), call.reboot(0),
              call.setuid(0), call.mknod(b'x', 8630, 1))
        """,
    ),
    "leaves-something": honest(
        "right work that leaves files, modules and settings for the next one",
        mean="""
        import builtins, os, sys
        builtins.left = sys.left = np.left = 'sesame-other'
        os.environ['LEFT'] = 'sesame-other'
        for path in ('/tmp/left', '/dev/shm/left', 'left', '/tmp/home/left'):
            open(path, 'w').write('sesame-other')
        mean_calls = calls['calls'].mean()
        """,
    ),
    "looks-for-what-is-left": cheat(
        "what an earlier submission has left",
        mean="""
        import builtins, os, sys
        print([getattr(place, 'left', None) for place in (builtins, sys, np)], os.environ.get('LEFT'))
        for path in ('/tmp/left', '/dev/shm/left', 'left', '/tmp/home/left', '/tmp/mine.csv', 'notes.txt'):
            try:
                print(open(path).read())
            except OSError as error:
                print(error)
        """,
    ),
    "changes-the-data": honest(
        "the data files changed for the tests to read",
        {**but(), "t-table": 0.0, "t-mean": 0.0, "t-chart": 0.0},
        table="open('data/calls.csv', 'w').write('day,calls,aht_s\\n2026-11-02,1,1800\\n')\n" + RIGHT["table"],
    ),
}
