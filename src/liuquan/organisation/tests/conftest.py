"""The demo city as data, for the tests of the organisation."""

import tomllib
from typing import Any

import pytest

from liuquan.kernel.home import CHECKOUT
from liuquan.organisation import types

PACK = CHECKOUT / "packs" / "demo"
TABLES: dict[str, tuple[str, type[Any]]] = {
    "division": ("divisions", types.DivisionData),
    "body": ("bodies", types.BodyData),
    "unit": ("units", types.UnitData),
    "post": ("posts", types.PostData),
    "staff": ("staff", types.StaffData),
    "holding": ("holdings", types.HoldingData),
    "mandate": ("mandates", types.MandateData),
    "cover": ("covers", types.CoverData),
    "seal": ("seals", types.SealData),
    "promise": ("promises", types.PromiseData),
}


def read_pack() -> types.OrganisationData:
    tables = {}
    for name in ("divisions", "bodies"):
        tables |= tomllib.loads((PACK / f"{name}.toml").read_text())
    values: dict[str, Any] = {}
    for table, (field, row) in TABLES.items():
        values[field] = tuple(row(**{k: _frozen(v) for k, v in one.items()}) for one in tables[table])
    return types.OrganisationData(source="pack:demo", **values)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@pytest.fixture(scope="session")
def demo_city() -> types.OrganisationData:
    """The fictional city of the demo pack."""
    return read_pack()
