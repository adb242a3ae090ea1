"""Tables of the hotline."""

from liuquan.hotline.models.calls import Call, CallEvent, HandOver, OpenDraft, Seat, Shift
from liuquan.hotline.models.forum import ForumPost
from liuquan.hotline.models.governing import CatalogueLine, Centre, Change, LocalLimit, RequestClass
from liuquan.hotline.models.knowledge import Article, Consultation
from liuquan.hotline.models.mails import Mail, Mailbox
from liuquan.hotline.models.programmes import Programme, ProgrammeQuestion
from liuquan.hotline.models.publications import Publication
from liuquan.hotline.models.suggestions import SuggestionShown, TrainedModel
from liuquan.hotline.models.tickets import Ticket
from liuquan.hotline.models.topics import HotTopic, TopicSearch, TopicTicket

__all__ = [
    "Article",
    "Call",
    "CallEvent",
    "CatalogueLine",
    "Centre",
    "Change",
    "Consultation",
    "ForumPost",
    "HandOver",
    "HotTopic",
    "LocalLimit",
    "Mail",
    "Mailbox",
    "OpenDraft",
    "Programme",
    "ProgrammeQuestion",
    "Publication",
    "RequestClass",
    "Seat",
    "Shift",
    "SuggestionShown",
    "Ticket",
    "TopicSearch",
    "TopicTicket",
    "TrainedModel",
]
