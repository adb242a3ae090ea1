"""The 国密 profile: whether this installation signs with SM2, hashes its log with SM3 and encrypts with SM4.

Set by `LIUQUAN_NATIONAL_CRYPTO=1`. What it changes and what stays is told in `docs/keys.md`.

Standards: GB/T 32918 (SM2), GB/T 32905 (SM3), GB/T 32907 (SM4)
Cites: 密码法 第二十七条
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from types import ModuleType
from typing import Final

from liuquan.kernel.refusals import Unavailable

VARIABLE: Final = "LIUQUAN_NATIONAL_CRYPTO"
_PACKAGE: Final = "gmssl_pyx"


def in_use() -> bool:
    """Whether the profile is set."""
    return os.environ.get(VARIABLE, "").strip() == "1"


def installed() -> bool:
    """Whether the package that signs with SM2 is there."""
    return importlib.util.find_spec(_PACKAGE) is not None


def library() -> ModuleType:
    """The package that signs with SM2. Refuses (503) where it is not installed."""
    if not installed():
        raise Unavailable(
            "国密算法所需的程序包 gmssl-pyx 没有安装：请安装 liuquan[guomi] 后重试。", code="no_sm2_library"
        )
    return importlib.import_module(_PACKAGE)
