"""A phone system for the demo and for tests: it rings, breaks off, puts through and joins, all in the
database of the site, by the same events that a real one sends."""

from __future__ import annotations

import io
import wave
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db.models import Q

from liuquan.hotline import models
from liuquan.hotline.actions.calls import digest, take_event
from liuquan.hotline.types import PhoneEvent, PhoneEventKind

RINGS: Final = timedelta(minutes=3)  #: as long as anybody would wait
TALKS: Final = timedelta(minutes=30)


def give_up(*, now: datetime) -> int:
    """Nobody waits or talks for ever: end the calls that rang or were talked too long; how many."""
    too_long = Q(answered_at__isnull=True, arrived_at__lt=now - RINGS) | Q(answered_at__lt=now - TALKS)
    lines = list(models.Call.objects.filter(too_long, ended_at__isnull=True).values_list("line", flat=True))
    for line in lines:
        StandInPhone().end(line, now=now)
    return len(lines)


class StandInPhone:
    """Calls that nobody makes."""

    def ring(self, phone: str, *, now: datetime) -> str:
        """Somebody calls; the line."""
        line = f"demo-{uuid4()}"
        self._tell(PhoneEventKind.ARRIVED, line, now, phone=phone)
        return line

    def answer(self, line: str, seat: str, *, now: datetime) -> None:
        """The call is taken at this seat."""
        self._tell(PhoneEventKind.ANSWERED, line, now, seat=seat)

    def end(self, line: str, *, now: datetime, breaks_off: bool = False) -> None:
        """The call is over, or breaks off; what was said is recorded."""
        self._tell(PhoneEventKind.DROPPED if breaks_off else PhoneEventKind.ENDED, line, now)
        if models.Call.objects.filter(line=line, answered_at__isnull=False).exists():
            self._tell(PhoneEventKind.RECORDED, line, now, digest=digest(self.recording(line)))

    def transfer(self, line: str, to: str, *, now: datetime) -> None:
        """As `PhoneSystem` says: the call goes there, and is over here."""
        del to
        self.end(line, now=now)

    def join(self, line: str, to: str, *, now: datetime) -> None:
        """As `PhoneSystem` says."""
        self._tell(PhoneEventKind.THIRD, line, now, to=to)

    def recording(self, line: str) -> bytes:
        """Half a second of silence, of its own for each line."""
        sound = io.BytesIO()
        with wave.open(sound, "wb") as made:
            made.setnchannels(1)
            made.setsampwidth(1)
            made.setframerate(8000)
            made.writeframes(b"\x80" * 4000 + line.encode())
        return sound.getvalue()

    def _tell(self, kind: PhoneEventKind, line: str, at: datetime, **more: str) -> None:
        take_event(PhoneEvent(str(uuid4()), kind, line, at, **more), now=at)
