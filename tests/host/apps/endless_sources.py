"""Apps that never come back, one for each kind of loop and call: their fuel must run dry."""

from __future__ import annotations

_SOURCES = """
# while
class Tally(App):
    def open(self, watch):
        while True:
            pass
# while with a condition
class Tally(App):
    def open(self, watch):
        n = 1
        while n:
            n += 1
# while with continue
class Tally(App):
    def open(self, watch):
        while 1:
            if self:
                continue
            break
# for over a list that grows
class Tally(App):
    def open(self, watch):
        x = [1]
        for y in x:
            x.append(y)
# for over a range
class Tally(App):
    def open(self, watch):
        for i in range(1000000):
            pass
# for with else
class Tally(App):
    def open(self, watch):
        for i in range(1000000):
            pass
        else:
            self = 1
# list
class Tally(App):
    def open(self, watch):
        x = [1]
        return [x.append(y) for y in x]
# list within a list
class Tally(App):
    def open(self, watch):
        return [1 for x in range(1) for y in range(1000000) if y < 0]
# set
class Tally(App):
    def open(self, watch):
        return len({y for y in range(1000000)})
# dictionary
class Tally(App):
    def open(self, watch):
        return {1: y for y in range(1000000)}
# generator expression
class Tally(App):
    def open(self, watch):
        return sum(1 for y in range(1000000))
# generator
class Tally(App):
    def open(self, watch):
        return sum(self.every())
    def every(self):
        while True:
            yield 0
# lambda
class Tally(App):
    def open(self, watch):
        f = lambda g, n: 0 if n < 0 else g(g, n - 1) + g(g, n - 1)
        return f(f, 30)
# function
class Tally(App):
    def open(self, watch):
        return self.twice(30)
    def twice(self, n):
        return 0 if n < 0 else self.twice(n - 1) + self.twice(n - 1)
# function that C code calls
class Tally(App):
    def open(self, watch):
        return len(sorted(range(3000), key=lambda x: -x))
# try
class Tally(App):
    def open(self, watch):
        while True:
            try:
                continue
            finally:
                self = 1
# except
class Tally(App):
    def open(self, watch):
        while True:
            try:
                raise ValueError
            except ValueError:
                pass
# catching
class Tally(App):
    def open(self, watch):
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass
# module
for i in range(1000000):
    pass
class Tally(App):
    pass
# class
class Tally(App):
    for i in range(1000000):
        pass
"""
ENDLESS = {
    block.partition("\n")[0]: "from watch.apps.api import App\n" + block.partition("\n")[2]
    for block in _SOURCES.split("\n# ")[1:]
}
"""Source of each, by what it does."""
