"""Runs firmware tests inside unix MicroPython.

One request line in (`file<TAB>function`), then whatever the test prints, then one line that starts with MARK and holds
the result as JSON. The process ends when its input does. With a file name as argument it first writes the lines that
were covered there.
"""

import asyncio
import gc
import io
import json
import sys

MARK = "\x1e"  # ASCII record separator: no test prints it by accident


def load(path):
    """Import the test file at `path`; helpers beside it are importable while it loads."""
    folder, _, name = path.rpartition("/")
    sys.path.append(folder)
    try:
        return __import__(name[:-3])
    finally:
        sys.path.remove(folder)


def call(path, name):
    """Run one test to its end, in a fresh event loop if it is a coroutine."""
    result = getattr(load(path), name)()
    if hasattr(result, "send"):
        asyncio.new_event_loop()
        asyncio.run(result)


def text_of(error):
    """The traceback as MicroPython prints it."""
    out = io.StringIO()
    sys.print_exception(error, out)  # type: ignore[attr-defined]
    return out.getvalue()


def outcome(path, name):
    """Run one test and describe what happened."""
    gc.collect()
    try:
        call(path, name)
        return {"status": "passed"}
    except BaseException as error:
        if type(error).__name__ == "SkipTest":
            return {"status": "skipped", "text": str(error)}
        return {"status": "failed", "text": text_of(error)}


def main():
    """Serve requests until the input ends."""
    if len(sys.argv) == 1:
        serve()
        return
    from upy_hits import Hits  # beside this file; only the coverage run has its index

    hits = Hits()
    serve()
    hits.save(sys.argv[1])


def serve():
    """Answer each request line."""
    while True:
        line = sys.stdin.readline().rstrip("\n")
        if not line:
            return
        path, name = line.split("\t")
        print(MARK + json.dumps(outcome(path, name)))


if __name__ == "__main__":
    main()
