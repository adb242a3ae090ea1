"""A kept database is made anew when anything that made it has changed, and by nothing else."""

from __future__ import annotations

from types import ModuleType

import pytest

from liuquan.applications import procedure
from liuquan.kernel.home import CHECKOUT
from liuquan.kinds.tests import cases as questions
from liuquan.site import packs
from liuquan.testing.fingerprints import behind, fingerprint
from liuquan.testing.modules import PACKAGE


def names(*modules: ModuleType) -> set[str]:
    return {str(path.relative_to(PACKAGE)) for path in behind(*modules)}


def test_behind_a_loader_is_all_that_it_imports_and_the_data_beside_it() -> None:
    found = names(packs)
    wanted = {
        "site/packs/__init__.py",
        "site/packs/loading.py",
        "organisation/actions/loading.py",
        "catalogue/queries/__init__.py",
        "law/loader.py",
        "kernel/fields.py",
    }
    assert wanted <= found
    assert any(name.startswith("law/") and name.endswith(".toml") for name in found)
    assert not {name for name in found if "/tests/" in name or name.endswith(".html")}
    assert not {"applications/procedure.py", "catalogue/views.py", "site/portal/views.py"} & found
    assert "applications/procedure.py" in names(procedure)


def test_a_module_in_a_folder_of_tests_is_followed_too() -> None:
    wanted = {"kinds/tests/cases.py", "testing/consultation/procedure.py", "clock/deadlines.py"}
    assert wanted <= names(questions)


def test_what_does_not_exist_cannot_be_named() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"liuquan\.site\.nothing"):
        behind(ModuleType("liuquan.site.nothing"))


def test_place_content_and_words_all_count() -> None:
    one, other = CHECKOUT / "LICENSE", CHECKOUT / "README.md"
    marks = [fingerprint([one]), fingerprint([other]), fingerprint([one, other]), fingerprint([one], "x")]
    assert len(set(marks)) == len(marks)
    assert fingerprint([other, one]) == marks[2]
