"""Checking a paper on the portal: its place in the record, its receipt, a file with one changed byte."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import NoticeView
from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.log import keys
from liuquan.journal.types import NewEntry
from liuquan.journal.witness.keys import trust
from liuquan.kernel import moments, uploads
from liuquan.kernel.refusals import NotVisible
from liuquan.merkle import (
    SHA256,
    attach_receipt,
    checkpoint_of,
    ed25519_signer,
    parse_note,
    parse_receipt,
    parse_trust,
    verify,
)
from liuquan.organisation.types import SYSTEM
from liuquan.papers import actions as papers_actions
from liuquan.papers import queries as papers_queries
from liuquan.site.portal.file_check import Known, Published, check_file
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, Cast
from liuquan.testing.sources import squeezed

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


@dataclass
class Paper:
    """A paper just issued, its bytes, the code that opens its case."""

    notice: NoticeView
    case: str
    content: bytes
    query_code: str

    @property
    def code(self) -> str:
        return self.notice.short_code


@pytest.fixture
def paper(city: str, log_home: Path, cast: Cast, set_now: SetNow) -> Paper:
    set_now(NOW)
    number = cast.applies("food", at=NOW)
    papers_actions.issue_papers(number, entry=record.entries_of(number)[0].number, now=NOW)
    (notice,) = casework.notices(number)
    code = casework.query_code(number)
    content = papers_actions.open_paper(notice.number, by=None, code=code, now=NOW)[1]
    return Paper(notice, number, content, code)


def seal(now: datetime = NOW) -> None:
    while record.log_status().unsealed:
        journal.seal(now=now)


def paper_less() -> NewEntry:
    """An entry that issues nothing."""
    return NewEntry("casework.file_opened", "A-1", "B", "P", "staff", NOW, public={"post": "审查岗"})


def words(client: Client, address: str, status: int = 200, **files: bytes) -> str:
    sent = {name: SimpleUploadedFile(f"{name}.bin", content) for name, content in files.items()}
    answer = client.post(address, sent) if files else client.get(address)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_before_sealing_a_paper_says_to_come_back_in_a_minute(paper: Paper) -> None:
    anyone, page = Client(), reverse("verify_paper", args=[paper.code])
    said = words(anyone, page)
    assert "过一分钟再打开本页" in said
    assert reverse("verify_receipt", args=[paper.code]) not in said
    assert "过一分钟再下载核验凭证" in words(anyone, reverse("verify_receipt", args=[paper.code]), 409)
    assert "过一分钟再核验一次" in words(anyone, page, file=paper.content)
    assert "不是签发时的那一份" in words(anyone, page, file=paper.content + b"\n")


@pytest.mark.parametrize("sealed", [False, True])
def test_a_file_that_is_no_paper_of_ours_or_another_one_is_not_called_changed(
    paper: Paper, cast: Cast, sealed: bool
) -> None:
    other = cast.applies("food", at=NOW)
    papers_actions.issue_papers(other, entry=record.entries_of(other)[0].number, now=NOW)
    (notice,) = casework.notices(other)
    code = casework.query_code(other)
    content = papers_actions.open_paper(notice.number, by=None, code=code, now=NOW)[1]
    if sealed:
        seal()
    page = reverse("verify_paper", args=[paper.code])
    for file, heading in (
        (PDF, "可能选错了文件"),
        (content, "选成了另一份文书"),
        (paper.content.replace(b"%PDF-1.7", b"%PDF-1.6", 1), "这份文件被改动过"),
    ):
        said = words(Client(), page, file=file)
        assert title_of(said).startswith(heading)
        assert f"<h1>{heading}</h1>" in said
        assert "核验通过" not in said
    if sealed:
        receipt = str(papers_queries.paper_receipt(paper.notice.record)).encode()
        for file, heading in ((PDF, "可能选错了文件"), (content, "选成了另一份文书")):
            said = words(Client(), reverse("verify_file"), file=file, receipt=receipt)
            assert title_of(said).startswith(heading)


def test_a_sealed_paper_shows_its_place_and_gives_a_receipt_that_proves_it_offline(paper: Paper) -> None:
    seal()
    anyone = Client()
    said = words(anyone, reverse("verify_paper", args=[paper.code]) + f"?e={paper.notice.record.hex}")
    receipt = parse_receipt(words(anyone, reverse("verify_receipt", args=[paper.code])))
    place = f"第 <strong>{receipt.index + 1}</strong> 条，这时日志共 {receipt.checkpoint.size} 条"
    download = reverse("verify_receipt", args=[paper.code])
    for shown in (place, paper.notice.sha256, str(paper.notice.record), download):
        assert shown in squeezed(said)
    assert "二维码被改动过" not in said
    answered = parse_trust(words(anyone, reverse("log_trust")))
    assert answered == trust()
    assert verify(receipt, answered, document=paper.content).passed
    changed = bytearray(paper.content)
    changed[len(changed) // 2] ^= 1
    assert not verify(receipt, answered, document=bytes(changed)).passed


def test_neither_page_nor_receipt_holds_a_personal_datum_or_lets_a_stranger_to_the_paper(
    paper: Paper,
) -> None:
    seal()
    anyone = Client()
    page = words(anyone, reverse("verify_paper", args=[paper.code]))
    receipt = words(anyone, reverse("verify_receipt", args=[paper.code]))
    for secret in (LI_YUNXI.name, LI_YUNXI.id_number, LI_YUNXI.phone, paper.query_code):
        assert secret not in page + receipt
    assert paper.case not in page
    opened = json.loads(receipt)["openings"]
    assert opened.keys() == {"public"}
    assert opened["public"]["values"].keys() == {"notice", "kind", "label", "sha256", "_entry"}
    pdf = reverse("track_paper", args=[paper.case, paper.code])
    assert anyone.get(f"{pdf}?with=receipt").status_code == 302


def test_the_holder_of_the_slip_gets_the_pdf_with_its_receipt_and_anyone_can_check_it(paper: Paper) -> None:
    holder = Client()
    holder.post(reverse("track"), {"number": paper.case, "code": paper.query_code})
    pdf = reverse("track_paper", args=[paper.case, paper.code]) + "?with=receipt"
    assert "过一分钟再下载核验凭证" in words(holder, pdf, 409)
    seal()
    assert reverse("verify_paper", args=[paper.code]) in words(holder, f"/track/{paper.case}/")
    assert pdf in words(holder, reverse("verify_paper", args=[paper.code]))
    carrying = holder.get(pdf).content
    assert carrying == attach_receipt(paper.content, str(papers_queries.paper_receipt(paper.notice.record)))
    for address in (reverse("verify_file"), reverse("verify_paper", args=[paper.code])):
        said = words(Client(), address, file=carrying)
        assert "核验通过：" in said
        assert paper.notice.number in said
        changed = carrying.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
        assert changed != carrying
        said = words(Client(), address, file=changed)
        assert "核验不通过：文书不符。" in said
        assert "<h1>这份文件被改动过</h1>" in said
        assert title_of(said).startswith("这份文件被改动过")


def title_of(page: str) -> str:
    return page.partition("<title>")[2].partition("</title>")[0].strip()


def test_an_adverse_decision_is_verified_with_its_result_and_the_bodies_that_hear_complaints(
    visitor: Client, cast: Cast
) -> None:
    number = cast.examined("device", at=NOW)
    casework_actions.perform(number, "refuse", by=cast.approver, now=NOW, data=cast.decision("device"))
    papers_actions.issue_papers(number, entry=record.entries_of(number)[-1].number, now=NOW)
    code = next(n.short_code for n in casework.notices(number) if n.kind == "refusal")
    said = squeezed(words(visitor, reverse("verify_paper", args=[code])))
    assert title_of(said).startswith("本站签发过：不予行政许可决定书")
    assert "<strong>不予</strong>" in said
    for heard in ("向云溪市人民政府申请行政复议", "向云溪市溪南区人民法院提起行政诉讼"):
        assert heard in said


def test_times_of_the_record_are_told_by_the_clock_that_the_demo_plays(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal()
    receipt = str(papers_queries.paper_receipt(paper.notice.record))
    recorded = parse_receipt(receipt).leaf.recorded_at
    for moved in (timedelta(), timedelta(days=-250)):
        monkeypatch.setenv(moments.OFFSET_VARIABLE, str(int(moved.total_seconds())))
        said = words(Client(), reverse("verify_file"), file=paper.content, receipt=receipt.encode())
        assert f"入册时间 {(recorded + moved).astimezone(moments.LOCAL):%Y-%m-%d %H:%M:%S}" in said


def test_a_receipt_beside_the_pdf_is_checked_and_one_changed_character_is_noticed(paper: Paper) -> None:
    seal()
    receipt = str(papers_queries.paper_receipt(paper.notice.record))
    given = {"file": paper.content, "receipt": receipt.encode()}
    assert "核验通过：" in words(Client(), reverse("verify_file"), **given)
    for old, new, said in (
        ("申请材料", "申请财料", "承诺不符"),
        ('"index": ', '"index": 1', "入册不符"),
        ("localhost/log", "localhost/1og", "签名"),
    ):
        assert old in receipt
        given["receipt"] = receipt.replace(old, new, 1).encode()
        page = words(Client(), reverse("verify_file"), **given)
        assert "不能认定" in page
        assert said in page


@pytest.mark.parametrize("sealed", [False, True])
def test_the_file_that_was_handed_out_is_known_without_receipt_and_without_code(
    paper: Paper, sealed: bool
) -> None:
    if sealed:
        seal()
    said = words(Client(), reverse("verify_file"), file=paper.content)
    assert title_of(said).startswith("这份文件是真的")
    assert "与签发时逐字节相同" in said
    for fact in (paper.notice.number, "市场监督管理局", "2026年3月4日 10:00"):
        assert fact in said
    assert paper.case not in said
    assert LI_YUNXI.name not in said
    assert ("是同一部历史" in said) is sealed
    assert ("刚签发" in said) is not sealed


def test_what_the_file_cannot_tell_is_asked_for_its_code_and_a_foreign_file_is_called_foreign(
    paper: Paper,
) -> None:
    seal()
    changed = paper.content.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    for file, heading in ((changed, "从文件本身看不出真假"), (PDF, "不是本中心签发的文件")):
        said = words(Client(), reverse("verify_file"), file=file)
        assert title_of(said).startswith(heading)
        assert 'name="code"' in said
        assert "左下角" in said
        assert "请把 .receipt.json" not in said
        assert paper.notice.number not in said
        assert ">是真的<" not in said


@pytest.fixture
def visitor(city_db: str, set_now: SetNow) -> Client:
    set_now(NOW)
    return Client()


@pytest.fixture
def code(cast: Cast, visitor: Client) -> str:
    number = cast.applies("food", at=NOW)
    papers_actions.issue_papers(number, entry=record.entries_of(number)[0].number, now=NOW)
    return casework.notices(number)[0].short_code


def test_a_verify_code_with_one_changed_character_is_told_apart_from_an_unknown_one(
    visitor: Client, code: str
) -> None:
    changed = code[:3] + ("8" if code[3] != "8" else "9") + code[4:]
    assert "核验码有误，请对照文书逐位核对" in words(visitor, reverse("verify_paper", args=[changed]), 404)
    case_number = "SCJG2026031200163"
    for wrong, said in (
        ("0" * 12, "第1位有误"),
        (code[:-2], "现在是10位"),
        (code + "AA", "现在是14位"),
        (case_number, "现在是17位"),
    ):
        assert said in words(visitor, reverse("verify_paper", args=[wrong]), 404)
        typed = words(visitor, f"{reverse('verify')}?code={wrong}", 422)
        assert said in typed
        assert f'value="{wrong}"' in typed
    for empty in ("", "+", "-"):
        assert "没有填写核验码，请填写文书上的12位核验码" in words(
            visitor, f"{reverse('verify')}?code={empty}", 422
        )
    assert "没有填写" not in words(visitor, reverse("verify"))
    with pytest.raises(NotVisible, match="没有签发过这个核验码"):
        papers_queries.issued_paper("222222222222")
    grouped = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    answer = visitor.get(reverse("verify"), {"code": grouped})
    assert answer["Location"] == reverse("verify_paper", args=[code])


def test_a_qr_that_names_another_entry_than_its_code_is_called_changed(visitor: Client, code: str) -> None:
    page = reverse("verify_paper", args=[code])
    record_number = papers_queries.issued_paper(code).record.hex
    assert "二维码被改动过" not in words(visitor, f"{page}?e={record_number}")
    changed = record_number[:-1] + ("0" if record_number[-1] != "0" else "1")
    for wrong in (changed, record_number[:-1], "x"):
        assert "二维码被改动过" in words(visitor, f"{page}?e={wrong}")


def test_a_receipt_of_a_log_that_went_on_is_true_and_one_of_a_rewound_log_is_not(
    paper: Paper, cast: Cast, log_home: Path
) -> None:
    seal()
    short = (log_home / "log" / "checkpoint").read_bytes()
    receipt = str(papers_queries.paper_receipt(paper.notice.record)).encode()
    casework_actions.perform(paper.case, "withdraw", by=cast.applicant, now=NOW, data={"reason": "不办了"})
    seal()
    head = record.latest_checkpoint()
    assert head is not None
    said = words(Client(), reverse("verify_file"), file=paper.content, receipt=receipt)
    assert f"与本站现在公布的日志（{head.size} 条）是同一部历史" in said
    assert "核验通过：" in said
    late = str(papers_queries.paper_receipt(paper.notice.record)).encode()
    with_short, known = Published(short.decode(), record.log_file), Known((), lambda _hash: "")
    rewound = check_file(paper.content, late, trust(), known, published=with_short)
    assert (rewound.passed, rewound.sentence) == (False, "核验不通过：历史不符。")
    assert "被回退过" in rewound.checks[-1].sentence
    fork = checkpoint_of(SHA256, origin=keys.origin(), size=head.size, root=b"f" * 32)
    forked = fork.signed(*keys.log_signers())
    on_fork = Published(str(forked), record.log_file)
    assert not check_file(paper.content, late, trust(), known, published=on_fork).passed


def test_a_paper_shows_who_has_cosigned_and_waits_for_those_it_wants(paper: Paper, settings: Any) -> None:
    witness = ed25519_signer("province.example/witness", b"w" * 32, witness=True)
    journal.add_witness(witness.key.text, by=SYSTEM, now=NOW, label="省政务服务局")
    settings.LIUQUAN_WITNESS_QUORUM = 1
    seal()
    page = reverse("verify_paper", args=[paper.code])
    said = words(Client(), page)
    assert "要求 1 个，现有 0 个" in said
    assert "请到时再下载核验凭证" in said
    assert "还要等一等" in words(Client(), page, file=paper.content)
    head = record.latest_checkpoint()
    assert head is not None
    journal.store_cosignatures(parse_note(head.note).signed(witness, at=NOW), now=NOW)
    said = words(Client(), page)
    assert "要求 1 个，现有 1 个：" in said
    assert "省政务服务局（3月4日 10:00）" in said
    assert "请到时再下载核验凭证" not in said
    said = words(Client(), page, file=paper.content)
    assert "核验通过：" in said
    assert "1 个见证方中有 1 个见证" in said


HOSTILE = [
    pytest.param({"file": b"\x00\xff" * 5000}, 422, "不是 PDF", id="binary"),
    pytest.param({"file": b"PK\x03\x04" + b"\0" * 100}, 422, "不是 PDF", id="archive"),
    pytest.param({"file": b"%PDF-"}, 200, "不是本中心签发的", id="head only"),
    pytest.param({"file": PDF, "receipt": b"[" * 200_000}, 200, "不是完整的 JSON", id="deep"),
    pytest.param({"file": PDF, "receipt": b'{"a":' * 40_000}, 200, "不是完整的 JSON", id="deep objects"),
    pytest.param({"file": PDF, "receipt": b"\xff\xfe\x00" * 900}, 200, "不是完整的 JSON", id="not text"),
    pytest.param({"file": PDF, "receipt": b"1" * 9000}, 200, "不是完整的 JSON", id="large number"),
    pytest.param({"file": PDF, "receipt": b" " * 262_145}, 413, "超过 256 KB", id="large receipt"),
    pytest.param({"file": PDF, "receipt": b'{"kind": "x"}'}, 200, "不是核验凭证", id="another file"),
    pytest.param(
        {"file": PDF + b"\n%LiuquanReceipt-1\n%e30=\nstartxref\n9\n%%EOF\n"},
        200,
        "不是核验凭证",
        id="empty receipt carried",
    ),
    pytest.param(
        {"file": PDF + b"\n%LiuquanReceipt-1\n" * 9000}, 200, "不是本中心签发的", id="many receipts carried"
    ),
    pytest.param({"receipt": b"{}"}, 422, "没有选择文件", id="no file"),
]


@pytest.mark.parametrize(("files", "status", "said"), HOSTILE)
def test_a_hostile_upload_gets_a_sentence(
    visitor: Client, files: dict[str, bytes], status: int, said: str
) -> None:
    page = words(visitor, reverse("verify_file"), status, **files)
    assert said in page
    assert "核验通过" not in page


def test_a_file_larger_than_any_paper_is_not_read(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LIMIT_BYTES", 3 * 1024 * 1024)
    large = PDF + b"0" * (3 * 1024 * 1024)
    assert "超过 3 MB" in words(visitor, reverse("verify_file"), 413, file=large)


def test_checking_files_is_limited_by_address(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from liuquan.site.portal import verify

    few = verify.Allowance("verify_file", 2, 900, "请 15 分钟后再试。")
    monkeypatch.setattr(verify, "CHECKED_FILES", few)
    for _ in range(2):
        words(visitor, reverse("verify_file"), 422, file=b"no")
    assert "请 15 分钟后再试" in words(visitor, reverse("verify_file"), 429, file=b"no")


def test_a_lost_file_of_the_log_makes_no_paper_false_and_no_page_fail(paper: Paper, log_home: Path) -> None:
    seal()
    receipt = str(papers_queries.paper_receipt(paper.notice.record)).encode()
    journal.append_durably(*(paper_less() for _ in range(300)))
    seal()
    (log_home / "log" / "tile" / "0" / "000").unlink()
    anyone, page = Client(), reverse("verify_paper", args=[paper.code])
    assert "日志的文件缺失或者损坏" in words(anyone, page)
    assert "没有核验凭证可以证明" in words(anyone, page, file=paper.content)
    assert "日志的文件缺失或者损坏" in words(anyone, reverse("verify_receipt", args=[paper.code]), 503)
    with_receipt = reverse("track_paper", args=[paper.case, paper.code]) + "?with=receipt"
    holder = Client()
    holder.post(reverse("track"), {"number": paper.case, "code": paper.query_code})
    assert "日志的文件缺失或者损坏" in words(holder, with_receipt, 503)
    said = words(anyone, reverse("verify_file"), file=paper.content, receipt=receipt)
    assert "核验通过：" in said
    assert "这一项没有核对" in said
    journal.Sealer().rewrite(now=NOW)
    assert "已经入册" in words(anyone, page)
    assert "是同一部历史" in words(anyone, reverse("verify_file"), file=paper.content, receipt=receipt)


def test_an_entry_changed_in_the_database_shows_no_place_and_gives_no_receipt(
    paper: Paper, city: str, postgres_server: Any
) -> None:
    seal()
    with psycopg.connect(postgres_server.dsn(city), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "UPDATE journal_entry SET post_code = 'X' "
            "WHERE event = 'casework.notice_issued' AND subject = %s",
            [paper.case],
        )
    said = words(Client(), reverse("verify_paper", args=[paper.code]))
    assert "现在证明不了" in said
    assert "已经入册" not in said
    assert "不符" in words(Client(), reverse("verify_receipt", args=[paper.code]), 503)
