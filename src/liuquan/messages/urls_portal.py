"""Addresses of the messages for everybody: the demo's outbox."""

from django.urls import path

from liuquan.messages.views import outbox

urlpatterns = [path("outbox/", outbox.outbox, name="outbox")]
