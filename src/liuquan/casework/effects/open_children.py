"""A case opens others: an order that goes to several bodies at once, a tender with its lots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from liuquan.casework.types import Effect, Given, NewChild
from liuquan.kernel.refusals import BadInput

MOST: Final = 50


@dataclass(frozen=True)
class OpenChildren(Effect):
    """Opens children of this kind with the act: all of them, or none and no act either.

    `children`: what is opened, from the case, the facts and the values of the act; pure, and asked after the
    row's own guards. The bodies that are to work on a child must exist on the day of the act.

    `within`: the clock of the case (its key) inside which every duty of a child ends, when it is opened and
    whatever is done on it later (`parent_time`). What is left of the parent's time is not given out again: a
    pause, an extension or a later day of the parent moves no clock of a child. Its day is not put right so
    that it would end before an open child's. A pause of a child by law is never refused.

    Who may take the act may open the children: the first rows of their procedures are not asked who may take
    them. The event of the row, and that of the children's first row, declare `events.OF_CHILDREN`. The
    vertical's own rows may read the part `children(id, number, body_code, …)` of the statement.
    """

    kind: str
    children: Callable[[Given], Sequence[NewChild]]
    within: str = ""

    def opened(self, given: Given) -> tuple[NewChild, ...]:
        """The children of the act. Refuses (422) none, and more than fifty."""
        found = tuple(self.children(given))
        if not 1 <= len(found) <= MOST:
            raise BadInput(f"一次可以分出1至{MOST}个子件，现在是{len(found)}个，请改正后再提交。")
        return found
