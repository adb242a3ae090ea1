"""House rules about tables, folders, words and files of the whole tree."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import Model

from liuquan import layers
from liuquan.kernel.home import CHECKOUT
from liuquan.testing.import_contracts import LayersOfTheMap, PureModules

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEFT_OUT = {".git", ".venv", ".liuquan", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", "vendor"}
BINARY = {".woff2", ".png", ".jpg", ".pdf", ".pyc", ".docx", ".xlsx", ".zip", ".br", ".gz", ".ico"}
MACHINE = re.compile(r"(?<![\w./-])/(?:work|root|tmp)/\w")
REGISTRY = re.compile(r"pypi[.]org|files[.]python[h]osted|registry[.]npm[j]s|deb[.]debian[.]org")


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("liuquan.")]


def points_down(module: str, target: str) -> bool:
    """Whether a table of the module may refer to a table of the target: of its own, or of a lower line."""
    above, below = layers.height(module), layers.height(target)
    assert above is not None, f"give `{module}` a line in liuquan/layers.py"
    return module == target or below is None or below < above


def test_foreign_keys_point_down_only() -> None:
    assert points_down("casework", "journal")
    assert not points_down("journal", "casework")
    assert not points_down("casework", "catalogue")
    wrong = [
        f"{model.__name__}.{field.name} points at {field.related_model.__name__}: refer by number or code"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and isinstance(field.related_model, type)
        if not points_down(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_table_has_a_chinese_name() -> None:
    nameless = [model.__name__ for model in our_models() if not CHINESE.search(str(model._meta.verbose_name))]
    assert not nameless, f"give these a Chinese verbose_name: {nameless}"


def test_the_migrations_make_the_tables_that_the_models_describe() -> None:
    loader = MigrationLoader(None)
    assert not loader.detect_conflicts(), "two migrations follow the same one: put one after the other"
    made = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    missing = {
        app: [operation.describe() for one in found for operation in one.operations]
        for app, found in made.changes(graph=loader.graph).items()
        if apps.get_app_config(app).name.startswith("liuquan.")
    }
    assert not missing, f"run `./run python -m django makemigrations` and commit what it makes: {missing}"


def test_every_folder_of_the_package_has_a_line_in_the_list_of_layers() -> None:
    there = {path.parent.name for path in (CHECKOUT / "src" / "liuquan").glob("*/__init__.py")} - {"testing"}
    listed = [module.name for module in layers.modules()]
    planned = {module.name for module in layers.modules() if module.is_planned}
    assert len(listed) == len(set(listed)), "a module stands twice in liuquan/layers.py"
    assert not there - set(listed), "give these a line in liuquan/layers.py, on their layer"
    assert not planned & there, "these are there now: take out `is_planned` in liuquan/layers.py"
    assert not set(listed) - planned - there, "take these out of liuquan/layers.py, or say `is_planned`"


def test_the_list_of_layers_is_written_once() -> None:
    assert [app for app in settings.INSTALLED_APPS if app.startswith("liuquan.")] == layers.installed_apps()
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    of_the_tree = [contract for contract in contracts if contract.get("containers") != ["liuquan.journal"]]
    assert [contract["type"] for contract in of_the_tree] == ["layers_of_the_map", "pure_modules"]
    assert "layers" not in contracts[0], "pyproject.toml: the layers stand in liuquan/layers.py"


def test_the_import_contract_knows_lines_of_several_and_planned_modules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pair = (layers.Module("hall", "windows"), layers.Module("hotline", "calls", is_planned=True))
    law = layers.Module("law", "citations", layers.Kind.PURE)
    monkeypatch.setattr(layers, "LAYERS", (pair, (law,)))
    assert layers.import_layers() == ["hall | (hotline)", "law"]
    assert layers.installed_apps() == ["liuquan.hall"]
    assert (layers.height("hotline"), layers.height("law"), layers.height("auth")) == (1, 0, None)
    contract = LayersOfTheMap("", {"root_packages": ["liuquan"]}, {"containers": ["liuquan"]})
    assert [len(layer.module_tails) for layer in contract.layers] == [2, 1]
    pure = PureModules("", {}, {"source_modules": ["liuquan.*.rules"], "forbidden_modules": ["django"]})
    assert {str(one) for one in pure.source_modules} == {"liuquan.law", "liuquan.*.rules"}


def test_no_file_names_a_machine_or_a_registry() -> None:
    # Put together, so that this file does not hold what it looks for.
    assert MACHINE.search("/".join(("see ", "work", "main")))
    assert not MACHINE.search("/".join(("the page desk", "work", "list")))
    assert REGISTRY.search(".".join(("pypi", "org")))
    found = []
    for path in files_of_the_tree():
        text = path.read_text(errors="replace")
        for hit in [*MACHINE.finditer(text), *REGISTRY.finditer(text)]:
            line = text.count("\n", 0, hit.start()) + 1
            found.append(f"{path.relative_to(CHECKOUT)}:{line}: {hit.group()}: name no machine, no registry")
    assert not found, "\n".join(found)


def test_every_table_stands_in_the_glossary() -> None:
    glossary = CHECKOUT / "docs" / "glossary.md"
    if not glossary.exists():
        pytest.skip("docs/glossary.md is not written yet")
    rows = [line for line in glossary.read_text().splitlines() if line.startswith("|")]
    missing = [
        model.__name__ for model in our_models() if not any(f"`{model.__name__}`" in row for row in rows)
    ]
    assert not missing, f"give these a row in docs/glossary.md: {missing}"


def files_of_the_tree() -> list[Path]:
    found = []
    waiting = [CHECKOUT]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.name in LEFT_OUT or path.suffix in BINARY:
                continue
            if path.is_dir():
                waiting.append(path)
            elif path.is_file():
                found.append(path)
    assert CHECKOUT / "pyproject.toml" in found
    return found
