"""Takes the platform's rules into the wheel, unchanged: it stands alone, and anyone can compare them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Pure modules of the platform that the verifier needs.
MODULES = ("merkle", "draw")


class TakeInRules(BuildHookInterface[Any]):
    """Maps each source file, without the tests, to a folder of its own inside the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        package = Path(self.root).parent / "src" / "liuquan"
        sources = [package / "__init__.py"]
        for module in MODULES:
            sources += sorted((package / module).glob("*.py"))
        build_data["force_include"] |= {
            str(source): f"liuquan_verify/parts/liuquan/{source.relative_to(package).as_posix()}"
            for source in sources
        }
