"""What the API takes about applications."""

from __future__ import annotations

from typing import Annotated, Literal

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


class Page(Schema):
    """How much of a list is asked for."""

    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=64, description="上一页最后一件的办件编号，接着往后列")
