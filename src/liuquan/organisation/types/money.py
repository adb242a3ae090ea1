"""Money in words and back. Amounts are whole fen."""

import re

_MONEY = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")


def yuan(fen: int) -> str:
    """5000.00元"""
    return f"{fen // 100}.{fen % 100:02d}元"


def read_fen(text: object) -> int | None:
    """An amount in yuan, as written, in fen; None for anything that is no amount."""
    found = _MONEY.fullmatch(str(text if text is not None else "").strip())
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None
