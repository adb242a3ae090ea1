"""The gateway of the demo: it keeps what would have been sent, with the address masked."""

from __future__ import annotations

from datetime import datetime

from liuquan.messages.models import OutboxLetter
from liuquan.messages.types import Letter


class OutboxGateway:
    """Keeps each letter once, however often it is handed over."""

    def hand_over(self, letter: Letter, *, now: datetime) -> None:
        """Write the letter down."""
        OutboxLetter.objects.get_or_create(
            key=letter.key,
            defaults={
                "channel": letter.channel.value,
                "address_masked": _masked(letter.address),
                "text": letter.text,
                "written_at": now,
            },
        )


def _masked(address: str) -> str:
    name, at, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if at else f"{address[:3]}****{address[-4:]}"
