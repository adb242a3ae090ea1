"""Number and query code, as somebody types them from the slip."""

from __future__ import annotations

import unicodedata
from datetime import date

from django import forms
from django.http import QueryDict

from liuquan.identifiers import IdentifierError, parse_mobile
from liuquan.parties import queries as parties


def _line(label: str, help_text: str, **attrs: str) -> forms.CharField:
    most = int(attrs["maxlength"])
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": f"没有填写{label}，请填写。", "max_length": f"{label}太长，请核对。"},
    )


class TrackForm(forms.Form):
    """Number and query code, as printed on the slip."""

    number = _line("编号", help_text="印在凭证上的一串号码", autocomplete="off", maxlength="40")
    code = _line(
        "查询码",
        help_text="10位，不分大小写",
        autocomplete="off",
        maxlength="30",
        autocapitalize="characters",
    )

    def clean_number(self) -> str:
        """Without the blanks and full-width digits that phones put in."""
        return plain(self.cleaned_data["number"])

    def clean_code(self) -> str:
        """Without grouping, in capitals."""
        return plain(self.cleaned_data["code"])


class MineForm(forms.Form):
    """Whose cases: the number of the document, and the mobile on record. `today`: by which the number of
    somebody not yet born is refused."""

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    id_number = _line(
        "证件号码", help_text="身份证号，单位填统一社会信用代码", autocomplete="off", maxlength="40"
    )
    phone = _line(
        "手机号码", help_text="办事时登记的手机号码", autocomplete="tel", inputmode="tel", maxlength="20"
    )

    def clean_id_number(self) -> str:
        """As it is registered. Refuses what can be no number of a document."""
        typed = plain(self.cleaned_data["id_number"])
        found = parties.find(typed, today=self.today)
        if found.error:
            raise forms.ValidationError(found.error)
        return typed

    def clean_phone(self) -> str:
        """Digits only. Refuses what can be no mobile number."""
        try:
            return parse_mobile(self.cleaned_data["phone"])
        except IdentifierError as wrong:
            raise forms.ValidationError(wrong.sentence) from wrong


class CodeForm(forms.Form):
    """The code that was sent."""

    code = _line(
        "验证码",
        help_text="6位数字，10分钟内有效",
        autocomplete="one-time-code",
        inputmode="numeric",
        maxlength="20",
    )

    def clean_code(self) -> str:
        """Without blanks."""
        return plain(self.cleaned_data["code"])


def plain(text: str) -> str:
    """Letters and digits only, half-width, in capitals."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
