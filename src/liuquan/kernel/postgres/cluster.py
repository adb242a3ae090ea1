"""One server: make its data folder, start it, stop it, and never trust a process number."""

import contextlib
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from liuquan.kernel.postgres.place import SOCKET_NAME, Place, ServerRefused
from liuquan.kernel.postgres.programs import complaint, run_program, utf8_locale

MAJOR = "18"
SUPERUSER = "liuquan_admin"
START_LIMIT_SECONDS = 120
STOP_LIMIT_SECONDS = 60
ORPHANS_LIMIT_SECONDS = 10
LOG_LIMIT_BYTES = 10 * 1024 * 1024
READY, NOT_READY, NOBODY = 0, 1, 2

# Statements are never logged with their values: they hold personal data.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "jit": "off",
}


class Cluster:
    """The server of one place. Callers hold the home's lock while they start or stop it."""

    def __init__(self, place: Place, settings: Mapping[str, str] | None = None) -> None:
        self.place = place
        self.settings = {**SETTINGS, **(settings or {})}

    def ensure_running(self) -> bool:
        """Start the server if nobody answers; return whether this call started it.

        Refuses another major version's data, and processes of a dead server that do not leave.
        """
        self._refuse_other_major()
        answer = self.answer()
        if answer == NOT_READY:  # a start whose starter was killed, or a crash recovery, is under way
            answer = self._wait_until_settled()
        if answer == READY:
            self.trim_log()
            return False
        if self.postmaster() is not None:
            self.stop()  # it lives but its socket is gone, so nobody can use it
        self._wait_for_orphans()
        self._clear_stale_files()
        if not (self.place.data / "PG_VERSION").exists():
            self._initialise()
        self.trim_log()
        self._start()
        return True

    def answer(self) -> int:
        """`READY`: takes connections; `NOT_READY`: there, but starting or stopping; `NOBODY` is there."""
        asked = run_program(self.place, "pg_isready", "-q", "-t", "5", "-h", str(self.place.sockets))
        if asked.returncode not in {READY, NOT_READY, NOBODY}:
            raise ServerRefused(f"不能询问数据库的状态：{complaint(asked)}。")
        return asked.returncode

    def stop(self) -> None:
        """Stop the server; open transactions are rolled back, what was committed is on disk."""
        limit = str(STOP_LIMIT_SECONDS)
        stopped = run_program(
            self.place, "pg_ctl", "-D", str(self.place.data), "-m", "fast", "-w", "-t", limit, "stop"
        )
        if stopped.returncode != 0 and self.answer() != NOBODY:
            raise ServerRefused(f"数据库没有在 {limit} 秒内停下，请看 {self.place.log}。")

    def postmaster(self) -> int | None:
        """The process number in `postmaster.pid`, if that process really is this data folder's server.

        A number alone proves nothing: it may be a zombie's, or may belong to another program by now.
        """
        try:
            pid = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if str(self.place.data) in _command_line(pid).split("\0") else None

    def trim_log(self) -> None:
        """Keep the log below two times its limit: its last part goes to a file beside it."""
        try:
            handle = os.open(self.place.log, os.O_RDWR | os.O_NOFOLLOW)
        except FileNotFoundError:
            return
        with os.fdopen(handle, "r+b") as log:
            if os.fstat(log.fileno()).st_size <= LOG_LIMIT_BYTES:
                return
            old = self.place.log.with_suffix(".log.1")
            old.unlink(missing_ok=True)
            with os.fdopen(os.open(old, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
                log.seek(-LOG_LIMIT_BYTES, os.SEEK_END)
                copy.write(log.read())
            log.truncate(0)  # the server appends, so it goes on at the new end

    def _initialise(self) -> None:
        # Into a folder beside, then renamed: an initdb that was killed leaves nothing that looks finished.
        fresh = self.place.data.with_name("data.new")
        if fresh.exists():
            shutil.rmtree(fresh)
        made = run_program(
            self.place,
            "initdb",
            *("-D", str(fresh), "-U", SUPERUSER, "--auth-local=trust", "--auth-host=reject"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
            *(f"--locale={utf8_locale()}", "--data-checksums", "--no-instructions"),
        )
        if made.returncode != 0:
            raise ServerRefused(f"数据库不能初始化：{complaint(made)}。")
        fresh.rename(self.place.data)

    def _start(self) -> None:
        settings = {**self.settings, "unix_socket_directories": f'"{self.place.sockets}"'}
        options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
        started = run_program(
            self.place,
            *("pg_ctl", "-D", str(self.place.data), "-w", "-t", str(START_LIMIT_SECONDS)),
            *("-l", str(self.place.log), "-o", options, "start"),
        )
        if started.returncode != 0:
            raise ServerRefused(f"数据库没有启动：{complaint(started)}。请看 {self.place.log}。")

    def _wait_until_settled(self) -> int:
        end = time.monotonic() + START_LIMIT_SECONDS
        while (answer := self.answer()) == NOT_READY:
            if time.monotonic() > end:
                raise ServerRefused(f"数据库 {START_LIMIT_SECONDS} 秒还没有准备好，请看 {self.place.log}。")
            time.sleep(0.1)
        return answer

    def _wait_for_orphans(self) -> None:
        # After kill -9 of the server its children notice and leave. Starting over them would ruin the data.
        end = time.monotonic() + ORPHANS_LIMIT_SECONDS
        while left := self.orphans():
            if time.monotonic() > end:
                raise ServerRefused(
                    f"上一次数据库的进程还在运行（编号 {'、'.join(map(str, left))}）：请先结束它们，再启动。"
                )
            time.sleep(0.05)

    def orphans(self) -> list[int]:
        """Processes that still work in the data folder though its server does not answer."""
        left = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                works_here = os.readlink(entry / "cwd") == str(self.place.data)
                if works_here and (entry / "comm").read_text().strip() == "postgres":
                    left.append(int(entry.name))
        return left

    def _clear_stale_files(self) -> None:
        # All three, or the next start fails: only reached when no process of this data folder lives.
        for path in (
            self.place.data / "postmaster.pid",
            self.place.sockets / f"{SOCKET_NAME}.lock",
            self.place.sockets / SOCKET_NAME,
        ):
            path.unlink(missing_ok=True)

    def _refuse_other_major(self) -> None:
        try:
            major = (self.place.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        if major != MAJOR:
            raise ServerRefused(
                f"数据文件夹属于 PostgreSQL {major}，本程序带的是 {MAJOR}："
                "请先用原来版本的程序运行 `./run liuquan backup 备份.tar --keys 密钥.tar`，"
                "再在新的 LIUQUAN_HOME 里运行 `./run liuquan restore 备份.tar --keys 密钥.tar`。"
            )


def _command_line(pid: int) -> str:
    """The words of a process's command, each ended by NUL; empty for a zombie or nobody."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return ""
    listed = subprocess.run(
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return listed.stdout.strip().replace(" ", "\0")
