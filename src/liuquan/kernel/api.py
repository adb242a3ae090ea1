"""What every part of the API shares: Chinese as it is, refusals as documented problems, JSON with files.

A router documents what it refuses with `refusals(404, 409)`; a body that may come with files is read by
`read_submission` and documented by `submission_body`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder
from ninja.schema import NinjaGenerateJsonSchema
from ninja.security import SessionAuth
from pydantic import ConfigDict, Field
from pydantic import ValidationError as Invalid

from liuquan.clock import Deadline, explanation_text
from liuquan.kernel.refusals import Malformed, NotAllowed, Refusal, TooLarge
from liuquan.kernel.uploads import LIMIT_BYTES

PROBLEM: Final = "application/problem+json"
JSON_PART: Final = "json"
FILES_AT_MOST: Final = 40
BYTES_AT_MOST: Final = 60 * 1024 * 1024  # of all files together: they are in memory while they are checked

Given = TypeVar("Given", bound=Schema)


def value_at(path: str) -> Any:
    """A field whose value stands elsewhere in what a view returns: "snapshot.number". Views return the values
    of their module; the schema of the answer picks from them what it shows."""
    return Field(validation_alias=path)


class Asked(Schema):
    """A body as the documentation has it; a name it does not know is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Problem(Schema):
    """A refusal (RFC 9457). `detail`: one Chinese sentence that says what to do next; `citation`: the article
    it rests on; `fields`: each wrong field by name; `code`: a stable word for programs."""

    type: str
    title: str
    status: int
    detail: str
    citation: str
    code: str
    fields: dict[str, str]
    details: dict[str, Any]


class CountedDay(Schema):
    """One day between start and end: `ordinal` when it was counted; `reason` says why, or why not."""

    on: date
    ordinal: int | None
    reason: str
    source: str
    assumed: bool


class Count(Schema):
    """How a limit was counted: last day, first moment that is too late, every day, and the articles.

    `provisional`: it crosses days whose holiday notice is not published yet, and may still move. `checked`:
    how the number was read, `V` in the law's own text, `V2` in a text that quotes it, `M` a default of this
    system; `basis`: what it rests on, with that said.
    """

    label: str = value_at("limit.label")
    limit: str = value_at("limit.text")
    checked: str = value_at("limit.verification")
    start_on: date
    due_on: date
    due_at: datetime
    provisional: bool
    text: str
    citations: list[str]
    basis: list[str]
    days: list[CountedDay]

    @staticmethod
    def resolve_text(found: Deadline) -> str:
        """In words, as papers say it."""
        return explanation_text(found)


def pdf_answer(pdf: bytes) -> HttpResponse:
    """A paper for download, kept by no cache."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="paper.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


class Posted(Schema):
    """Which of their posts the actor takes; the site's middleware reads it."""

    acting_post: str = Field("", alias="Acting-Post", max_length=40, description="以哪个岗位办理")


class Once(Schema):
    """The header of a submission that may be sent again after a broken connection."""

    idempotency_key: str = Field(
        "",
        alias="Idempotency-Key",
        max_length=64,
        json_schema_extra={"format": "uuid"},
        description="客户端自定的 UUID：同一当事人、同一事项、同一值只收一件",
    )


class StaffSession(SessionAuth):
    """The session of the site, with the CSRF token on everything that writes."""

    def __call__(self, request: HttpRequest) -> Any:
        """The user, or a refusal that says what to do."""
        try:
            return super().__call__(request)
        except HttpError:
            raise NotAllowed(
                "请求没有带上有效的 CSRF 令牌，请把 csrftoken 的值放进 X-CSRFToken 头后重试。",
                code="form_expired",
            ) from None


def acting(request: HttpRequest) -> Any:
    """Who acts, in the post of the header `Acting-Post` or the one chosen at the desk. Refuses (403) who has
    no post today, or not this one."""
    refusal: Refusal | None = getattr(request, "actor_refusal", None)
    if refusal is not None:
        raise refusal
    return request.__dict__["actor"]


class ChineseJson(BaseRenderer):
    """JSON with Chinese unescaped."""

    media_type = "application/json"
    charset = "utf-8"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        """The answer as text."""
        return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False)


