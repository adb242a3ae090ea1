"""`liuquan-verify FILE.pdf …` and `liuquan-verify draw FILE`: yes or no, and why, in Chinese, without a
network.

Leaves with 0 for yes, 1 for no, 2 when nothing could be checked (a file is missing, a key is mistyped).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from liuquan_verify import draws, papers
from liuquan_verify.output import NOT_CHECKED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that lacks a character must not stop the answer
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["draw"]:
            return draws.main(given[1:])
        return papers.main(given)
    except KeyboardInterrupt:
        return NOT_CHECKED
