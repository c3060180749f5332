"""Whole taps, command by command: instructions, bytes allocated, time on the board."""

from __future__ import annotations

from tests.bench import estimate, measure
from tests.bench.measure import Parts
from tests.bench.rows import Row

KERNELS = ("kernel3", "kernel2", "express")


def rows() -> list[Row]:
    """Taps at a whole watch, without and with the radio's driver."""
    counted, sampled, times = (
        measure.counted("watch_taps"),
        measure.sampled("watch_taps", "bytes"),
        measure.sampled("watch_taps", "us"),
    )
    found = [Row("tap.flash_operations", counted.notes["flash"], "reads, programs, erases in all taps")]
    rearm = counted.cost["rearm/express"]
    found.append(Row("express.rearm.instructions", rearm, "instructions, screen included"))
    for kernel in KERNELS:
        found += _card(kernel, counted, sampled)
        found += _driver(kernel, counted)
        found.append(Row(f"tap.{kernel}.us", sum(of(times, kernel, "card").values()), "us"))
    return found


def of(parts: Parts, kernel: str, kind: str) -> dict[str, int]:
    """What one tap has cost, by command. `kind`: "card" alone, or with "driver"."""
    taps, prefix = parts.notes["taps"][kernel], f"{kind}/{kernel}/"
    return {name[len(prefix) :]: cost // taps for name, cost in parts.cost.items() if name.startswith(prefix)}


def _card(kernel: str, counted: Parts, sampled: Parts) -> list[Row]:
    """The card alone: from a whole frame in memory to the answer in memory."""
    cost, allocated = of(counted, kernel, "card"), of(sampled, kernel, "card")
    found = [Row(f"tap.{kernel}.instructions", sum(cost.values()), "instructions")]
    found.append(Row(f"tap.{kernel}.bytes", sum(allocated.values()), "bytes allocated, 64 bit"))
    for name, count in cost.items():
        found.append(Row(f"tap.{kernel}.{name}.instructions", count, "instructions"))
        found.append(Row(f"tap.{kernel}.{name}.bytes", allocated[name], "bytes allocated, 64 bit"))
    return found


def _driver(kernel: str, counted: Parts) -> list[Row]:
    """The same with the driver, from the radio's interrupt to its transmit command, as time on the board."""
    cost, spi, air = of(counted, kernel, "driver"), counted.notes["spi"], counted.notes["air"]
    found = [Row(f"tap.{kernel}.with_driver.instructions", sum(cost.values()), "instructions")]
    total = worst = 0.0
    for name, count in cost.items():
        transfers, size = spi[f"driver/{kernel}/{name}"]
        bus = estimate.bus_ms(transfers, size)
        processor = estimate.processor_ms(count)
        found.append(Row(f"tap.{kernel}.{name}.with_driver.instructions", count, "instructions"))
        found.append(estimate.row(f"tap.{kernel}.{name}.ms_est", processor + bus))
        total += processor + bus
        worst += processor * estimate.PSRAM_FACTOR + bus + estimate.air_ms(air.get(f"card/{kernel}/{name}", []))
    found.append(estimate.row(f"tap.{kernel}.ms_est", total))
    found.append(estimate.row(f"tap.{kernel}.worst_case.ms_est", worst))
    return found
