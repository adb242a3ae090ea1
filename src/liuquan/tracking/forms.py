"""Number and query code, as somebody types them from the slip."""

from __future__ import annotations

import unicodedata
from datetime import date

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict

from liuquan.casework.queries import CODE_LENGTH
from liuquan.identifiers import VERIFY_CODE_LENGTH, IdentifierError, parse_mobile
from liuquan.parties import queries as parties


def _line(label: str, help_text: str, *, most: int, **attrs: str) -> forms.CharField:
    """A line of at most so many characters. The browser is not told how many: it would cut what is pasted
    without a word."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        validators=[MaxLengthValidator(most, f"{label}太长，请核对。")],
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": f"没有填写{label}，请填写。"},
    )


class TrackForm(forms.Form):
    """Number and query code, as printed on the slip."""

    number = _line("编号", help_text="印在接收凭证上的一串号码", most=40, autocomplete="off")
    code = _line(
        "查询码",
        help_text=f"{CODE_LENGTH}位，不分大小写",
        most=40,
        autocomplete="off",
        autocapitalize="characters",
    )

    def clean_number(self) -> str:
        """Without the blanks and full-width digits that phones put in."""
        return plain(self.cleaned_data["number"])

    def clean_code(self) -> str:
        """Without grouping, in capitals. Refuses another length, which costs no try."""
        code = plain(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                f"查询码应为{CODE_LENGTH}位，现在是{len(code)}位，请照接收凭证核对。"
                f"印在二维码旁边的{VERIFY_CODE_LENGTH}位核验码不是查询码。"
            )
        return code


class MineForm(forms.Form):
    """Whose cases: the number of the document, and the mobile on record. Who was asked for no document, as
    on the hotline, gives the name. `today`: by which the number of somebody not yet born is refused."""

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    id_number = _line(
        "证件号码或者姓名",
        help_text="身份证号，单位填统一社会信用代码；打热线、网上反映诉求时没有留证件的，填姓名",
        most=40,
        autocomplete="off",
    )
    phone = _line("手机号码", help_text="办事时登记的手机号码", most=40, autocomplete="tel", inputmode="tel")

    def clean_id_number(self) -> str:
        """As it is registered. Refuses what can be no number of a document and no name."""
        typed = plain(self.cleaned_data["id_number"])
        if not any(character.isdigit() for character in typed):
            return str(self.cleaned_data["id_number"]).strip()
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
        most=40,
        autocomplete="one-time-code",
        inputmode="numeric",
    )

    def clean_code(self) -> str:
        """Without blanks. Refuses what is no six digits, which costs no try."""
        code = plain(self.cleaned_data["code"])
        if len(code) != 6 or not code.isdigit():
            raise forms.ValidationError("验证码是6位数字，请照收到的填写。")
        return code


def plain(text: str) -> str:
    """Letters and digits only, half-width, in capitals."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
