"""The stand-alone verifier. Its rules are the platform's `liuquan.merkle` and `liuquan.draw`, file by file.

A built wheel carries them in `parts`, so that it needs nothing of the platform and does not meet a platform
installed beside it. From the source tree, run it with `PYTHONPATH=src:verifier`.
"""

import sys
from pathlib import Path

_PARTS = Path(__file__).parent / "parts"
if _PARTS.is_dir():
    sys.path.insert(0, str(_PARTS))
