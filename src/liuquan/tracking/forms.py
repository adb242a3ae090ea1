"""Number and query code, as somebody types them from the slip."""

from __future__ import annotations

import unicodedata

from django import forms


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


def plain(text: str) -> str:
    """Letters and digits only, half-width, in capitals."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
