"""The city with cases: one in each state of every lasting kind, made once and kept like the city itself.

    def test_it(cases_db: str, cases: Cases) -> None:
        number = cases.number("deciding")

A module says in `tests/cases.py` what the city gets of it, both parts may be missing:
`KINDS`: its case kinds (`Kind`), of which there is then one case in each state;
`furnish(cast, names)`: what else there is to see of it; gives names for it, as tables of addresses and pages
write them (`{finding}`), and may use those of lower modules.

`cases_db` is one transaction that is rolled back, for one thread. Pages in a browser: `pages.py`.
"""

import contextlib
import importlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from pytest_django import DjangoDbBlocker

from liuquan.casework.types import Procedure
from liuquan.journal import actions as journal
from liuquan.kernel.home import VARIABLE
from liuquan.kernel.postgres import Server
from liuquan.kernel.postgres.roles import APPLICATION
from liuquan.organisation.types import Actor
from liuquan.site import wiring
from liuquan.testing import city, databases, modules
from liuquan.testing.cast import Cast
from liuquan.testing.fingerprints import behind, fingerprint

#: the day of the cases in each state, Monday 9 March 2026, 10 o'clock in Shanghai
ACTED = datetime(2026, 3, 9, 2, tzinfo=UTC)
#: when they are looked at: by then some are late
SEEN = datetime(2026, 3, 25, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """A case kind as tests use it. Everything is valid except what the test makes wrong: the role, the state.

    `opens` gives a new case, opened by this actor; `bring` a new case in this state; `act` carries out one
    act on a case. `lasting`: the city with cases has one in each state.
    """

    procedure: Procedure
    opens: Callable[[Cast, Actor], str]
    bring: Callable[[Cast, str], str]
    act: Callable[[Cast, str, str, Actor], object]
    lasting: bool = True


@dataclass(frozen=True)
class Cases:
    """What is in the city: the cast, and everything by name, as the tables write it."""

    cast: Cast
    names: Mapping[str, str]

    def number(self, state: str, kind: str = "application") -> str:
        """The number of the case of this kind that is in this state."""
        return self.names[f"{kind}_{state}"]

    def fill(self, text: str) -> str:
        """A path or a body of a table with its names filled in."""
        return text.format_map(self.names)


def kinds() -> dict[str, tuple[str, Kind]]:
    """Every case kind of the tests: its key → the module it belongs to, and the kind."""
    found = [(module, kind) for module, part in _parts().items() for kind in getattr(part, "KINDS", ())]
    return {kind.procedure.kind: (module, kind) for module, kind in found}


@dataclass(frozen=True)
class Template:
    """A kept city with cases: its database, and the home with the files and keys that belong to it."""

    database: str
    home: Path

    @property
    def names(self) -> dict[str, str]:
        """Everything in it by name."""
        found: dict[str, str] = json.loads((self.home / "names.json").read_text())
        return found


@pytest.fixture(scope="session")
def cases_template(
    postgres_server: Server, city_template: str, django_db_blocker: DjangoDbBlocker
) -> Template:
    """The city with cases that others are copied from."""
    import liuquan.testing.cases as here

    mark = fingerprint(behind(here, wiring, *_parts().values()), city_template)
    homes = Path(os.environ[VARIABLE]) / "cases"

    def fill() -> None:
        shutil.rmtree(homes, ignore_errors=True)
        with living_in(homes / mark):
            names = _settle(Cast())
            (homes / mark / "names.json").write_text(json.dumps(names, ensure_ascii=False))

    with django_db_blocker.unblock():
        name = databases.kept(
            postgres_server, f"cases_template_{mark}", base=city_template, role=APPLICATION, fill=fill
        )
    return Template(name, homes / mark)


@pytest.fixture(scope="session")
def cases_of_process(postgres_server: Server, cases_template: Template) -> Iterator[Template]:
    """This process's copy; whoever changes it rolls back."""
    name = f"{databases.PREFIX}_cases_run_{os.getpid()}"
    with databases._copy(postgres_server, cases_template.database, name), own_home(cases_template) as home:
        yield Template(name, home)


@pytest.fixture
def cases_db(
    cases_of_process: Template, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The city with cases inside one transaction that is rolled back: quick, for one thread only."""
    if {"db", "transactional_db", "committed_db", "city", "city_db"} & set(request.fixturenames):
        raise pytest.UsageError("cases_db excludes every other database: take one of them")
    with (
        living_in(cases_of_process.home),
        city.rolled_back(cases_of_process.database, django_db_blocker),
    ):
        yield cases_of_process.database


@pytest.fixture
def cases(cases_db: str, cases_of_process: Template) -> Cases:
    """What there is in the city with cases."""
    return Cases(Cast(), cases_of_process.names)


@contextlib.contextmanager
def own_home(template: Template) -> Iterator[Path]:
    """A copy of the template's home for this process."""
    home = template.home.parent / f"run_{os.getpid()}"
    shutil.copytree(template.home, home, dirs_exist_ok=True)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def living_in(home: Path) -> Iterator[None]:
    """Let files and keys be in another home for a while. The server stays where it is."""
    before = os.environ[VARIABLE]
    os.environ[VARIABLE] = str(home)
    try:
        yield
    finally:
        os.environ[VARIABLE] = before


def _parts() -> dict[str, ModuleType]:
    """What each module adds to the city, lowest layer first."""
    return {
        module: importlib.import_module(f"liuquan.{module}.tests.cases")
        for module in modules.beside("cases.py")
    }


def _settle(cast: Cast) -> dict[str, str]:
    """Make the cases and all else; the names of everything."""
    names: dict[str, str] = {}
    for key, (_, kind) in kinds().items():
        if kind.lasting:
            names |= {f"{key}_{state.key}": kind.bring(cast, state.key) for state in kind.procedure.states}
    for part in _parts().values():
        if hasattr(part, "furnish"):
            names |= part.furnish(cast, names)
    journal.seal(now=SEEN)
    return names
