"""Who may do what with a finding, and in which state. Pure: values in, a refusal or nothing out."""

from __future__ import annotations

from typing import Final

from liuquan.kernel.refusals import NotAllowed, SomebodyWasFirst, WrongState
from liuquan.organisation.types import Actor, declare_acts, declare_roles
from liuquan.supervision.disposal.terms import act
from liuquan.supervision.types import FindingState, Ruling, Severity

#: the acts of a disposal, as mandates name them
ASK: Final = act("ask")
ASK_AGAIN: Final = act("ask_again")
EXPLAIN: Final = act("explain")
JUDGE: Final = act("judge")
CORRECT: Final = act("order_correction")
REPORT: Final = act("report_correction")

BOARD_ROLES = ("supervisor", "leader", "overseer")
declare_acts(
    {
        "supervision.view": "查看",
        "supervision.instruct": "批示",
        "supervision.coordinate": "协调",
    }
)
declare_roles({"supervisor": "电子监察人员", "leader": "领导", "overseer": "社会监督员"})

_NEEDS = "本发现现在的状态是“{state}”,"


def may_see(by: Actor, *, body_code: str, division_path: str) -> bool:
    """Allow posts that supervise the division, and the responsible body itself."""
    if by.kind == "system":
        return True
    if by.kind != "staff":
        return False
    return by.body_code == body_code or (by.has_role(*BOARD_ROLES) and by.supervises(division_path))


def check_reads_board(by: Actor) -> None:
    """Refuse (403) a post that supervises nothing."""
    if not (by.kind == "staff" and by.has_role(*BOARD_ROLES) and any(t.supervising for t in by.mandates)):
        raise NotAllowed("监察看板供电子监察、领导和社会监督岗位使用，请从工作台办理您的事项。")


def check_supervises(by: Actor, action: str, division_path: str) -> None:
    """Refuse (403) anyone but a supervising post with this mandate over the division."""
    if not (by.has_role("supervisor") and by.may_supervise(action, division_path)):
        raise NotAllowed("只有对该区划有监察授权的电子监察岗位可以这样办理，请转交该岗位。")


def check_answers_for(by: Actor, action: str, *, body_code: str, item_code: str) -> None:
    """Refuse (403) an actor who may not answer for the responsible body."""
    if by.body_code != body_code or not by.may(action, item_code, body_code):
        raise NotAllowed("情况说明由责任单位经授权的岗位提交，请转交首席代表或者负责人。")


def check_can_be_asked(state: FindingState, severity: Severity) -> None:
    """Refuse (409) a yellow finding, which is lifted automatically, and one already asked about or
    settled."""
    if severity is Severity.YELLOW:
        raise WrongState("黄牌只作提醒，情形消失或者转为红牌时自动解除，不需要要求说明。")
    if state not in (FindingState.OPEN, FindingState.EXPLAINED):
        raise WrongState(_NEEDS.format(state=state.label) + "不能再要求说明，请打开这条发现查看经过。")


def check_can_be_explained(state: FindingState) -> None:
    """Refuse (409) an answer that was not requested, or a second one."""
    if state is not FindingState.ASKED:
        raise WrongState(
            _NEEDS.format(state=state.label) + "没有等待答复的说明要求，请打开这条发现查看经过。"
        )


def check_can_be_reported(state: FindingState) -> None:
    """Refuse (409) a report of a correction that was not ordered, or a second one."""
    if state is not FindingState.CORRECTING:
        raise WrongState(_NEEDS.format(state=state.label) + "没有责令改正，请打开这条发现查看经过。")


def check_can_be_closed(state: FindingState, severity: Severity, ruling: Ruling) -> None:
    """Refuse (409) a verdict on what is judged already or only a reminder, and one before the unit was asked.
    A false alarm may be closed at once; whether the unit was heard is decided on its disposal."""
    if state in (FindingState.CORRECTING, FindingState.CLOSED, FindingState.LIFTED):
        raise WrongState(_NEEDS.format(state=state.label) + "不能再作认定，请打开这条发现查看经过。")
    if severity is Severity.YELLOW:
        raise WrongState("黄牌只作提醒，情形消失或者转为红牌时自动解除，不需要认定。")
    if state is FindingState.OPEN and ruling is not Ruling.UNFOUNDED:
        raise WrongState("认定属实前应当先听取责任单位的说明，请先“要求说明”。")


def somebody_was_first() -> SomebodyWasFirst:
    """The refusal for whoever comes a moment later."""
    return SomebodyWasFirst("另一位工作人员刚刚办理了这条发现，您的操作没有生效，请打开这条发现查看经过。")


def check_audits(by: Actor) -> None:
    """Refuse (403) anyone but a supervising post that may ask others for an explanation."""
    audits = any(term.supervising and ASK in term.actions for term in by.mandates)
    if not (by.kind == "staff" and by.has_role("supervisor") and audits):
        raise NotAllowed("谁查看了个人信息，由电子监察岗位审计；要看本人的，请凭编号和查询码查询。")


def may_read_texts(by: Actor, *, body_code: str, item_code: str, division_path: str) -> bool:
    """Whether this is a supervising post that may ask or judge, or a post that answers for the unit."""
    if by.has_role("supervisor") and any(by.may_supervise(action, division_path) for action in (ASK, JUDGE)):
        return True
    return by.body_code == body_code and by.may(EXPLAIN, item_code, body_code)


def texts_are_closed() -> NotAllowed:
    """The refusal for a reader who may see a finding but not its texts."""
    return NotAllowed("说明原文只供电子监察岗位和责任单位查看，您可以查看发现和认定结果。")


def reach(by: Actor) -> list[str]:
    """The paths of the divisions that this post supervises."""
    return sorted({t.division_path for t in by.mandates if t.supervising and t.division_path})
