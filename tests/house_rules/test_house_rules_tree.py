"""House rules about tables, folders, words and files of the whole tree."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

import liuquan
from liuquan.kernel.home import CHECKOUT

# From the top; modules of one line know nothing of each other.
LAYERS = (
    ("site",),
    ("exchange",),
    ("supervision",),
    ("caselog",),
    ("applications",),
    ("timekeeping",),
    ("catalogue", "casework"),
    ("journal",),
    ("parties",),
    ("organisation",),
    ("kernel",),
)
HEIGHT = {module: -number for number, line in enumerate(LAYERS) for module in line}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEFT_OUT = {".git", ".venv", ".liuquan", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", "vendor"}
BINARY = {".woff2", ".png", ".jpg", ".pdf", ".pyc", ".docx", ".xlsx", ".zip", ".br", ".gz", ".ico"}
MACHINE = re.compile(r"(?<![\w./-])/(?:work|root|tmp)/\w")
REGISTRY = re.compile(r"pypi[.]org|files[.]python[h]osted|registry[.]npm[j]s|deb[.]debian[.]org")


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("liuquan.")]


def points_down(module: str, target: str) -> bool:
    """Whether a table of the module may refer to a table of the target: of its own, or of a lower line."""
    return module == target or HEIGHT[target] < HEIGHT[module]


def test_foreign_keys_point_down_only() -> None:
    assert points_down("casework", "journal")
    assert not points_down("journal", "casework")
    assert not points_down("casework", "catalogue")
    wrong = [
        f"{model.__name__}.{field.name} points at {field.related_model.__name__}: refer by number or code"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and isinstance(field.related_model, type)
        if field.related_model._meta.app_label in HEIGHT
        if not points_down(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_table_has_a_chinese_name() -> None:
    nameless = [model.__name__ for model in our_models() if not CHINESE.search(str(model._meta.verbose_name))]
    assert not nameless, f"give these a Chinese verbose_name: {nameless}"


def test_the_migrations_make_the_tables_that_the_models_describe(db: None) -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit as changes:
        pytest.fail(f"run `./run python -m django makemigrations` and commit what it makes ({changes.code})")
    assert apps.get_app_config("kernel").models_module is not None


def test_every_folder_of_the_package_is_on_its_map() -> None:
    text = liuquan.__doc__ or ""
    package = CHECKOUT / "src" / "liuquan"
    folders = [path.parent.name for path in package.glob("*/__init__.py")]
    missing = [name for name in folders if not re.search(rf"^    {name}\s+\S|`{name}`", text, re.MULTILINE)]
    assert folders
    assert not missing, f"say in one line of liuquan/__init__.py what these are: {missing}"


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
