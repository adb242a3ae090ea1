"""How often something may be tried: by address, by session, by case. Counted in the shared cache, so that all
processes count together; each try is a slot that frees itself when its time is over.

allauth's counter is not used: it keeps the tries of one key in one value behind a lock in the cache, so that
tries that are left are refused, and right ones stay counted, while another process holds the lock or died
with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from liuquan.kernel import secrecy
from liuquan.kernel.refusals import Refusal, TooMany


@dataclass(frozen=True)
class Allowance:
    """At most ``limit`` tries in any ``seconds``; ``sentence`` is said when they are used up."""

    name: str
    limit: int
    seconds: int
    sentence: str

    def take(self, *whose: str) -> str:
        """Use one try; gives its slot. Refuses (429) when none is left.

        A slot is taken before the try is judged, so that many at once cannot slip through.
        """
        slots = self._slots(whose)
        used = cache.get_many(slots)
        for slot in slots:
            if slot not in used and cache.add(slot, 1, self.seconds):
                return slot
        raise TooMany(self.sentence, details={"retry_after": self.seconds})

    def left(self, *whose: str) -> int:
        """How many tries are left now."""
        return self.limit - len(cache.get_many(self._slots(whose)))

    def _slots(self, whose: tuple[str, ...]) -> list[str]:
        # Addresses and numbers stay unreadable in the cache's table.
        mark = secrecy.blind_index("\0".join(whose), purpose=f"tries.{self.name}").hex()[:32]
        return [f"tries:{self.name}:{mark}:{n}" for n in range(self.limit)]


def give_back(*slots: str) -> None:
    """The try was right, or not the person's fault: it does not count."""
    cache.delete_many(slots)


def say_wait(response: HttpResponse, refusal: Refusal) -> HttpResponse:
    """The answer that refuses, with `Retry-After` in whole seconds where the refusal names a wait."""
    wait = refusal.details.get("retry_after")
    if isinstance(wait, int):
        response["Retry-After"] = str(wait)
    return response


@contextmanager
def forgiven(*slots: str) -> Iterator[None]:
    """What is refused in here does not count. Put only that in here which says nothing about other people: a
    refusal that tells a right name from a wrong one must cost its try, or names could be tried for ever."""
    try:
        yield
    except Refusal:
        give_back(*slots)
        raise


def address_of(request: HttpRequest) -> str:
    """Where the request comes from. Behind TLS the proxy in front is trusted for its last entry only."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
