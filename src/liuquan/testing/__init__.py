"""The pytest plugin: settings, one throw-away server for the run, test databases, markers.

Loaded by `-p liuquan.testing` before pytest-django reads the settings. Each test process has a home and a
server of its own (`room.py` says where), started when a test first needs a database. Readers of the record
wait for every transaction of the server, so on a shared server they would wait for other tests' transactions.
"""

import gc
import os

import hypothesis
import pytest

from liuquan.testing import slow
from liuquan.testing.modules import layers
from liuquan.testing.room import room

TEST_HOME = room() / os.environ.get("PYTEST_XDIST_WORKER", "main")
MARKERS = (
    "requirement(id): the requirement that this test shows, by its id",
    "fact(id): the fact of law that this test checks, by its id",
    "browser: needs a Chromium; run apart from the others",
    slow.MARKER,
)

os.environ["LIUQUAN_HOME"] = str(TEST_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "liuquan.testing.settings"
for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "LIUQUAN_DATABASE_ROLE", "LIUQUAN_CLOCK_OFFSET_SECONDS"):
    os.environ.pop(_name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `./run test` asks for beside paths and pytest's own options."""
    group = parser.getgroup("liuquan")
    group.addoption("--all", action="store_true", dest="all_tests", help="slow tests too")
    group.addoption(
        "--modules",
        type=lambda words: words.split(","),
        default=list(layers()),
        help="tables of addresses, acts and pages of these modules only",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers; put our database fixtures after pytest-django's, so that ours count."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    from liuquan.testing import browsers, cases, cast, city, databases, pages, record

    for part in (browsers, databases, city, cases, pages, cast, record):
        config.pluginmanager.register(part, part.__name__)
    # How long one example takes says how busy the machine is, not whether the code is right.
    hypothesis.settings.register_profile("liuquan", hypothesis.settings(), deadline=None)
    hypothesis.settings.load_profile("liuquan")
    config.pluginmanager.register(slow.LeavingOut(), slow.__name__)


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay to the end: the collector need not look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_unconfigure() -> None:
    """What was kept from the collector goes in order: some libraries complain of what is left at the end."""
    gc.unfreeze()
