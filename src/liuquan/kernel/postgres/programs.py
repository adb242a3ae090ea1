"""Running the server's own programs (initdb, pg_ctl, pg_dump …) as the serving user."""

import contextlib
import locale
import subprocess
import tempfile
from typing import IO

from liuquan.kernel.postgres.place import Place, ServerRefused

LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8")


def run_program(
    place: Place,
    program: str,
    *arguments: str,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run one of the wheel's programs and return what it said.

    That is the words of both its channels, or of the second only where the first goes to an open file.
    """
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": utf8_locale(), "TZ": "UTC", "HOME": "/"}
    # What it says goes to a file: a pipe would stay open in the server that pg_ctl leaves behind.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        done = subprocess.run(
            [str(place.binaries / program), *arguments],
            stdin=stdin or subprocess.DEVNULL,
            stdout=stdout or said,
            stderr=said,
            cwd="/",
            env=environment,
            check=False,
            umask=0o077,
            user=place.user.uid if place.dropped else None,
            group=place.user.gid if place.dropped else None,
            extra_groups=[] if place.dropped else None,
        )
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, said.read(), "")


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The last line that the program said, or its exit code where it said nothing."""
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else f"结束码 {done.returncode}"


def utf8_locale() -> str:
    """A locale of this system in which the database sees Chinese; refuses a system without one."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in LOCALES:
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise ServerRefused("系统没有 C.UTF-8 区域设置，中文检索会失效：请安装它（Debian 的 libc-bin 带有）。")
