"""Whatever a small kind gets, it gets without a line outside its folder."""

from __future__ import annotations

import pytest

from liuquan.kinds.types import CaseKind
from liuquan.testing import kind_names, tree_files
from liuquan.testing.consultation.kind import CONSULTATION
from liuquan.testing.errand.kind import ERRAND


@pytest.mark.parametrize("key", [CONSULTATION.key, ERRAND.key])
def test_nothing_that_serves_every_kind_names_a_small_one(key: str) -> None:
    small = kind_names.Kind(key, "testing", f"testing.{key}")
    files = kind_names.files_for_every_kind(tree_files.sources(".py"))
    of_laws = {str(one.path) for one in files if one.path.suffix == ".toml"}  # of a law's own consultations
    assert set(kind_names.naming(small, files)) <= of_laws


@pytest.mark.parametrize("small", [CONSULTATION, ERRAND], ids=lambda one: one.key)
def test_it_needs_no_address_and_no_template_of_its_own(small: CaseKind) -> None:
    told = {name for name, value in vars(small).items() if value}
    assert not {"panels", "desk_urls", "portal_urls", "routers", "intake_page", "holder_pages"} & told
