"""One server: make its data folder, start it, stop it, and never trust a process number."""

import contextlib
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from liuquan.kernel.postgres.place import LOCALES, SOCKET_NAME, Place, ServerRefused

MAJOR = "18"
SUPERUSER = "liuquan_admin"
START_LIMIT_SECONDS = 120
STOP_LIMIT_SECONDS = 60
ORPHANS_LIMIT_SECONDS = 10
LOG_LIMIT_BYTES = 10 * 1024 * 1024

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
        """Start the server if nobody answers; return whether this call started it."""
        self._refuse_other_major()
        answer = self.answers()
        if answer == 1:  # somebody's start (or a crash recovery) is under way
            answer = self._wait_for_answer()
        if answer == 0:
            self.trim_log()
            return False
        self._stop_the_deaf()
        self._wait_for_orphans()
        self._clear_stale_files()
        if not (self.place.data / "PG_VERSION").exists():
            self._initialise()
        self.trim_log()
        self._start()
        return True

    def answers(self) -> int:
        """0: the server takes connections; 1: it is there but not ready; 2: nobody is there."""
        return self._call("pg_isready", "-q", "-t", "5", "-h", str(self.place.sockets)).returncode

    def stop(self) -> None:
        """Stop the server; open transactions are rolled back, what was committed is on disk."""
        stopped = self._call(
            "pg_ctl", "-D", str(self.place.data), "-m", "fast", "-w", "-t", str(STOP_LIMIT_SECONDS), "stop"
        )
        if stopped.returncode != 0 and self.answers() != 2:
            raise ServerRefused(f"数据库没有在 {STOP_LIMIT_SECONDS} 秒内停下,请看 {self.place.log}。")

    def postmaster(self) -> int | None:
        """The process number in `postmaster.pid`, if that process really is this data folder's server."""
        try:
            pid = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if str(self.place.data) in _command_line(pid) else None

    def trim_log(self) -> None:
        """Keep the log below two times its limit: an old part beside the present one."""
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
            self._remove(fresh)
        made = self._call(
            "initdb",
            *("-D", str(fresh), "-U", SUPERUSER, "--auth-local=trust", "--auth-host=reject"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
            *(f"--locale={_utf8_locale()}", "--data-checksums", "--no-instructions"),
        )
        if made.returncode != 0:
            raise ServerRefused(f"数据库不能初始化:{_last_line(made)}")
        fresh.rename(self.place.data)

    def _start(self) -> None:
        settings = {**self.settings, "unix_socket_directories": str(self.place.sockets)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        started = self._call(
            *("pg_ctl", "-D", str(self.place.data), "-w", "-t", str(START_LIMIT_SECONDS)),
            *("-l", str(self.place.log), "-o", options, "start"),
        )
        if started.returncode != 0:
            raise ServerRefused(f"数据库没有启动:{_last_line(started)}。请看 {self.place.log}。")

    def _wait_for_answer(self) -> int:
        end = time.monotonic() + START_LIMIT_SECONDS
        while (answer := self.answers()) == 1:
            if time.monotonic() > end:
                raise ServerRefused(f"数据库 {START_LIMIT_SECONDS} 秒还没有准备好,请看 {self.place.log}。")
            time.sleep(0.1)
        return answer

    def _stop_the_deaf(self) -> None:
        # A living server whose socket was deleted cannot be used: stop it properly, then start it again.
        if self.postmaster() is not None:
            self.stop()

    def _wait_for_orphans(self) -> None:
        # After kill -9 of the server its children notice and leave; starting over them would ruin the data.
        end = time.monotonic() + ORPHANS_LIMIT_SECONDS
        while left := self._orphans():
            if time.monotonic() > end:
                raise ServerRefused(
                    f"上一次数据库的进程还在运行(编号 {'、'.join(map(str, left))}):请先结束它们,再启动。"
                )
            time.sleep(0.05)

    def _orphans(self) -> list[int]:
        left = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(entry / "cwd") == str(self.place.data):
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
                f"数据文件夹属于 PostgreSQL {major},本程序带的是 {MAJOR}:"
                "请先用原来版本的程序运行 `liuquan backup 文件.tar --keys 钥匙.tar`,"
                "再在新的 LIUQUAN_HOME 里运行 `liuquan restore 文件.tar --keys 钥匙.tar`。"
            )

    def _remove(self, folder: Path) -> None:
        import shutil

        shutil.rmtree(folder)

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_program(self.place, program, arguments)


def run_program(
    place: Place, program: str, arguments: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    """Run one of the wheel's programs as the serving user and return what it said."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": _utf8_locale(), "TZ": "UTC", "HOME": "/"}
    user = {"user": place.user.uid, "group": place.user.gid, "extra_groups": []} if place.dropped else {}
    # Output goes to a file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open.
    import tempfile

    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        done = subprocess.run(  # noqa: S603
            [str(place.binaries / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            check=False,
            **user,  # type: ignore[call-overload]
        )
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, said.read(), "")


def _utf8_locale() -> str:
    import locale

    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in LOCALES:
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise ServerRefused("系统没有 C.UTF-8 区域设置,中文检索会失效:请安装它(Debian 的 libc-bin 带有)。")


def _command_line(pid: int) -> str:
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listed = subprocess.run(
        ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return listed.stdout


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stdout.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else f"结束码 {done.returncode}"
