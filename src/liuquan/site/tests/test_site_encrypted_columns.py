"""No encrypted column is forgotten when keys change: the list is held against models and code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import BinaryField

import liuquan
from liuquan.site.encrypted_columns import ENCRYPTED, NOT_ENCRYPTED

PACKAGE = Path(liuquan.__file__).parent
SEALING = {"encrypt", "encrypt_bytes"}
KEPT = {"drafts.py", "files.py"}  #: of the kernel, these keep what they encrypt


def bytes_columns() -> dict[tuple[str, str], str]:
    """Every column of bytes in our tables, with the primary key of its table."""
    return {
        (model._meta.db_table, field.column): model._meta.pk.column
        for model in apps.get_models()
        if model.__module__.startswith("liuquan.")
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField)
    }


def purposes(tree: ast.Module) -> Iterator[str]:
    """The purposes with which a file calls `encrypt` or `encrypt_bytes`."""
    named = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for keyword in node.keywords:
            if called in SEALING and keyword.arg == "purpose":
                value = keyword.value
                yield (
                    str(value.value)
                    if isinstance(value, ast.Constant)
                    else str(named.get(value.id, value.id))
                    if isinstance(value, ast.Name)
                    else ast.unparse(value)
                )


def test_every_column_of_bytes_is_listed_as_encrypted_or_not() -> None:
    plain = {(apps.get_model(model)._meta.db_table, column) for model, column in NOT_ENCRYPTED}
    listed = {(each.table, each.column) for each in ENCRYPTED} | plain
    assert len(listed) == len(ENCRYPTED) + len(NOT_ENCRYPTED), "a column stands in both lists"
    there = bytes_columns()
    assert set(there) - listed == set(), "list these in site/encrypted_columns.py"
    assert listed - set(there) == set(), "these are no columns any more: take them out of the list"
    assert {each: each.key for each in ENCRYPTED} == {
        each: there[each.table, each.column] for each in ENCRYPTED
    }


def test_every_purpose_that_the_code_encrypts_for_has_its_column() -> None:
    sample = ast.parse('_A = "a.b"\nencrypt(x, purpose=_A)\nsecrecy.encrypt_bytes(x, purpose="c.d")')
    assert list(purposes(sample)) == ["a.b", "c.d"]
    sources = [path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts]
    texts = [path.read_text() for path in sources if path.parent.name != "kernel" or path.name in KEPT]
    used = {purpose for text in texts if "encrypt" in text for purpose in purposes(ast.parse(text))}
    assert used == {each.purpose for each in ENCRYPTED}
