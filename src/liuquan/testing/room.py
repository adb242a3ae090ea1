"""Where the tests' homes lie: in memory where there is plenty of it, else in the checkout.

A test with a database of its own copies a template. On a slow disk a copy takes half a second, in memory a
fiftieth of one. What lies there is kept for the next run, some 100 MB for each test process.
"""

import hashlib
import os
import shutil
from pathlib import Path

from liuquan.kernel.home import CHECKOUT

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, refused when it is somebody else's
ENOUGH_BYTES = 3 * 1024**3
#: set by the first process of a run, so that its workers choose alike
CHOSEN = "LIUQUAN_TEST_ROOM"


def room() -> Path:
    """The folder for homes and for other folders that a server's user must reach."""
    chosen = os.environ.get(CHOSEN) or str(_in_memory() or CHECKOUT / ".liuquan" / "tests")
    os.environ[CHOSEN] = chosen
    return Path(chosen)


def _in_memory() -> Path | None:
    try:
        if min(shutil.disk_usage(MEMORY).free, _memory_bytes()) < ENOUGH_BYTES:
            return None
        mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
        place = MEMORY / f"liuquan-tests-{os.geteuid()}-{mark}"
        place.mkdir(mode=0o711, exist_ok=True)
        return place if place.lstat().st_uid == os.geteuid() and not place.is_symlink() else None
    except OSError:
        return None


def _memory_bytes() -> int:
    """Memory that programs may still take, by the system's own estimate and by the container's limit."""
    lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
    available = int(lines["MemAvailable"].split()[0]) * 1024
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text().strip()
    except OSError:
        return available
    return available if limit == "max" else min(available, int(limit) - int(used))
