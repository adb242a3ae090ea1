"""A body for every act, made from the fields of its row: what the API reads, and what its document says.

A required value that is missing is left to the engine, which first says whether the act is possible at all;
the document names it as required.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, create_model

from liuquan.casework import queries as casework
from liuquan.casework import types
from liuquan.casework.types import FieldKind, Procedure, Snapshot, Transition, Who, condition_text
from liuquan.kernel.api import Asked


@cache
def act_model(kind: str, row: Transition) -> type[Asked]:
    """The body of an act: names it does not know are refused, static choices are an enumeration."""
    name = "".join(word.title() for word in f"{kind}_{row.action}".split("_"))
    made: dict[str, Any] = {one.name: _field(one, row) for one in row.takes}
    if row.names_assignment:
        made["assignment"] = (int | None, Field(None, description="办理哪一个环节，见 offers"))
    required = [one.name for one in row.takes if _is_required(one)]
    model: type[Asked] = create_model(
        name,
        __base__=Asked,
        __module__=__name__,
        __doc__=row.label,
        __cls_kwargs__={"json_schema_extra": {"required": required} if required else None},
        **made,
    )
    return model


def body_of(snapshot: Snapshot, action: str) -> type[Asked]:
    """The body of an act on this case. Refuses (400) an act that its procedure does not know."""
    return act_model(snapshot.kind, casework.row_of(snapshot, action))


def staff_models(procedure: Procedure) -> list[type[Asked]]:
    """The bodies of every act that staff can take."""
    alone = {Who.PARTY, Who.SYSTEM}
    return [act_model(procedure.kind, row) for row in procedure.rows if not alone.issuperset(row.who)]


def party_models(procedure: Procedure) -> list[type[Asked]]:
    """The bodies of every act that parties can take."""
    return [act_model(procedure.kind, row) for row in procedure.rows if Who.PARTY in row.who]


def given_values(body: Asked) -> dict[str, Any]:
    """Only what was given, as the engine takes it."""
    return body.model_dump(exclude_none=True)


def _field(one: types.Field, row: Transition) -> tuple[Any, Any]:
    """The type of a field and its description; nothing is demanded here."""
    choices = "，".join(f"{value} {label}" for value, label in one.choices.items())
    said = "。".join(filter(None, (one.label, one.help, choices, condition_text(one, row.takes))))

    def extra(schema: dict[str, Any]) -> None:
        schema.pop("default", None)
        if one.shown_if:
            schema["x-shown-if"] = one.shown_if.as_data()

    kept: Any = _type(one) if _is_required(one) else _type(one) | None
    judged = Annotated[kept, AfterValidator(_judgement(one))]
    return judged, Field(None, description=said, json_schema_extra=extra)


def _is_required(one: types.Field) -> bool:
    """Whether every body of the act must have it."""
    return one.required and one.shown_if is None and one.asked_if is None


def _type(one: types.Field) -> Any:
    text: Any = Annotated[str, Field(max_length=types.LONGEST_TEXT)]
    if one.choices:
        text = Literal[tuple(one.choices)]
    match one.kind:
        case FieldKind.MANY | FieldKind.FILES:
            return list[text]
        case FieldKind.TEXTS:
            return dict[str, text]
        case FieldKind.YES:
            return bool
        case FieldKind.DAYS:
            return Annotated[int, Field(strict=True, ge=0)]
        case FieldKind.DATE:
            return Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
        case FieldKind.AMOUNT:
            return Annotated[str, WithJsonSchema({"type": "string", "format": "decimal"})]
    return text


def _judgement(one: types.Field) -> Any:
    """The engine's own judgement of one value, so that both read it alike."""

    def judge(value: Any) -> Any:
        if sentence := casework.wrong_value(one, value):
            raise ValueError(sentence)
        return value

    return judge
