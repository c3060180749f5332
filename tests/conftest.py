"""Root of the test configuration; the hooks live in tests/tools."""

from tests.tools.plugin import (
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_pycollect_makemodule,
    pytest_runtest_makereport,
    pytest_runtest_protocol,
    pytest_xdist_auto_num_workers,
)

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_pycollect_makemodule",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
    "pytest_xdist_auto_num_workers",
]
