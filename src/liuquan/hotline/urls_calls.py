"""Addresses of the operator's screen and of the calls."""

from django.urls import path

from liuquan.hotline.views import calls, intake, mails, programmes, roster, wallboard

urlpatterns = [
    path("hotline/new/", intake.screen, name="desk-hotline-new"),
    path("hotline/new/beside/", intake.beside, name="desk-hotline-beside"),
    path("hotline/new/caller/", intake.caller, name="desk-hotline-caller"),
    path("hotline/new/draft/", intake.draft, name="desk-hotline-draft"),
    path("hotline/done/<str:number>/", intake.done, name="desk-hotline-done"),
    path("hotline/calls/", calls.calls, name="desk-hotline-calls"),
    path("hotline/calls/now/", calls.now_ringing, name="desk-hotline-ringing"),
    path("hotline/calls/stand-in/", calls.stand_in, name="desk-hotline-stand-in"),
    path("hotline/calls/seat/", calls.seat, name="desk-hotline-seat"),
    path("hotline/calls/<uuid:number>/", calls.one, name="desk-hotline-call"),
    path("hotline/calls/<uuid:number>/recording/", calls.recording, name="desk-hotline-recording"),
    path("hotline/mails/", mails.mails, name="desk-hotline-mails"),
    path("hotline/mails/<uuid:number>/", mails.one, name="desk-hotline-mail"),
    path("hotline/mails/<uuid:number>/original/", mails.original, name="desk-hotline-mail-original"),
    path("hotline/programmes/", programmes.programmes, name="desk-hotline-programmes"),
    path("hotline/programmes/<uuid:number>/", programmes.one, name="desk-hotline-programme"),
    path("hotline/wall/", wallboard.wall, name="desk-hotline-wall"),
    path("hotline/roster/", roster.roster, name="desk-hotline-roster"),
    path("hotline/roster/hand-over/", roster.hand_over, name="desk-hotline-hand-over"),
]
