"""The rows of a disposal as they were for entries of the first vocabulary version. Frozen."""

from __future__ import annotations

from liuquan.casework.types import ProcedureV1, RowV1, StartV1

PROCEDURE_V1 = ProcedureV1(
    initial="asked",
    creation="disposal.asked",
    started=(StartV1("answer", "answer"),),
    rows={
        "disposal.asked_again": RowV1(target="asked", starts=(StartV1("answer", "answer"),)),
        "disposal.explained": RowV1(target="explained", stops=("answer",)),
        "disposal.judged": RowV1(target="judged", marks=("decided", "closed")),
        "disposal.correction_ordered": RowV1(
            target="correcting",
            starts=(StartV1("correction", "correction"),),
            cancels=("answer",),
            marks=("decided",),
        ),
        "disposal.corrected": RowV1(target="corrected", stops=("correction",), marks=("closed",)),
    },
    closed=frozenset({"corrected", "judged"}),
)
