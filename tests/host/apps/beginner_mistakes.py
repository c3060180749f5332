"""What beginners get wrong: code behind the app of `projects`, the rule that says so, and words of its message."""

from __future__ import annotations

from tests.host.apps.projects import APP, APP_TOML, WORDS_TOML, files

IN_CODE = (
    # Names.
    ("unknown-attribute", "is it `play`?", "def f(watch):\n    watch.haptics.plays(1)\n"),
    ("unknown-attribute", "is it `width`?", "def f(ui):\n    return ui.widht\n"),
    ("unknown-attribute", "is it `_count`?", "def f(self):\n    return self._cuont\n"),
    ("unknown-name", "is it `App`?", "class Other(Ap):\n    pass\n"),
    ("unknown-name", "import it from watch.apps.api", "def f():\n    return Box(0, 0, 1, 1, 1, 1)\n"),
    ("unknown-keyword", "is it `align`?", "def f(ui):\n    return Label(ui, ui.body_font, 0, 0, 0, '', 0, aling=1)\n"),
    ("unknown-keyword", "given by its place", "def f(sound):\n    sound.tone(440, 100, volume=50)\n"),
    ("import-name", "is it `Label`?", "from watch.apps.api import Lable\n"),
    ("api-global", "such as `_list`", "list = [1]\n"),
    ("api-method", "such as `_update`", "class Thing:\n    def update(self):\n        pass\n"),
    ("api-attribute", "such as `_name`", "def f(self):\n    self.name = 3\n"),
    ("identifier", "letters a to z", "def f(größe):\n    return größe\n"),
    ("method-arguments", "`def tick(self, now):`", "class Other(App):\n    def tick(self):\n        pass\n"),
    ("method-arguments", "`def back(self):`", "class Other(App):\n    def back(self, watch):\n        pass\n"),
    # What the watch has in place of Python's modules and functions.
    ("import", "`watch.time`", "import time\n"),
    ("import", "`dice`", "import random\n"),
    ("import", "`if TYPE_CHECKING:`", "from typing import Optional\n"),
    ("import", "from .module import NAME", "from helper import x\n"),
    ("import", "no helper.py in the project", "from .helper import x\n"),
    ("import", "from watch.apps.api import NAME", "import watch.apps.api\n"),
    ("import-place", "top of the module", "def f():\n    import os\n"),
    ("print", "`watch.log`", "def f():\n    print('here')\n"),
    ("reflection", "`storage` keeps files", "def f():\n    return open('x')\n"),
    ("reflection", "`button`", "def f():\n    return input()\n"),
    ("reflection", "a dictionary finds", "def f(x):\n    return getattr(x, 'a')\n"),
    ("unknown-attribute", "`tick` comes again", "def f(watch):\n    watch.sleep(1)\n"),
    ("unknown-attribute", "`set` changes", "def f(label):\n    label.set_text('x')\n"),
    ("unknown-attribute", 'f"{n:03}"', "def f(n):\n    return str(n).zfill(2)\n"),
    ("sort", "`sorted`", "def f(x):\n    x.sort()\n"),
    # Statements.
    ("async", "`tick`", "async def f():\n    pass\n"),
    ("with", "nothing of the API needs it", "def f(x):\n    with x as y:\n        return y\n"),
    ("match", "`if` and `elif`", "def f(x):\n    match x:\n        case 1:\n            return 2\n"),
    ("walrus", "a line of its own", "def f(x):\n    return (y := x)\n"),
    ("decorator", "only property", "def g(f):\n    return f\n@g\ndef f():\n    pass\n"),
    ("star-star", "name the arguments", "def f(**rest):\n    return rest\n"),
    ("bare-except", "name the errors", "def f():\n    try:\n        f()\n    except:\n        pass\n"),
    ("finally-leave", "no `return`", "def f():\n    try:\n        f()\n    finally:\n        return 2\n"),
    ("type", "`isinstance`", "def f(x):\n    return type(x) == int\n"),
    ("dunder", "a method such as", "class Thing:\n    def __str__(self):\n        return 'a'\n"),
    ("dunder", "calls `entry`", "if __name__ == '__main__':\n    pass\n"),
    ("delete", "to None", "def f(self):\n    del self._x\n"),
    ("format-field", "may not reach", "def f(x):\n    return '{0.a}'.format(x)\n"),
    ("hidden-character", "chr(...)", "X = 'a\u200bb'\n"),
    # What it did not ask for.
    ("permission", "put it into `permissions`", "def f(watch):\n    watch.notify.post('x')\n"),
    ("word", "is it `more`?", "def f(watch):\n    return watch.text.get('moer')\n"),
    # The text itself.
    ("syntax", "tabs and spaces", "def f(x):\n\tif x:\n        return 1\n"),
    ("syntax", "expected ':'", "def f(x)\n    return x\n"),
    ("syntax", "U+201C", "def f():\n    return “hi”\n"),
)

_PERMISSIONS = '["haptics"]'
IN_FILES = (
    ("app-field", "is it `haptics`?", files(app__toml=APP_TOML.replace(_PERMISSIONS, '["haptic"]'))),
    ("app-field", "without https://", files(app__toml=APP_TOML + 'hosts = ["https://example.org"]\n')),
    ("app-field", "without quotation marks", files(app__toml=APP_TOML.replace("0x4A9EFF", '"#4A9EFF"'))),
    ("app-field", "1 to 24 visible characters", files(app__toml=APP_TOML.replace('"Tally"', '"' + "T" * 25 + '"'))),
    ("app-field", '"app" or "face"', files(app__toml=APP_TOML.replace('"app"', '"watchface"'))),
    ("app-entry", "no file main.py", files(app__toml=APP_TOML.replace("app.Tally", "main.Tally"))),
    ("app-hosts", "needs `hosts`", files(app__toml=APP_TOML.replace(_PERMISSIONS, '["haptics", "web"]'))),
    ("toml", "quotation marks", files(app__toml=APP_TOML.replace('"tally"', "tally"))),
    (
        "words-text",
        "no letter",
        files(words__toml=WORDS_TOML.replace("One more", "One more \N{SMILING FACE WITH HALO}")),
    ),
    ("words-text", "in quotation marks", files(words__toml=WORDS_TOML.replace('"加一"', "1"))),
    ("words-gap", "other gaps", files(words__toml=WORDS_TOML.replace("One more", "{n} more"))),
    ("module-name", "small letters", files(**{"My-Module__py": "X = 1\n"})),
    ("project-file", "what is this?", files(photo__jpg=b"\xff\xd8")),
    ("picture", "no PNG", files(photo__png=b"GIF89a")),
    ("syntax", "save it anew as UTF-8", files(app__py=APP.encode().replace(b"Counts.", b"Z\xe4hlt."))),
)

FINE = (
    "_n = 0\n\n\ndef f():\n    global _n\n    _n += 1\n",
    "def f(w):\n    return [lambda i=i: w + i for i in range(3)]\n",
    "def f(x):\n    return f'{x:>5}{x:.2f}{x!r}{x=}'\n",
    "class One:\n    pass\n\n\nclass Two:\n    pass\n\n\nclass Both(One, Two):\n    pass\n",
    "def f(*all_of_them):\n    try:\n        return all_of_them\n    finally:\n        f()\n",
    "def f(x):\n    assert x > 0\n    yield from range(x)\n",
)
"""What one might think is not there, and is."""
