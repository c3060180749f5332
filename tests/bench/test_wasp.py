"""The harness around wasp-os's face counts what a driver sends, without a checkout of wasp-os."""

import pytest

from tests.bench import measure, wasp

WHOLE, MINUTE, SECOND = 100, 10, 2
"""Bytes that the face below sends."""
FILES = {
    "wasp/draw565.py": "class Draw565:\n    def __init__(self, display):\n        self.display = display\n",
    "wasp/widgets.py": """
class StatusBar:
    def update(self):
        import watch
        return watch.rtc.get_localtime()
""",
    "wasp/drivers/st7789.py": """
class ST7789_SPI:
    def __init__(self, width, height, spi, cs, dc):
        self.write, self.cs = spi.write, cs.value
        cs.init(cs.OUT, value=1)
        dc.init(dc.OUT, value=0)
""",
    "clock.py": f"""
import wasp
class ClockApp:
    def foreground(self):
        wasp.system.request_tick(1000)
        self.send({WHOLE})
        self.shown = wasp.system.bar.update()
    def tick(self, ticks):
        now = wasp.system.bar.update()
        self.send(({MINUTE} if now[4] != self.shown[4] else 0) + ({SECOND} if now != self.shown else 0))
        self.shown = now
    def send(self, size):
        wasp.watch.drawable.display.write(bytes(size))
""",
}


@pytest.fixture(params=["wasp/apps", "watch_faces"])
def checkout(request, tmp_path):
    """A tree with a face of our own, where older and where newer versions of wasp-os have theirs."""
    for name, text in FILES.items():
        path = tmp_path / (f"{request.param}/{name}" if name == "clock.py" else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_bytes_of_a_checkout_are_counted(checkout):
    root = wasp.checked(checkout)
    assert [wasp.sent(root, kind) for kind in wasp.KINDS] == [WHOLE, MINUTE + SECOND, SECOND]


def test_a_checkout_is_measured_where_one_is_named(checkout, monkeypatch):
    monkeypatch.setenv(wasp.VARIABLE, str(checkout))
    monkeypatch.setattr(measure, "slope", lambda *arguments, few, many: many - few)
    peer, costs = wasp.costs()
    assert peer.endswith("same run")
    assert costs["full"] == wasp.Cost(WHOLE, 4)
    (checkout / "wasp/draw565.py").unlink()
    with pytest.raises(measure.BenchError, match=r"no checkout of wasp-os, wasp/draw565\.py is missing"):
        wasp.costs()


def test_earlier_figures_say_so(monkeypatch):
    monkeypatch.delenv(wasp.VARIABLE, raising=False)
    peer, costs = wasp.costs()
    assert peer.endswith("counted earlier")
    assert costs.keys() == wasp.KINDS.keys()
