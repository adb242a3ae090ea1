"""Refusals: how the system says no.

Every "no" that a person can meet is one of these exceptions, raised where the reason is known and turned
into an answer at the edge (``kernel.middleware``): problem+json for programs, a calm page for people.
A refusal carries ONE clear sentence in Chinese that says what to do next, and the article it rests on.

No Django here: pure modules above the kernel may raise these too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):
    """Something was asked that cannot be done; nothing happened.

    ``sentence``: one Chinese sentence for the person who asked, saying what to do next.
    ``citation``: the article it rests on, empty when no law is involved.
    ``code``: a stable word for programs; ``details``: values for programs, never personal data.
    """

    status: ClassVar[int] = 400
    title: ClassVar[str] = "无法办理"
    default_code: ClassVar[str] = "refused"

    def __init__(
        self,
        sentence: str,
        *,
        citation: str = "",
        code: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.citation = citation
        self.code = code or self.default_code
        self.details: dict[str, Any] = dict(details or {})

    def __str__(self) -> str:
        return f"{self.sentence}（{self.citation}）" if self.citation else self.sentence

    def problem(self) -> dict[str, Any]:
        """The refusal as an RFC 9457 problem object (without ``instance``)."""
        return {
            "type": f"urn:liuquan:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.sentence,
            "citation": self.citation,
            "code": self.code,
            "fields": self.fields,
            "details": self.details,
        }

    @property
    def fields(self) -> dict[str, str]:
        """Field name → sentence; only ``BadInput`` fills it."""
        return {}


class WrongState(Refusal):
    """The procedure does not allow this act in the present state (409)."""

    status = 409
    title = "现在不能这样办理"
    default_code = "wrong_state"


class SomebodyWasFirst(Refusal):
    """Another person changed the same thing a moment before (409)."""

    status = 409
    title = "已有人先行办理"
    default_code = "somebody_was_first"


class NotAllowed(Refusal):
    """The acting post has no mandate for this act (403)."""

    status = 403
    title = "没有此项权限"
    default_code = "not_allowed"


class SignedOut(NotAllowed):
    """Nobody is signed in any more (403). `labels`: what the fields of the form are called, by name."""

    title = "请先登录"
    default_code = "signed_out"

    def __init__(self, sentence: str, *, labels: Mapping[str, str] | None = None, code: str = "") -> None:
        super().__init__(sentence, code=code)
        self.labels = dict(labels or {})


class Expired(NotAllowed):
    """The page was open too long to be sent (403)."""

    title = "页面已经过期"
    default_code = "form_expired"


class NotVisible(Refusal):
    """There is no such thing, or not for this reader: both answer alike (404)."""

    status = 404
    title = "没有找到"
    default_code = "not_visible"


class BadInput(Refusal):
    """What was filled in cannot be used; ``fields`` says which field and why (422)."""

    status = 422
    title = "填写内容有误"
    default_code = "bad_input"

    def __init__(
        self,
        sentence: str,
        *,
        fields: Mapping[str, str] | None = None,
        citation: str = "",
        code: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence, citation=citation, code=code, details=details)
        self._fields = dict(fields or {})

    @property
    def fields(self) -> dict[str, str]:
        """Field name → what is wrong with it, in one sentence."""
        return dict(self._fields)


class Malformed(Refusal):
    """The request itself cannot be read: hostile characters, broken JSON (400)."""

    status = 400
    title = "请求无法识别"
    default_code = "malformed"


class TooLarge(Refusal):
    """More bytes than are taken (413)."""

    status = 413
    title = "内容过大"
    default_code = "too_large"


class TooMany(Refusal):
    """Too many tries; ``details["retry_after"]`` is the wait in whole seconds (429)."""

    status = 429
    title = "操作过于频繁"
    default_code = "too_many"


class Unavailable(Refusal):
    """A part the answer needs is not there just now; trying again later is right (503)."""

    status = 503
    title = "暂时无法办理"
    default_code = "unavailable"
