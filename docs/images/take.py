"""Takes the pictures of the READMEs: `./run python docs/images/take.py`.

Starts a demo of its own (temporary home, free port, fixed day), signs in, and takes each picture at a fixed
size. A picture is taken only of the page that was meant: a sign-in form, an error page or a missing word
stops the script, and so does a file over 200 KB.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from liuquan.kernel.home import Home
from liuquan.kernel.postgres.place import ELSEWHERE, place_of
from liuquan.testing.browsers import CHROMIUMS, PATIENCE_SECONDS, QUIET

HERE = Path(__file__).parent
TODAY = "2026-03-20"
PHONE = {"width": 390, "height": 780}
DESK = {"width": 1366, "height": 768}
MOST_BYTES = 200_000
COLOURS = 256
MONOSPACE = "DejaVu Sans Mono"
#: the demo begins without what this environment, or the test plugin, set for itself
OURS = ("DATABASE_", "DJANGO_", "LIUQUAN_")


@dataclass(frozen=True)
class Picture:
    """One picture: its file, its page, words on the page, the role in the demo (none: a citizen)."""

    name: str
    path: str
    words: tuple[str, ...]
    role: str = ""
    search: str = ""


PICTURES = (
    Picture(
        "guide-phone.png",
        "/",
        ("食品经营许可", "我要申请", "今天申请，什么时候有结果"),
        search="开小餐馆要什么证",
    ),
    Picture("work-list.png", "/desk/", ("我的待办", "最迟", "超期", "临近"), role="examiner"),
    Picture("board.png", "/board/", ("看板", "黄牌", "红牌"), role="supervisor"),
    Picture("hotline.png", "/desk/hotline/wall/", ("热线接听", "等待接听", "今天接通"), role="leader"),
)


class WrongPage(Exception):
    """Not the page that was meant; the sentence says why."""


def check_page(page: Page, words: tuple[str, ...], *, status: int = 200) -> None:
    """Refuse an error page, a sign-in form, and a page on which one of the words cannot be seen."""
    if status >= 400:
        raise WrongPage(f"{page.url} answers with {status}.")
    if page.locator("input[type=password]").count():
        raise WrongPage(f"{page.url} is a sign-in form.")
    seen = page.locator("body").inner_text()
    if missing := [word for word in words if word not in seen]:
        raise WrongPage(f"{page.url} does not say {', '.join(missing)}.")


def main() -> None:
    """Take all pictures, or those whose name is given."""
    parser = argparse.ArgumentParser(prog="take.py", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("name", nargs="*", help="only these files, as in board.png")
    asked = parser.parse_args()
    wanted = [one for one in PICTURES if not asked.name or one.name in asked.name]
    _use_packed_fonts()
    chromium = next(path for path in CHROMIUMS if Path(path).exists())
    with _demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        for picture in wanted:
            content = take(browser, demo, picture)
            (HERE / picture.name).write_bytes(content)
            sys.stderr.write(f"{picture.name}: {len(content):,} bytes\n")
        browser.close()


def take(browser: Browser, demo: dict[str, Any], picture: Picture) -> bytes:
    """Go to the page as the right person, check it, and return the picture."""
    size, scale = (DESK, 1) if picture.role else (PHONE, 2)
    page = browser.new_page(viewport=size, locale="zh-CN", device_scale_factor=scale)
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    try:
        if picture.role:
            _sign_in(page, demo, picture.role)
        answer = page.goto(demo["address"] + picture.path)
        if picture.search:
            answer = _find(page, picture.search, picture.words[0])
        page.wait_for_load_state("networkidle")
        check_page(page, picture.words, status=answer.status if answer else 200)
        content = shrink(page.screenshot())
    finally:
        page.close()
    if len(content) > MOST_BYTES:
        raise WrongPage(f"{picture.name} has {len(content):,} bytes, {MOST_BYTES:,} at most.")
    return content


def _sign_in(page: Page, demo: dict[str, Any], role: str) -> None:
    login = next(one["login"] for one in demo["accounts"] if one["role"] == role)
    page.goto(demo["address"] + "/accounts/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", demo["password"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if page.locator("input[type=password]").count():
        raise WrongPage(f"{login} could not sign in: {page.locator('main').inner_text()[:200]}")


def _find(page: Page, words: str, item: str) -> Any:
    page.get_by_role("searchbox").first.fill(words)
    page.keyboard.press("Enter")
    with page.expect_navigation() as found:
        page.locator("main a").filter(has_text=item).first.click()
    return found.value


@contextlib.contextmanager
def _demo() -> Iterator[dict[str, Any]]:
    """A running demo: what it says of itself as JSON. Everything it made is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="liuquan-pictures-"))
    folder.chmod(0o711)
    place = place_of(Home(folder))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "liuquan.site.command", "demo", "--json", "--today", TODAY]
    process = subprocess.Popen(
        [*command, "--home", str(folder), "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith(OURS)},
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise SystemExit("the demo did not start")
        demo = json.loads(line)
        _wait_for(demo["address"])
        yield demo
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        if ELSEWHERE in place.folder.parents:
            shutil.rmtree(place.folder.parent, ignore_errors=True)
        if folder not in place.sockets.parents:
            shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: str) -> None:
    """The demo says where it is before its web server listens."""
    end = time.monotonic() + 2 * PATIENCE_SECONDS
    while True:
        try:
            urlopen(address).close()  # noqa: S310 - our own demo
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def shrink(picture: bytes) -> bytes:
    """The PNG with a palette of its most frequent colours; every other pixel takes the nearest of them."""
    pixels = _pixels(picture)
    height, width, _ = pixels.shape
    codes = (pixels.astype(np.uint32) << np.array([16, 8, 0], dtype=np.uint32)).sum(axis=2, dtype=np.uint32)
    colours, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    kept = np.sort(colours[np.argsort(counts)[::-1][:COLOURS]])
    parts = [
        ((one[:, None] >> np.array([16, 8, 0], np.uint32)) & 255).astype(np.int64) for one in (colours, kept)
    ]
    nearest = np.concatenate(
        [
            ((some[:, None] - parts[1]) ** 2).sum(axis=2).argmin(axis=1)
            for some in np.array_split(parts[0], 64)
        ]
    )
    rows = nearest.astype(np.uint8)[places.reshape(height, width)]
    lines = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = (
        ("IHDR", header),
        ("PLTE", parts[1].astype(np.uint8).tobytes()),
        ("IDAT", zlib.compress(lines, 9)),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in (*body, ("IEND", b"")))


def _chunk(name: str, data: bytes) -> bytes:
    named = name.encode() + data
    return struct.pack(">I", len(data)) + named + struct.pack(">I", zlib.crc32(named))


def _pixels(picture: bytes) -> Any:
    """The red, green and blue of a PNG as Chromium writes it: 8 bits, not interlaced."""
    width, height, depth, kind = struct.unpack(">IIBB", picture[16:26])
    if depth != 8 or kind not in (2, 6):
        raise WrongPage(f"a PNG of {depth} bits and kind {kind} is not read here.")
    data, at = b"", 8
    while at < len(picture):
        size, name = struct.unpack(">I4s", picture[at : at + 8])
        data += picture[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    step = 3 if kind == 2 else 4
    lines = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * step)
    above = np.zeros(width * step, np.uint8)
    rows = []
    for line in lines:
        above = _unfiltered(int(line[0]), line[1:], above, step)
        rows.append(above)
    return np.array(rows).reshape(height, width, step)[:, :, :3]


def _unfiltered(how: int, line: Any, above: Any, step: int) -> Any:
    """One line of a PNG without its filter (0 none, 1 left, 2 above, 3 their mean, 4 Paeth)."""
    if how == 0:
        return line.copy()
    if how == 2:
        return line + above
    if how == 1:
        return np.cumsum(line.reshape(-1, step), axis=0, dtype=np.uint8).reshape(-1)
    raw, top = line.tolist(), above.tolist()
    out = [0] * len(raw)
    for at, value in enumerate(raw):
        left, up, corner = (out[at - step], top[at], top[at - step]) if at >= step else (0, top[at], 0)
        guess = (left + up) // 2 if how == 3 else _paeth(left, up, corner)
        out[at] = (value + guess) & 255
    return np.array(out, np.uint8)


def _paeth(left: int, up: int, corner: int) -> int:
    far = [(abs(up - corner), left), (abs(left - corner), up), (abs(left + up - 2 * corner), corner)]
    return min(far, key=lambda one: one[0])[1]


def _use_packed_fonts() -> None:
    """Machines without Chinese fonts get those the papers are printed with."""
    found = find_spec("pylopdf_fonts_zh_cn")
    if found is None or found.origin is None:
        return
    fonts = Path(tempfile.mkdtemp()) / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{Path(found.origin).parent}</dir><dir>/usr/share/fonts</dir>"
        f"<alias><family>monospace</family><prefer><family>{MONOSPACE}</family></prefer></alias>"
        f"<cachedir>{fonts.parent}</cachedir></fontconfig>"
    )
    os.environ["FONTCONFIG_FILE"] = str(fonts)


if __name__ == "__main__":
    main()
