"""Addresses of the hotline under `board/`."""

from django.urls import path

from liuquan.hotline.views import board, class_models, signs, topics

urlpatterns = [
    path("hotline/", board.board, name="board-hotline"),
    path("hotline/signs/", signs.overview, name="board-hotline-signs"),
    path("hotline/signs/tickets/", signs.received, name="board-hotline-received"),
    path("hotline/topics/", topics.overview, name="board-hotline-topics"),
    path("hotline/topics/tickets/", topics.tickets, name="board-hotline-topic-tickets"),
    path("hotline/models/", class_models.overview, name="board-hotline-models"),
    path("hotline/models/tickets/", class_models.tickets, name="board-hotline-model-tickets"),
    path("hotline/figures/<slug:key>/", board.tickets, name="board-hotline-tickets"),
]
