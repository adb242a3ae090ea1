"""The contracts of import-linter that read the list of layers from `liuquan.layers`.

`pyproject.toml` names them under `[tool.importlinter]`; what they need beside the list stands there.
"""

from typing import Any

from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from liuquan import layers


class LayersOfTheMap(LayersContract):
    """A module imports only from layers below its own."""

    def __init__(self, name: str, session_options: dict[str, Any], contract_options: dict[str, Any]) -> None:
        options = {**contract_options, "layers": layers.import_layers()}
        super().__init__(name, session_options, options)


class PureModules(ForbiddenContract):
    """The pure modules, and the files named under `source_modules`, do not import what is forbidden."""

    def __init__(self, name: str, session_options: dict[str, Any], contract_options: dict[str, Any]) -> None:
        pure = [f"liuquan.{module.name}" for module in layers.modules(layers.Kind.PURE)]
        options = {**contract_options, "source_modules": [*pure, *contract_options["source_modules"]]}
        super().__init__(name, session_options, options)
