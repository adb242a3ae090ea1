"""Tables of the hotline."""

from liuquan.hotline.models.calls import Call, CallEvent, HandOver, OpenDraft, Seat, Shift
from liuquan.hotline.models.governing import CatalogueLine, Centre, Change, LocalLimit, RequestClass
from liuquan.hotline.models.knowledge import Article, Consultation
from liuquan.hotline.models.publications import Publication
from liuquan.hotline.models.tickets import Ticket

__all__ = [
    "Article",
    "Call",
    "CallEvent",
    "CatalogueLine",
    "Centre",
    "Change",
    "Consultation",
    "HandOver",
    "LocalLimit",
    "OpenDraft",
    "Publication",
    "RequestClass",
    "Seat",
    "Shift",
    "Ticket",
]
