"""The lists of pages of the modules; `--modules` narrows them."""

import pytest

from liuquan.testing import pages


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each page as somebody sees it; for widths one for each module and size of type."""
    found = pages.listed(metafunc.config.getoption("modules"))
    if "listed_page" in metafunc.fixturenames:
        metafunc.parametrize("listed_page", found, ids=str)
    if {"module", "size"} <= set(metafunc.fixturenames):
        of = [(module, size) for module in dict.fromkeys(one.module for one in found) for size in SIZES]
        metafunc.parametrize(("module", "size"), of, ids=map(" ".join, of))


SIZES = ("normal", "large")
