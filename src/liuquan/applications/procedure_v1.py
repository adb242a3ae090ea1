"""The rows of an application as they were for entries of the first vocabulary version. Frozen."""

from __future__ import annotations

from liuquan.casework.types import ProcedureV1, RowV1, StartV1

PROCEDURE_V1 = ProcedureV1(
    initial="received",
    creation="application.submitted",
    started=(StartV1("acceptance", "acceptance", on_expiry="deem_accepted", anchor="filed"),),
    rows={
        "application.accepted": RowV1(
            target="examining",
            target_when_done="deciding",
            starts=(StartV1("statutory", "statutory"), StartV1("promised", "promised")),
            stops=("acceptance",),
            opens_route=True,
            marks=("accepted",),
        ),
        "application.accepted_corrected": RowV1(
            target="examining",
            target_when_done="deciding",
            starts=(StartV1("statutory", "statutory"), StartV1("promised", "promised")),
            stops=("acceptance",),
            opens_route=True,
            marks=("accepted",),
        ),
        "application.deemed_accepted": RowV1(
            target="examining",
            target_when_done="deciding",
            starts=(StartV1("statutory", "statutory"), StartV1("promised", "promised")),
            stops=("acceptance",),
            opens_route=True,
            effective="acceptance",
            marks=("accepted",),
        ),
        "application.supplement_notified": RowV1(target="supplementing", stops=("acceptance",)),
        "application.supplement_received": RowV1(
            target="received",
            starts=(StartV1("acceptance", "acceptance", on_expiry="deem_accepted", anchor="filed"),),
        ),
        "application.not_needed": RowV1(
            target="not_accepted", stops=("acceptance",), marks=("closed",), outcome="not_needed"
        ),
        "application.not_ours": RowV1(
            target="not_accepted", stops=("acceptance",), marks=("closed",), outcome="not_ours"
        ),
        "application.step_completed": RowV1(target_when_done="deciding", completes_step=True),
        "application.special_started": RowV1(pauses=True),
        "application.special_ended": RowV1(resumes=True),
        "application.extended": RowV1(extends="statutory"),
        "application.anchor_corrected": RowV1(corrects=True),
        "application.sent_back": RowV1(target="examining", sends_back=True),
        "application.granted": RowV1(
            target="granted",
            starts=(StartV1("delivery", "delivery"), StartV1("publicity", "publicity")),
            stops=("statutory", "promised"),
            marks=("decided",),
            outcome="granted",
        ),
        "application.refused": RowV1(
            target="refused",
            starts=(StartV1("publicity", "publicity"),),
            stops=("statutory", "promised"),
            marks=("decided",),
            outcome="refused",
        ),
        "application.delivered": RowV1(
            target="closed", stops=("delivery",), keeps=("publicity",), marks=("closed",)
        ),
        "application.publicised": RowV1(stops=("publicity",)),
        "application.lateness_explained": RowV1(),
        "application.withdrawn": RowV1(target="withdrawn", marks=("closed",), outcome="withdrawn"),
        "application.withdrawn_at_window": RowV1(target="withdrawn", marks=("closed",), outcome="withdrawn"),
    },
    closed=frozenset({"closed", "not_accepted", "withdrawn"}),
)
