"""`api schema`: the OpenAPI document of this version."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from liuquan.kernel.refusals import BadInput
from liuquan.site.commands import Answer, Command


def schema_text() -> str:
    """The document as it is committed in docs/openapi.json."""
    return json.dumps(_document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def schema(asked: Namespace) -> Answer:
    """Print the document, or write it to a file."""
    if not asked.output:
        return Answer(schema_text(), _document())
    path = Path(asked.output)
    try:
        path.write_text(schema_text(), encoding="utf-8")
    except OSError as trouble:
        raise BadInput(f"“{path}”写不进去（{trouble.strerror}），请换一个文件。") from trouble
    return Answer(f"接口文档已写入 {path}。", {"written": str(path)})


def _document() -> dict[str, Any]:
    from liuquan.site.api import api

    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FILE", help="写入文件，而不是打印 / write to a file")


COMMANDS = [
    Command(
        "api schema",
        "接口文档（OpenAPI 3.1）/ the OpenAPI document",
        schema,
        _arguments,
        needs_database=False,
    )
]
