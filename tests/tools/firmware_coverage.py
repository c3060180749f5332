"""Coverage of the firmware by its tests: prepares the marked copy, gathers the hits, reports by room.

The result is an ordinary data file of coverage.py, build/coverage/.coverage, so `coverage html` works on it.
"""

import json
import shutil
from collections import defaultdict
from pathlib import Path

from coverage import Coverage, CoverageData

from tests.tools.instrument import executed, instrument, viper_lines
from tests.tools.trees import Source, sources

FOLDER = Path("build/coverage")
TREE = FOLDER / "firmware"
INDEX = FOLDER / "index.json"
HITS = FOLDER / "hits"
DATA = FOLDER / ".coverage"


def prepare(root: Path) -> None:
    """Write the marked copy of firmware/ and the index that numbers its files."""
    shutil.rmtree(root / FOLDER, ignore_errors=True)
    shutil.copytree(root / "firmware", root / TREE, ignore=shutil.ignore_patterns("__pycache__"))
    (root / HITS).mkdir()
    files = sources("firmware/watch", root=root)
    for number, source in enumerate(files):
        (root / FOLDER / source.path).write_text(instrument(source.text, number))
    index = [[source.path, source.text.count("\n") + 2] for source in files]
    (root / INDEX).write_text(json.dumps(index))


def gather(root: Path) -> dict[str, set[int]]:
    """Marks hit in all interpreters together, by path; only modules that were loaded are in it."""
    names = [path for path, _ in json.loads((root / INDEX).read_text())]
    hits: dict[str, set[int]] = defaultdict(set)
    for file in (root / HITS).iterdir():
        for number, lines in json.loads(file.read_text()).items():
            hits[names[int(number)]] |= set(lines)
    return hits


def report(root: Path) -> list[str]:
    """Save the data and return a table of rooms: statements, statements run, share."""
    files = {source.path: source for source in sources("firmware/watch", root=root)}
    run = {path: executed(files[path].text, lines) for path, lines in gather(root).items()}
    data = CoverageData(str(root / DATA))
    data.add_lines({str(root / path): lines for path, lines in run.items()})
    data.write()
    coverage = Coverage(data_file=str(root / DATA), config_file=str(root / "pyproject.toml"))
    coverage.load()
    rooms: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path, source in files.items():
        _count(coverage, root, source, rooms["/".join(path.split("/")[1:3])])
    total = [sum(counts[column] for counts in rooms.values()) for column in (0, 1)]
    rows = [*sorted(rooms.items()), ("total", total)]
    return [f"{room:<18}{count:>7}{ran:>7}{100 * ran / max(count, 1):>7.1f} %" for room, (count, ran) in rows if count]


def _count(coverage: Coverage, root: Path, source: Source, counts: list[int]) -> None:
    """Add one file's statements and statements run."""
    _, statements, _, missing, _ = coverage.analysis2(str(root / source.path))
    left_out = viper_lines(source.text)
    counted = set(statements) - left_out
    counts[0] += len(counted)
    counts[1] += len(counted - set(missing))
