"""Addresses of the hotline under `board/`."""

from django.urls import path

from liuquan.hotline.views import board, signs

urlpatterns = [
    path("hotline/", board.board, name="board-hotline"),
    path("hotline/signs/", signs.overview, name="board-hotline-signs"),
    path("hotline/signs/tickets/", signs.received, name="board-hotline-received"),
    path("hotline/figures/<slug:key>/", board.tickets, name="board-hotline-tickets"),
]
