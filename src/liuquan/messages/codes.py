"""The digits of a one-time code: they follow from its number and the index key, and are kept nowhere."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from liuquan.kernel.secrecy import blind_index

LENGTH: Final = 6
MINUTES: Final = 10
TRIES: Final = 5


def digits(number: UUID) -> str:
    """The code of this number. Its number alone, which the browser's session has, tells nothing of it."""
    made = int.from_bytes(blind_index(str(number), purpose="messages.code")[:8], "big")
    return f"{made % 10**LENGTH:0{LENGTH}d}"
