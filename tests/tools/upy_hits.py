"""The other half of the coverage marks, inside MicroPython: which lines of which file were hit."""

import builtins
import json
import sys

INDEX = "build/coverage/index.json"


class Hits:
    """One byte per line of every firmware file. Marking a line allocates nothing."""

    def __init__(self):
        """Make room for every file of the index."""
        with open(INDEX) as file:
            index = json.load(file)
        self._paths = [path for path, _ in index]
        self._marks = [bytearray(lines) for _, lines in index]
        builtins._hit = self._mark  # type: ignore[attr-defined]

    def _mark(self, file, line):
        """Called by the marked source."""
        self._marks[file][line] = 1

    def save(self, path):
        """Write {file number: [lines]} of the modules that were loaded."""
        result = {}
        for number in range(len(self._paths)):
            name = self._paths[number][len("firmware/") : -len(".py")].replace("/", ".")
            if name.endswith(".__init__"):
                name = name[: -len(".__init__")]
            if name in sys.modules:
                marks = self._marks[number]
                result[number] = [line for line in range(len(marks)) if marks[line]]
        with open(path, "w") as file:
            json.dump(result, file)
