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
from liuquan.hotline.actions.finding_topics import ask_topics, find_nightly, find_topics
from liuquan.hotline.actions.foreseeing import foresee
from liuquan.hotline.actions.forum import Post, take_post
from liuquan.hotline.actions.governing import approve_change, load, propose_change, refuse_change
from liuquan.hotline.actions.judging import question_reply
from liuquan.hotline.actions.learning import learn, learn_nightly, put_to_use
from liuquan.hotline.actions.mailbox import is_set_up, read_mailbox
from liuquan.hotline.actions.mails import (
    list_mail,
    open_mail,
    open_original,
    register_mail,
    settle_mail,
    take_mail,
)
from liuquan.hotline.actions.merging import tell_merged
from liuquan.hotline.actions.openings import hear, may_register, open_call, open_caller, take_over
from liuquan.hotline.actions.programmes import plan_programme, take_question
from liuquan.hotline.actions.registering import check, register
from liuquan.hotline.actions.shifts import drop_shift, hand_over, plan_shift, sit
from liuquan.hotline.actions.submitting import submit
from liuquan.hotline.actions.taking_back import take_back

__all__ = [
    "Post",
    "approve_change",
    "ask_owners",
    "ask_topics",
    "call_back_failed",
    "check",
    "consult",
    "drop_shift",
    "end_draft",
    "find_nightly",
    "find_topics",
    "foresee",
    "hand_over",
    "hear",
    "is_set_up",
    "join_third",
    "keep_draft",
    "learn",
    "learn_nightly",
    "list_mail",
    "load",
    "may_register",
    "offered_drafts",
    "open_call",
    "open_caller",
    "open_mail",
    "open_original",
    "phone_system",
    "plan_programme",
    "plan_shift",
    "propose",
    "propose_change",
    "publish",
    "put_to_use",
    "question_reply",
    "read_mailbox",
    "refuse_change",
    "register",
    "register_mail",
    "resume_draft",
    "settle",
    "settle_mail",
    "sit",
    "submit",
    "take_back",
    "take_event",
    "take_mail",
    "take_over",
    "take_post",
    "take_question",
    "tell_merged",
    "transfer",
    "withdraw",
]
