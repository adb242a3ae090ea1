"""The pictures of the READMEs: only the page that was meant is taken, and the file stays small."""

from __future__ import annotations

import runpy
import struct
from typing import TYPE_CHECKING

import pytest

from liuquan.kernel.home import CHECKOUT

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = CHECKOUT / "docs" / "images"


@pytest.mark.browser
def test_a_sign_in_form_an_error_page_and_a_missing_word_are_refused(live_site: str, page: Page) -> None:
    take = runpy.run_path(str(IMAGES / "take.py"))
    check, wrong = take["check_page"], take["WrongPage"]
    page.goto(f"{live_site}/desk/")
    with pytest.raises(wrong, match="sign-in form"):
        check(page, ("登录",))
    answer = page.goto(f"{live_site}/nowhere/")
    assert answer is not None
    with pytest.raises(wrong, match="answers with 404"):
        check(page, (), status=answer.status)
    page.goto(live_site)
    check(page, ("找事项", "查进度"))
    with pytest.raises(wrong, match="does not say 我的待办"):
        check(page, ("找事项", "我的待办"))


@pytest.mark.browser
def test_a_shrunk_picture_has_the_same_size_and_a_palette(live_site: str, page: Page) -> None:
    take = runpy.run_path(str(IMAGES / "take.py"))
    page.goto(live_site)
    full = page.screenshot()
    small = take["shrink"](full)
    assert small[16:24] == full[16:24]
    assert small[24:26] == bytes([8, 3])
    assert len(small) < len(full)
    page.goto("about:blank")
    page.set_content('<img id="shown">')
    shown = page.evaluate(
        "bytes => new Promise(done => { const image = document.getElementById('shown');"
        "image.onload = () => done([image.naturalWidth, image.naturalHeight]);"
        "image.onerror = () => done([0, 0]);"
        "image.src = URL.createObjectURL(new Blob([new Uint8Array(bytes)], {type: 'image/png'})); })",
        list(small),
    )
    assert shown == list(struct.unpack(">II", full[16:24]))


def test_every_picture_is_small_and_is_one_that_the_script_takes() -> None:
    pictures = sorted(IMAGES.glob("*.png"))
    assert len(pictures) == 4
    text = (IMAGES / "take.py").read_text(encoding="utf-8")
    for picture in pictures:
        assert picture.stat().st_size <= 200_000, picture.name
        assert f'"{picture.name}"' in text
