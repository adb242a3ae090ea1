"""The papers of a consultation: the slip with number and code, and the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from liuquan.clock import chinese_date
from liuquan.kinds.types import Context, Paper, grouped
from liuquan.testing.consultation.procedure import FILES, WAYS


def _slip(c: Context) -> dict[str, Any]:
    return {
        "facts": [
            ["咨询人", c.addressee],
            ["咨询事项", c.item],
            ["咨询编号", c.snapshot.number],
            ["查询码", grouped(c.code)],
            ["登记日期", chinese_date(c.acted_on)],
            ["最迟答复", c.due("answer")],
        ],
        "paragraphs": ["凭咨询编号和查询码，可以随时查询、补充说明、领取答复。"],
    }


def _answer(c: Context) -> dict[str, Any]:
    way, meets_on = c.said("way"), c.said("meets_on")
    told = [f"你（单位）提出的“{c.item}”（编号{c.snapshot.number}），现{WAYS[way]}如下：", c.said("answer")]
    if meets_on:
        told.append(f"请于{chinese_date(date.fromisoformat(meets_on))}到本单位当面说明。")
    if reason := c.said("reason"):
        told.append(f"还需要另找其他单位：{reason}")
    return {"paragraphs": told, "attachments": [FILES[key] for key in c.public.get("files", ())]}


PAPERS = (
    Paper("slip", "咨询登记单", True, _slip, mark="咨登"),
    Paper("answer", "咨询答复书", False, _answer, mark="咨复"),
)
