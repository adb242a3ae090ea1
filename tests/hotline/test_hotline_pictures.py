"""However a picture comes to a ticket, nobody reads from it where, when and with what it was taken."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from liuquan.casework import queries as cases
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.kernel import files, uploads
from liuquan.testing.browsers import SetNow

SECRETS = (b"SECRETPHONE", b"2026:03:02 08:00:00")
REPLY = {"reply": "路灯不亮是灯具损坏，已经更换，今晚恢复照明。", "fixed": "fixed", "contact": "phone"}


def photo(form: str = "JPEG", *, behind: int = 0) -> bytes:
    """A photo with a phone, a time and a place in it, and as many bytes behind its end."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "SECRETPHONE", "2026:03:02 08:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 5.0, 12.5), 3: "E", 4: (111.0, 31.0, 7.0)})
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 90).save(buffer, form, exif=exif)
    return buffer.getvalue() + bytes(behind)


def file(name: str = "现场.jpg", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or photo())


def handling(hotline: Hotline) -> str:
    number = hotline.dispatched()
    hotline.act(number, "sign", hotline.contact)
    return number


def by_the_portal(hotline: Hotline, given: SimpleUploadedFile) -> str:
    form = {"text": "路灯不亮，请派人来修。", "request_kind": "complaint", "division": "990102001000"}
    sent = {**form, "identity": "anonymous", "go": "send", "file_photo": given}
    response = Client().post("/hotline/", sent)
    assert response.status_code == 302, response.content.decode()[:2000]
    return str(response["Location"].split("/")[2])


def by_the_slip(hotline: Hotline, given: SimpleUploadedFile) -> str:
    number, visitor = hotline.registered(), Client()
    visitor.post("/track/", {"number": number, "code": cases.query_code(number)})
    sent = visitor.post(f"/track/{number}/add/", {"more": "旁边两盏也不亮。", "file_photo": given})
    assert sent.status_code == 302
    return number


def by_the_api_of_the_slip(hotline: Hotline, given: SimpleUploadedFile) -> str:
    number = hotline.registered()
    body = {"json": json.dumps({"more": "旁边两盏也不亮。"}), "photo": given}
    address = f"/api/v1/track/{number}/actions/add"
    answer = Client().post(address, body, headers={"Query-Code": cases.query_code(number)})
    assert answer.status_code == 200, answer.content.decode()
    return number


def by_the_unit(hotline: Hotline, given: SimpleUploadedFile) -> str:
    number = handling(hotline)
    sent = hotline.cast.client("chengxiaore").post(
        f"/desk/cases/{number}/answer/", {**REPLY, "file_photo": given}
    )
    assert sent.status_code == 302, sent.content.decode()[:2000]
    return number


def by_the_api_of_the_unit(hotline: Hotline, given: SimpleUploadedFile) -> str:
    number = handling(hotline)
    body = {"json": json.dumps(REPLY), "photo": given}
    answer = hotline.cast.client("chengxiaore").post(f"/api/v1/cases/{number}/actions/answer", body)
    assert answer.status_code == 200, answer.content.decode()
    return number


WAYS: list[Callable[[Hotline, SimpleUploadedFile], str]] = [
    by_the_portal,
    by_the_slip,
    by_the_api_of_the_slip,
    by_the_unit,
    by_the_api_of_the_unit,
]


@pytest.fixture(autouse=True)
def on_monday(city_db: str, set_now: SetNow) -> None:
    del city_db
    cache.clear()
    set_now(MONDAY)


@pytest.mark.parametrize(("name", "form"), [("现场.jpg", "JPEG"), ("现场.png", "PNG")])
@pytest.mark.parametrize("way", WAYS)
def test_a_picture_is_kept_without_what_its_camera_wrote(
    hotline: Hotline, way: Callable[[Hotline, SimpleUploadedFile], str], name: str, form: str
) -> None:
    before = photo(form)
    number = way(hotline, file(name, before))
    (material,) = [one for one in cases.materials(cases.read(number)) if one.files]
    after = files.open_file(material.files[0])
    assert all(secret in before for secret in SECRETS)
    assert not [secret for secret in SECRETS if secret in after]
    was, now = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert not now.getexif().get_ifd(0x8825)
    assert now.tobytes() == was.tobytes()


def test_a_proof_of_forty_megabytes_is_refused_with_its_sentence_and_the_answer_stays(
    hotline: Hotline,
) -> None:
    number = handling(hotline)
    large = {"file_photo": file("大图.jpg", photo(behind=2 * uploads.LIMIT_BYTES))}
    unit = hotline.cast.client("chengxiaore")
    refused = unit.post(f"/desk/cases/{number}/answer/", {**REPLY, **large})
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "“大图.jpg”超过 20 MB，请压缩图片" in said
    assert REPLY["reply"] in said
    body: dict[str, Any] = {"json": json.dumps(REPLY), "photo": large["file_photo"]}
    body["photo"].seek(0)
    answer = unit.post(f"/api/v1/cases/{number}/actions/answer", body)
    assert (answer.status_code, "请压缩图片" in answer.json()["detail"]) == (413, True)
    case = cases.read(number)
    assert (case.state, [one for one in cases.materials(case) if one.files]) == ("handling", [])
