"""The rows of the kinds of the tests, as they were for entries of the first vocabulary version."""

from __future__ import annotations

from liuquan.casework.types import ProcedureV1, RowV1, StartV1

PROCEDURES_V1 = {
    "asking": ProcedureV1(
        initial="open",
        creation="asking.begun",
        started=(),
        rows={
            "asking.told": RowV1(target="done", marks=("closed",)),
        },
        closed=frozenset({"done"}),
    ),
    "consultation": ProcedureV1(
        initial="asked",
        creation="consultation.asked",
        started=(StartV1("answer", "answer"),),
        rows={
            "consultation.answered": RowV1(target="answered", stops=("answer",), marks=("closed",)),
            "consultation.added": RowV1(),
        },
        closed=frozenset({"answered"}),
    ),
    "silence": ProcedureV1(
        initial="considering",
        creation="silence.file",
        started=(
            StartV1("renewal", "renewal", on_expiry="deem_renewed", anchor="licence_ends_on"),
            StartV1("review", "review", on_expiry="deem_accepted"),
            StartV1("answer", "answer"),
        ),
        rows={
            "silence.ask": RowV1(
                target="waiting", starts=(StartV1("supplement", "supplement", on_expiry="deem_given_up"),)
            ),
            "silence.supplement": RowV1(target="considering", stops=("supplement",)),
            "silence.deem_given_up": RowV1(
                target="given_up",
                stops=("supplement",),
                effective="supplement",
                effective_from="due",
                marks=("closed",),
                outcome="given_up",
            ),
            "silence.deem_renewed": RowV1(
                target="renewed",
                stops=("renewal",),
                effective="renewal",
                effective_from="due",
                marks=("decided", "closed"),
                outcome="renewed",
            ),
            "silence.refuse_renewal": RowV1(
                target="given_up", stops=("renewal",), marks=("decided", "closed")
            ),
            "silence.deem_accepted": RowV1(
                stops=("review",), effective="review", effective_from="due", marks=("accepted",)
            ),
            "silence.consult": RowV1(target="consulting", target_when_done="considering", opens_route=True),
            "silence.agree": RowV1(target_when_done="considering", completes_step=True),
            "silence.deem_agreed": RowV1(
                target_when_done="considering",
                completes_step=True,
                step_result="agree",
                effective="step",
                effective_from="due",
            ),
            "silence.stop": RowV1(pauses=True),
            "silence.go_on": RowV1(resumes=True),
            "silence.extend": RowV1(extends="answer"),
            "silence.announce": RowV1(target="announced", starts=(StartV1("publicity", "publicity"),)),
            "silence.award": RowV1(target="awarded", stops=("publicity",), marks=("closed",)),
        },
        closed=frozenset({"awarded", "given_up", "renewed"}),
    ),
    "test_licence": ProcedureV1(
        initial="received",
        creation="test_licence.receive",
        started=(StartV1("acceptance", "acceptance"),),
        rows={
            "test_licence.accept": RowV1(
                target="examining",
                target_when_done="deciding",
                starts=(StartV1("statutory", "statutory"), StartV1("promised", "promised")),
                stops=("acceptance",),
                opens_route=True,
                marks=("accepted",),
            ),
            "test_licence.complete_step": RowV1(target_when_done="deciding", completes_step=True),
            "test_licence.stop": RowV1(pauses=True),
            "test_licence.go_on": RowV1(resumes=True),
            "test_licence.decide": RowV1(
                target="granted",
                starts=(StartV1("delivery", "delivery"),),
                stops=("statutory", "promised"),
                marks=("decided",),
            ),
            "test_licence.deliver": RowV1(target="closed", stops=("delivery",), marks=("closed",)),
        },
        closed=frozenset({"closed"}),
    ),
}
