"""Checks of what is in a bundle, whoever signed it. docs/bundles.md "What the watch checks"."""

from micropython import const

from watch.apps.shelf import pictures, words_file
from watch.apps.shelf.manifest import WORDS
from watch.apps.verifier import bytecode
from watch.apps.verifier.naming import Tables
from watch.kernel.steps import finish

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator

    from watch.apps.shelf.bundle import Bundle


def hashes(bundle: "Bundle") -> "Generator[None, None, None]":
    """Each file is what the manifest says. Raises BundleError, CorruptError."""
    for name, _, _ in bundle.manifest.files:
        bundle.read(name)
        yield


def contents(bundle: "Bundle") -> "Generator[None, None, None]":
    """Texts, then pictures, then the bytecode of every module. Raises BundleError, BytecodeError, CorruptError."""
    names = [name for name, _, _ in bundle.manifest.files]
    if WORDS in names:
        words_file.parse(bundle.read(WORDS))
        yield
    for name in names:
        if name.endswith(".img"):
            yield from pictures.checking(name, bundle.read(name))
    yield from _modules(bundle)


def _modules(bundle: "Bundle") -> "Generator[None, None, None]":
    """The bytecode of every module, and what they intern together."""
    manifest, texts, tables = bundle.manifest, 0, Tables()
    yield from tables.filling()
    for module in manifest.modules:
        texts += yield from bytecode.verify(bundle.read(module + ".mpy"), manifest.modules, manifest.id, tables)
    bytecode.expect_few(texts)


def whole(bundle: "Bundle") -> None:
    """All of that at once. Raises what they raise."""
    finish(hashes(bundle))
    finish(contents(bundle))