class Api(NinjaAPI):
    """A ninja API whose documentation names the bodies that may come with files, and gives refusals their own
    media type."""

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        """The schema as clients read it."""
        schema = deepcopy(super().get_openapi_schema(**asked))
        components = schema["components"]["schemas"]
        for operation in (one for path in schema["paths"].values() for one in path.values()):
            _name_body(operation, components)
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {PROBLEM: answer["content"]["application/json"]}
                    answer["description"] = _MEANINGS[int(status)]
        return schema


_MEANINGS: Final = {
    400: "请求无法识别：控制字符、格式不对的 JSON 或者不成立的地址",
    403: "没有登录、会话过期，或者所在岗位没有这项授权",
    404: "没有，或者对您不可见（两种情况的回答相同）",
    409: "现在的状态不允许，或者另一个人刚刚办理了",
    413: "内容过大",
    422: "填写的内容有误，逐项见 fields",
    429: "操作过于频繁，Retry-After 是应等待的秒数",
    503: "暂时无法办理，请稍后重试",
}


def refusals(*statuses: int) -> dict[int, type[Problem]]:
    """The refusals of one operation, for its `response=`; 400 and 422 are always among them."""
    return dict.fromkeys(sorted({400, 422, *statuses}), Problem)


def read_submission(request: HttpRequest, shape: type[Given]) -> tuple[Given, dict[str, list[Any]]]:
    """The JSON of the body and the files that came with it, by the name of their part.

    The body is either JSON alone, or multipart/form-data with the JSON in the part `json` and one part a
    file. Refuses another form of body (400), too many files or one over the limit (413), JSON that is not as
    documented (422).
    """
    if request.content_type == "multipart/form-data":
        text: str | bytes = request.POST.get(JSON_PART, "") or "{}"
        files = {name: request.FILES.getlist(name) for name in request.FILES}
    elif request.content_type == "application/json":
        text, files = request.body or b"{}", {}
    else:
        raise Malformed("请用 application/json 或者 multipart/form-data 提交。", code="wrong_body")
    _refuse_heavy(files)
    try:
        return shape.model_validate_json(text), files
    except Invalid as error:
        rows = [{"loc": (JSON_PART, *row["loc"]), "msg": row["msg"]} for row in error.errors()]
        raise ValidationError(rows) from error


def submission_body(*shapes: type[Schema], files: str) -> dict[str, Any]:
    """The `openapi_extra` of an operation that reads its body with `read_submission`; `files` says what the
    names of the file parts mean. Several shapes: the body has one of them."""

    def schema() -> dict[str, Any]:
        every = [
            shape.model_json_schema(
                ref_template="#/components/schemas/{model}", schema_generator=NinjaGenerateJsonSchema
            )
            for shape in shapes
        ]
        return every[0] if len(every) == 1 else {"anyOf": every}

    named = {"type": "object", "properties": {JSON_PART: schema()}, "required": [JSON_PART]}
    named["additionalProperties"] = {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "description": files,
    }
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": schema()},
                "multipart/form-data": {
                    "schema": named,
                    "encoding": {JSON_PART: {"contentType": "application/json"}},
                },
            },
        }
    }


def _name_body(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """Move the body's schema, or each of several, to the components, and refer to it."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        whole = schema["properties"].get(JSON_PART, {}) if content.get("encoding") else schema
        for part in whole.get("anyOf", [whole]):
            if "title" not in part:
                continue
            components.update(part.pop("$defs", {}))
            name = part["title"]
            components[name] = dict(part)
            part.clear()
            part["$ref"] = f"#/components/schemas/{name}"


def _refuse_heavy(files: Mapping[str, list[Any]]) -> None:
    every = [file for group in files.values() for file in group]
    if len(every) > FILES_AT_MOST:
        raise TooLarge(f"一次最多上传 {FILES_AT_MOST} 个文件，请分几次提交。")
    if sum(file.size for file in every) > BYTES_AT_MOST:
        raise TooLarge(f"文件合计超过 {BYTES_AT_MOST // 1024 // 1024} MB，请压缩图片或分几次提交。")
    for file in every:
        if file.size > LIMIT_BYTES:
            raise TooLarge(
                f"文件“{file.name}”超过 {LIMIT_BYTES // 1024 // 1024} MB，请压缩图片或分成几份后再上传。"
            )
