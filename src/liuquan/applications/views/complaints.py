"""What is wrong with a form, kept with its draft: the answer leads to an address that says it, so that Back
asks for nothing to be sent again. The next thing that is sent takes its place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form

from liuquan.kernel import drafts
from liuquan.kernel.drafts import Draft
from liuquan.kernel.received_files import ReceivedFiles

AT: Final = "wrong"  #: the query of the address that shows it
_KEPT: Final = "complaint"


@dataclass(frozen=True)
class Complaint:
    """Sentences by field and by material, and one about the form as a whole."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    whole: str = ""

    @classmethod
    def kept_in(cls, draft: Draft | None) -> Self:
        """What was said about this draft last; nothing where all was well."""
        text = draft.values.get(_KEPT, "") if draft else ""
        return cls(**json.loads(text)) if text else cls()

    @classmethod
    def of(cls, form: Form) -> Self:
        """What this form says of its fields."""
        return cls(fields={name: [str(said) for said in errors] for name, errors in form.errors.items()})

    def keep(self, draft: Draft, *, now: datetime) -> None:
        """Keep it with the draft, in place of an earlier one."""
        told = {"fields": dict(self.fields), "files": dict(self.files), "whole": self.whole}
        drafts.write(draft.code, {**draft.values, _KEPT: json.dumps(told, ensure_ascii=False)}, now=now)

    def show(self, form: Form) -> None:
        """Say it in the form again, beside what the form finds by itself."""
        for name, sentences in self.fields.items():
            known = form.errors.get(name, ())
            for sentence in sentences:
                if sentence not in known and (name in form.fields or name == NON_FIELD_ERRORS):
                    form.add_error(None if name == NON_FIELD_ERRORS else name, sentence)

    def show_files(self, received: ReceivedFiles) -> None:
        """Say it beside the inputs of the files."""
        received.wrong = {**self.files, **received.wrong}
