"""What the API takes about applications."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from liuquan.kernel.api import Asked

Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=4000)]
Keys = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=100)]


class Person(Asked):
    """A natural person, by the identity card."""

    kind: Literal["person"] = "person"
    name: Short
    id_number: str = Field(max_length=40, description="18位居民身份证号")
    phone: str = Field("", max_length=40, description="手机号码，用于通知")


class Organisation(Asked):
    """An organisation, by its unified social credit code."""

    kind: Literal["organisation"]
    name: Short
    uscc: str = Field(max_length=40, description="18位统一社会信用代码")
    phone: str = Field("", max_length=40, description="联系人手机号码")


Applicant = Annotated[Person | Organisation, Field(discriminator="kind")]


class Submission(Asked):
    """An application. Incomplete ones are received too: what is missing is told afterwards, once."""

    item_code: str = Field(max_length=64, description="事项实施编码")
    applicant: Applicant
    agent: Person | None = Field(None, description="代办人")
    matter: Long = Field("", description="申请内容")


class Intake(Submission):
    """An application taken in at the window; the actor's post must be mandated for it."""

    materials: Keys = Field(default_factory=list, description="当场核对收下的材料键")


class Supplement(Asked):
    """What the one-time notice asked for comes as files; nothing else is to be said."""


class Act(Asked):
    """The values of an act; which of them it takes is said by the case's list of acts (`offers`)."""

    assignment: int | None = Field(None, description="办理哪一个环节（complete_step）")
    materials: Keys | None = Field(None, description="当场收下的材料键")
    items: Keys | None = Field(None, description="需要补正的材料键，必须一次列全")
    remarks: Long | None = None
    corrections: Long | None = Field(None, description="当场更正了什么")
    reason: Long | None = Field(None, description="理由：事实和依据")
    request: Long | None = Field(None, description="申请人签名的书面撤回请求（withdraw_at_window）")
    standard: Short | None = Field(None, description="所依据的公布的标准")
    amount: Short | None = Field(None, description="决定的金额，元，最多两位小数（事项有金额的 grant）")
    refer_to: Short | None = Field(None, description="应当受理的机关")
    result: Literal["agree", "agree_with_conditions", "disagree"] | None = None
    opinion: Long | None = None
    second_officer: Short | None = Field(None, description="另一名核查人员的工号")
    ground: Short | None = Field(None, description="不计入期限的法定事由")
    until: date | None = Field(None, description="预计结束日期")
    document: Short | None = Field(None, description="告知文书说明")
    again: Long | None = Field(None, description="同一事由再次启动特别程序的理由")
    days: int | None = Field(None, description="延长的工作日")
    clock: Short | None = Field(None, description="更正哪一项期限的起算日（correct_anchor）")
    to: date | None = Field(None, description="正确的起算日")
    evidence: Short | None = Field(None, description="更正所凭的书面证据")
    cause: Short | None = Field(None, description="超过承诺时限的原因，从列明的原因中选（explain_late）")
    note: Long | None = Field(None, description="不公开的内部说明")
    way: Literal["pick_up", "post", "electronic"] | None = None

    def data(self) -> dict[str, Any]:
        """Only what was given."""
        return self.model_dump(exclude_none=True)


class Holder(Schema):
    """The headers of whoever holds the slip of a case."""

    query_code: str = Field(alias="Query-Code", max_length=40, description="回执单上的查询码")


class Once(Schema):
    """The header of a submission that may be sent again after a broken connection."""

    idempotency_key: str = Field(
        "",
        alias="Idempotency-Key",
        max_length=64,
        json_schema_extra={"format": "uuid"},
        description="客户端自定的 UUID：同一申请人、同一事项、同一值只收一件",
    )


class Page(Schema):
    """How much of a list is asked for."""

    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=64, description="上一页最后一件的办件编号，接着往后列")
