"""The API at /api/v1: the modules' routers under one roof, OpenAPI 3.1 at /api/v1/openapi.json.

Refusals are problem+json, Chinese is unescaped, hostile characters are refused before any of this runs.
`liuquan api schema` writes the schema that the tests compare with.
"""

from __future__ import annotations

from django.urls import path

from liuquan.catalogue import api as catalogue
from liuquan.desk import api as desk
from liuquan.kernel.api import Api, ChineseJson
from liuquan.kernel.problems import speak_problems
from liuquan.site.wiring import KINDS
from liuquan.tracking import api as tracking

api = Api(
    title="六权 Liuquan",
    version="1",
    description=(
        "政务服务中心的接口：查事项、申请、查进度不需要账号；办理需要工作人员在本站登录后的会话。"
        "拒绝一律是 problem+json，detail 是一句写明接下来怎么做的话。说明见 docs/api.md。"
    ),
    docs_url=None,
    renderer=ChineseJson(),
    urls_namespace="api",
)
speak_problems(api)
api.add_router("", catalogue.router)
for kind in KINDS:
    for router in kind.routers:
        api.add_router("", router)
api.add_router("", tracking.router)
api.add_router("", desk.router)

urlpatterns = [path("", api.urls)]
