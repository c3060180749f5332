"""Source in every form that the rules allow. It goes on behind the app of `projects`; the watch takes it too."""

from __future__ import annotations

_SOURCES = """
# defaults and star arguments
def f(a, b=1, *rest, c=2, d):
    return a + b + sum(rest) + c + d
X = f(1, *(2, 3), d=4)
# default of a lambda, and one that is called at once
X = (lambda a, b=2: a + b)(1)
# closures
def f(a):
    b = [a]
    def g(c):
        nonlocal a
        a += c
        return [a + d for d in b if d]
    return g
# generators
def f(most):
    got = yield 1
    for i in range(most):
        got = yield i
    yield from (j for j in range(most))
    return got
# try in all its forms
def f(a):
    try:
        a()
    except ValueError:
        return 1
    except (KeyError, OSError) as error:
        raise RuntimeError(str(error))
    except Exception:
        raise
    else:
        a = 2
    finally:
        a = 3
    return a
# return, break and continue out of try
def f(a):
    for b in a:
        try:
            if b:
                continue
            break
        finally:
            a = b
    while a:
        try:
            try:
                return a
            finally:
                a = 1
        except Exception:
            continue
# a loop in finally
def f(a):
    try:
        a()
    finally:
        for b in range(3):
            if b == 1:
                continue
            break
# loops with else
def f(a):
    for b in a:
        pass
    else:
        a = 1
    while a:
        a -= 1
    else:
        a = 2
# ranges with a step, down and up, of variables
def f(a, b, c):
    for i in range(a, b, 2):
        for j in range(a, b, -3):
            for k in range(c):
                if i == j == k:
                    break
# unpacking
def f(a):
    b, *c = a
    (d, e), [g, *h] = a
    i, j = c, d
    i, j, k = j, i, b
    for l, (m, *n) in a:
        i += l + m + len(n)
    return [x + y for x, y in a], e, g, h, i, j, k
# comparisons and conditions
def f(a, b, c):
    d = a < b <= c != a
    e = a if b else c if d else None
    return not d and (e or a) and a in b or a not in b and a is None or b is not None
# numbers
X = (1 << 40, -5, 1.5e3, 0xFFFFFFFF, ~3, 7 // 2, 7 % 3, 2 ** 70, -1 & 255, 3 ^ 1, 1_000, True, None)
# texts and bytes
X = ("a" "b", 'a\\'b"', b"\\x00\\xff", "计数", f"{len('abc'):>5} {'x'!r}", "%s %d" % ("a", 1), "é" * 3)
# containers
X = ([1, 2][0:1], {1: 2, "a": (1, 2)}, {1, 2}, {}, [], (), {a: b for a, b in ((1, 2),)}, {a for a in (1,)})
# slices and attributes as targets
def f(a):
    a[0] = a[1:2] = a[::2]
    a[0] += 1
    del a[0]
    a._mine = 1
    a._mine += 1
    a.x, a._other = 1, 2
    a._mine = None
    return a[-1:], a[:], a[1:-1:2]
# classes
class A:
    _one = 1
    _two = _one + 1
    _three = [one for one in (1, 2)]
    def __init__(self, x=1):
        self._x = x
    @property
    def doubled(self):
        return self._x * 2
    @staticmethod
    def free(a):
        return a
    @classmethod
    def made(cls, a):
        return cls(a)
    def begin(self, step):
        self._x = step
    class Inner:
        pass
class B(A):
    tick_ms = 50  # a name of the API that classes of an app may define
    def twice(self):
        return [super().begin(1) for _ in (1, 2)]
    def begin(self, step):
        return super().begin(step + 1)
class D(Label):
    def __init__(self, ui):
        super().__init__(ui, ui.body_font, 0, 0, 9, "", 0)
    def set(self, text):
        super().set(text)
# errors of its own
class Mine(ValueError):
    pass
def f():
    try:
        raise Mine("x", 1)
    except Mine as error:
        return error.args
# global
N = 0
def f():
    global N, made_here
    N += 1
    made_here = N
# a loop at the top of a module, and conditions
for i in range(3):
    if i:
        continue
    while i < 2:
        i += 1
if 0:
    pass
# assert and delete
def f(a):
    assert a, "a message"
    b = 1
    del b, a
# aliases of imports
from watch.apps.api import Box as Frame, rgb as colour_of
X = colour_of(1)
class C(Frame):
    def draw(self, canvas):
        canvas.fill_rect(self.x, self.y, self.w, self.h, 0)
# names that look like the pool's
n0, n1 = 1, 2
def n2(n3, n511=1):
    n4 = n3
    return n4 + n0 + n511
# local names that are the API's
def f(line, icons=None):
    label = line
    return [label for get in (1,)]
# many arguments by name
def f(app, act):
    app.button("x", 0, 0, 1, 1, act, text="y", icon=1, face=2, repeats=True)
# deep expressions
X = ((((1 + 2) * 3 - 4) // 5) % 6) or (lambda: [(lambda: 1)() for _ in range(2)])()
# yield as a value, in a lambda and alone
def f():
    a = yield
    b = [(yield)]
    return a, b
"""
ACCEPTED = {block.partition("\n")[0]: block.partition("\n")[2] for block in _SOURCES.split("\n# ")[1:]}
"""Source of each, by what it shows."""
