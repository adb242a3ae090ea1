"""The only code that writes for the hotline; acts on a ticket are `casework.actions.perform`."""

from liuquan.hotline.actions.articles import ask_owners, propose, publish, withdraw
from liuquan.hotline.actions.calls import (
    call_back_failed,
    join_third,
    phone_system,
    settle,
    take_event,
    transfer,
)
from liuquan.hotline.actions.consulting import consult
from liuquan.hotline.actions.drafting import end_draft, keep_draft, offered_drafts, resume_draft
from liuquan.hotline.actions.foreseeing import foresee
from liuquan.hotline.actions.governing import approve_change, load, propose_change, refuse_change
from liuquan.hotline.actions.merging import tell_merged
from liuquan.hotline.actions.openings import hear, may_register, open_call, open_caller, take_over
from liuquan.hotline.actions.registering import check, register
from liuquan.hotline.actions.shifts import drop_shift, hand_over, plan_shift, sit
from liuquan.hotline.actions.submitting import submit

__all__ = [
    "approve_change",
    "ask_owners",
    "call_back_failed",
    "check",
    "consult",
    "drop_shift",
    "end_draft",
    "foresee",
    "hand_over",
    "hear",
    "join_third",
    "keep_draft",
    "load",
    "may_register",
    "offered_drafts",
    "open_call",
    "open_caller",
    "phone_system",
    "plan_shift",
    "propose",
    "propose_change",
    "publish",
    "refuse_change",
    "register",
    "resume_draft",
    "settle",
    "sit",
    "submit",
    "take_event",
    "take_over",
    "tell_merged",
    "transfer",
    "withdraw",
]
