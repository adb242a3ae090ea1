"""Addresses of the messages for staff."""

from django.urls import path

from liuquan.messages.views import delivery

urlpatterns = [path("messages/", delivery.delivery, name="desk-messages")]
