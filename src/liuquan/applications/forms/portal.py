"""What an applicant types. The form is checked here, so that errors are shown before any file is chosen."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms

from liuquan.identifiers import (
    IdentifierError,
    parse_draft_code,
    parse_mobile,
    parse_resident_id,
    parse_uscc,
)
from liuquan.parties.types import PartyKind

LONGEST_MATTER = 500
_PERSON, _ORGANISATION = "person", "organisation"
KINDS = ((_PERSON, "个人"), (_ORGANISATION, "单位"))
#: field of a refusal by `parties` → field of this form
_PARTY_FIELDS = {"name": "name", "id_number": "id_number", "uscc": "id_number", "phone": "phone"}


def _text(label: str, *, required: bool = True, help_text: str = "", **attrs: str) -> forms.CharField:
    most = int(attrs.get("maxlength", 100))
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=most,
        widget=forms.TextInput(attrs={"maxlength": str(most), **attrs}),
        error_messages={"required": f"没有填写{label}，请填写。", "max_length": f"{label}太长，请核对。"},
    )


class ApplicantForm(forms.Form):
    """Who applies, who acts for them, and what about."""

    as_kind = forms.ChoiceField(choices=KINDS, widget=forms.HiddenInput, required=False)
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = _text("姓名", help_text="与身份证一致", autocomplete="name")
    id_number = _text("身份证号", maxlength="40", autocomplete="off", spellcheck="false")
    phone = _text(
        "手机号码", help_text="补正和结果通知会用到", maxlength="30", inputmode="tel", autocomplete="tel"
    )
    matter = forms.CharField(
        label="要办的事",
        required=False,
        max_length=LONGEST_MATTER,
        help_text="用一两句话说明，例如：在幸福路开一家面馆，60平方米",
        widget=forms.Textarea(attrs={"rows": "3", "maxlength": str(LONGEST_MATTER)}),
        error_messages={"max_length": f"说明太长，请压缩到{LONGEST_MATTER}字以内。"},
    )
    agent_name = _text("代办人姓名", required=False, autocomplete="off")
    agent_id_number = _text("代办人身份证号", required=False, maxlength="40", autocomplete="off")
    agent_phone = _text("代办人手机号码", required=False, maxlength="30", inputmode="tel", autocomplete="off")

    def __init__(self, *args: Any, kind: str = _PERSON, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind == _ORGANISATION:
            self._say("name", "单位名称", "与营业执照或登记证书一致", autocomplete="organization")
            self._say("id_number", "统一社会信用代码", "18位，在营业执照右上角")
            self._say("phone", "联系手机", "补正和结果通知会用到")
        for name, field in self.fields.items():
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"

    def _say(self, name: str, label: str, hint: str, **attrs: str) -> None:
        field = self.fields[name]
        field.label, field.help_text = label, hint
        field.error_messages["required"] = f"没有填写{label}，请填写。"
        field.widget.attrs.update(attrs)

    @cached_property
    def key(self) -> uuid.UUID:
        """The submission key: the one that the page carried, otherwise a new one."""
        try:
            return uuid.UUID(str(self["submission_key"].value()))
        except ValueError:
            return uuid.uuid4()

    @property
    def is_empty(self) -> bool:
        """Whether nobody has typed anything yet."""
        return not any(text for name, text in self.typed if name != "as_kind")

    @property
    def has_agent(self) -> bool:
        """Whether somebody acts for the applicant."""
        return bool(self.cleaned_data.get("agent_name") or self.cleaned_data.get("agent_id_number"))

    @property
    def party_kind(self) -> PartyKind:
        """What the applicant would be registered as."""
        return "organisation" if self.kind == _ORGANISATION else "person"

    @property
    def agent(self) -> dict[str, str]:
        """Who acts for the applicant, as `parties` registers a person."""
        return {name: self.cleaned_data[f"agent_{name}"] for name in ("name", "id_number", "phone")}

    @property
    def agent_is_open(self) -> bool:
        """Whether the collapsible part about the agent is shown open."""
        return any(self[name].value() for name in ("agent_name", "agent_id_number", "agent_phone"))

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was typed, for the hidden fields that carry it to the next page."""
        return [(name, str(self[name].value() or "")) for name in self.fields if name != "submission_key"]

    def clean_id_number(self) -> str:
        """The number in normal form; says which characters are wrong."""
        if self.kind == _ORGANISATION:
            return _read(lambda: parse_uscc(self.cleaned_data["id_number"]).number)
        return _read(lambda: parse_resident_id(self.cleaned_data["id_number"]).number)

    def clean_phone(self) -> str:
        """The mobile in normal form."""
        return _read(lambda: str(parse_mobile(self.cleaned_data["phone"])))

    def clean_agent_id_number(self) -> str:
        """As the applicant's, when there is an agent."""
        given = self.cleaned_data["agent_id_number"]
        return _read(lambda: parse_resident_id(given).number) if given else ""

    def clean_agent_phone(self) -> str:
        """As the applicant's, when there is an agent."""
        given = self.cleaned_data["agent_phone"]
        return _read(lambda: str(parse_mobile(given))) if given else ""

    def clean(self) -> dict[str, Any]:
        """Require all details of an agent, or none."""
        data = super().clean() or self.cleaned_data
        agent = [name for name in ("agent_name", "agent_id_number", "agent_phone") if self.data.get(name)]
        for name in ("agent_name", "agent_id_number"):
            if agent and not self.data.get(name) and name not in self.errors:
                self.add_error(name, f"由别人代办的，请填写{self.fields[name].label}。")
        return data

    def refuse_own_agent(self) -> None:
        """Nobody acts for themselves."""
        self.add_error("agent_id_number", "代办人和申请人是同一个人，不用填写代办人。")

    def refused(self, fields: dict[str, str], *, of_agent: bool = False) -> None:
        """Show a refusal of the parties at the fields it is about."""
        for field, sentence in fields.items():
            name = _PARTY_FIELDS.get(field, "")
            name = f"agent_{name}" if of_agent and name else name
            self.add_error(name if name in self.fields else None, sentence)


class DraftForm(forms.Form):
    """The code of a draft, as somebody noted it down."""

    code = _text(
        "草稿码", help_text="12位，不分大小写", maxlength="40", autocomplete="off", spellcheck="false"
    )

    def clean_code(self) -> str:
        """Without grouping, in capitals; says which character is wrong."""
        return _read(lambda: parse_draft_code(self.cleaned_data["code"]))


def _read(parse: Callable[[], str]) -> str:
    try:
        return parse()
    except IdentifierError as error:
        raise forms.ValidationError(error.sentence) from None
