"""What is read of feeds."""

from __future__ import annotations

from typing import Final

from liuquan.exchange import models
from liuquan.kernel import secrecy

PURPOSE: Final = "exchange.api_key"  #: what the keyed hash of a key is bound to


def holder_of(key: str) -> str:
    """The name of the system with this key; empty where nobody has it, or not any more."""
    if not key or len(key) > 200:
        return ""
    index = secrecy.blind_index(key, purpose=PURPOSE)
    row = models.ApiKey.objects.filter(key_index=index, revoked_at=None).first()
    return row.name if row else ""
