"""The stand-alone verifier as it is handed out: its wheel, alone with `cryptography`, in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from liuquan.draw import record_text
from liuquan.draw.tests.evaluation_draw import make
from liuquan.kernel.home import CHECKOUT
from liuquan.merkle import (
    SHA256,
    Advance,
    Leaf,
    Note,
    Opening,
    Receipt,
    Tree,
    attach_receipt,
    checkpoint_of,
    consistency_path,
    ed25519_signer,
    inclusion_path,
)

AT = datetime(2026, 3, 20, 1, 2, 3, tzinfo=UTC)
LOG = ed25519_signer("log.example/city", b"L" * 32)
ONE = ed25519_signer("witness.example/province", b"\1" * 32, witness=True)
TWO = ed25519_signer("witness.example/county", b"\2" * 32, witness=True)
DOCUMENT = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n27\n%%EOF\n"
OPENING = Opening(
    b"S" * 32,
    {"sha256": SHA256.digest(DOCUMENT).hex(), "label": "受理通知书", "_entry": {"subject": "A-2026-1"}},
)
LEAF = Leaf(
    number=uuid.UUID(int=1),
    event="casework.notice_issued",
    vocabulary=1,
    body="BODY",
    effective_at=AT,
    recorded_at=AT,
    subject=b"s" * 32,
    public=OPENING.commitment(),
    private=b"p" * 32,
)
KEYS = ("--key", LOG.key.text, "--witness", ONE.key.text, "--witness", TWO.key.text)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def log(size: int, *, forked: bool = False) -> Tree:
    tree = Tree(SHA256)
    for place in range(size):
        tree.append(LEAF.content() if place == 2 else f"{place}{forked}".encode())
    return tree


def head(tree: Tree) -> Note:
    note = checkpoint_of(SHA256, origin=LOG.key.name, size=tree.size, root=tree.root()).signed(LOG)
    return note.signed(ONE, at=AT).signed(TWO, at=AT)


def receipt(size: int = 7) -> Receipt:
    tree = log(size)
    return Receipt(2, LEAF, inclusion_path(tree, 2, size), head(tree), {"public": OPENING})


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the unpacked wheel, `cryptography`, and nothing else."""
    built, folder = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
        cwd=CHECKOUT / "verifier",
        check=True,
        capture_output=True,
        timeout=60,
    )
    (wheel,) = built.glob("liuquan_verify-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    for name in ("cryptography", "_cffi_backend", "cffi", "pycparser"):
        spec = find_spec(name)
        if spec and spec.origin:
            origin = Path(spec.origin)
            place = origin.parent if origin.name == "__init__.py" else origin
            (folder / place.name).symlink_to(place)
    return folder


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Runs the verifier in `tmp_path` without site packages, home or network settings."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = (
            f"import sys; sys.path.insert(0, {str(installed)!r}); "
            "from liuquan_verify.command import main; sys.exit(main())"
        )
        return subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", code, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
            env={"PATH": os.defpath},
            check=False,
        )

    (tmp_path / "paper.pdf").write_bytes(DOCUMENT)
    (tmp_path / "paper.receipt.json").write_text(str(receipt()))
    return call


PAPER = ("paper.pdf", "--receipt", "paper.receipt.json")


def test_the_wheel_holds_the_rules_unchanged_and_nothing_of_the_platform(installed: Path) -> None:
    parts = installed / "liuquan_verify" / "parts" / "liuquan"
    taken = {path.relative_to(parts).as_posix() for path in parts.rglob("*.py")}
    own = {
        f"{module}/{path.name}"
        for module in ("merkle", "draw")
        for path in (CHECKOUT / "src/liuquan" / module).glob("*.py")
    }
    assert taken == own | {"__init__.py"}
    for name in taken:
        assert (parts / name).read_bytes() == (CHECKOUT / "src" / "liuquan" / name).read_bytes()
    metadata = next(installed.glob("*.dist-info/METADATA")).read_text()
    assert [line for line in metadata.splitlines() if line.startswith("Requires-Dist")] == [
        "Requires-Dist: cryptography>=45"
    ]


def test_a_true_paper_gets_a_yes_that_says_why(run: Run) -> None:
    said = run(*PAPER, *KEYS)
    assert (said.returncode, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert [line[:3] for line in lines[:5]] == ["[是]"] * 5
    assert lines[-1] == "核验通过。"
    assert "　文书：受理通知书\n" in said.stdout
    assert "，签发文书，机关 BODY，2026-03-20 09:02:03\n" in said.stdout
    assert said.stdout.count("A-2026-1") == 1  # of the envelope, the number of the case
    assert "witness.example/county（2026-03-20 09:02:03）" in said.stdout


def test_the_receipt_carried_in_the_paper_is_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "carried.pdf").write_bytes(attach_receipt(DOCUMENT, str(receipt())))
    assert run("carried.pdf", *KEYS).returncode == 0
    nothing = run("paper.pdf", *KEYS)
    assert (nothing.returncode, nothing.stdout) == (
        2,
        "未能核验：文书没有附带凭证，请用 --receipt 给出 .receipt.json 文件。\n",
    )


def test_a_paper_with_one_changed_byte_gets_a_no(run: Run, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(DOCUMENT.replace(b"1.7", b"1.6"))
    said = run(*PAPER, *KEYS)
    assert said.returncode == 1
    assert said.stdout.startswith("[否] 文书　文书与入册的不同")
    assert said.stdout.endswith("核验不通过：文书不符。\n")
    assert "记录编号" not in said.stdout


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("受理通知书", "不受理通知书", "核验不通过：承诺不符。"),
        ('"salt": "5', '"salt": "6', "核验不通过：承诺不符。"),
        ('"index": 2', '"index": 3', "核验不通过：入册不符。"),
        ("\\n7\\n", "\\n6\\n", "核验不通过：签名、见证不符。"),
        ("witness.example/county", "witness.example/Bounty", "核验不通过：见证不符。"),
        ('"kind"', '"kinds"', "这个文件不是核验凭证"),
        ("\n", "\n{", "凭证不是完整的 JSON 文本"),
    ],
)
def test_a_receipt_with_changed_characters_gets_a_no(
    run: Run, tmp_path: Path, old: str, new: str, expected: str
) -> None:
    text = str(receipt())
    assert old in text
    (tmp_path / "paper.receipt.json").write_text(text.replace(old, new, 1))
    said = run(*PAPER, *KEYS)
    assert said.returncode == 1
    assert expected in said.stdout


def test_an_old_key_gets_a_no(run: Run, tmp_path: Path) -> None:
    new = ed25519_signer(LOG.key.name, b"N" * 32)
    said = run(*PAPER, "--key", new.key.text)
    assert said.returncode == 1
    assert "受信任的密钥的签名" in said.stdout
    trust = {
        "kind": "liuquan.trust",
        "version": 1,
        "quorum": 1,
        "witnesses": [ONE.key.text],
        "log": [{"key": LOG.key.text, "until_size": 6}, {"key": new.key.text, "from_size": 5}],
    }
    (tmp_path / "trust.json").write_text(json.dumps(trust))
    said = run(*PAPER, "--trust", "trust.json")
    assert said.returncode == 1
    assert "停用的密钥不能签新的检查点" in said.stdout
    trust["log"][0]["until_size"] = 7
    (tmp_path / "trust.json").write_text(json.dumps(trust))
    assert run(*PAPER, "--trust", "trust.json").returncode == 0


def test_too_few_witnesses_get_a_no(run: Run, tmp_path: Path) -> None:
    short = replace(receipt(), note=replace(receipt().note, signatures=receipt().note.signatures[:2]))
    (tmp_path / "paper.receipt.json").write_text(str(short))
    assert run(*PAPER, *KEYS).returncode == 1
    assert run(*PAPER, *KEYS, "--policy", "1").returncode == 0


def test_a_rewound_or_forked_log_gets_a_no(run: Run, tmp_path: Path) -> None:
    later, grown = head(log(20)), Advance(7, consistency_path(log(20), 7, 20), head(log(20)))
    (tmp_path / "later.txt").write_text(str(later))
    (tmp_path / "grown.txt").write_text(str(grown))
    assert run(*PAPER, *KEYS, "--seen", "later.txt", "--advance", "grown.txt").returncode == 0
    assert "未能比较" in run(*PAPER, *KEYS, "--seen", "later.txt").stdout
    (tmp_path / "forked.txt").write_text(str(head(log(7, forked=True))))
    said = run(*PAPER, *KEYS, "--seen", "forked.txt")
    assert said.returncode == 1
    assert "日志出现了分叉" in said.stdout
    rewound = head(log(20, forked=True))
    (tmp_path / "later.txt").write_text(str(rewound))
    path = consistency_path(log(20, forked=True), 7, 20)
    (tmp_path / "grown.txt").write_text(str(Advance(7, path, rewound)))
    said = run(*PAPER, *KEYS, "--seen", "later.txt", "--advance", "grown.txt")
    assert said.returncode == 1
    assert said.stdout.endswith("核验不通过：历史不符。\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((*PAPER,), "请用 --key 给出日志公钥"),
        ((*PAPER, "--key", LOG.key.text[:-4]), "公钥"),
        ((*PAPER, "--trust", "none.json"), "无法读取信任文件"),
        ((*PAPER, *KEYS, "--trust", "x"), "就不要再用"),
        (("none.pdf", *KEYS), "无法读取文书"),
        (("paper.pdf", "--receipt", "none.json", *KEYS), "无法读取凭证"),
        ((*PAPER, *KEYS, "--policy", "3"), "要求 3 个见证"),
        ((*PAPER, *KEYS, "--seen", "paper.pdf"), "检查点"),
    ],
)
def test_what_cannot_be_checked_says_what_to_give(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    said = run(*arguments)
    assert (said.returncode, said.stderr) == (2, "")
    assert said.stdout.startswith("未能核验：")
    assert sentence in said.stdout


def test_programs_read_the_answer_as_json(run: Run) -> None:
    values = json.loads(run(*PAPER, *KEYS, "--json").stdout)
    assert values["passed"] is True
    assert [check["name"] for check in values["checks"]] == ["文书", "承诺", "入册", "签名", "见证"]
    assert values["entry"]["public"]["label"] == "受理通知书"
    assert json.loads(run("none.pdf", "--json").stdout)["passed"] is None


def test_a_true_draw_gets_a_yes_that_says_what_was_checked(run: Run, tmp_path: Path) -> None:
    record = make()
    (tmp_path / "draw.json").write_text(record_text(record), encoding="utf-8")
    said = run("draw", "draw.json", "--announced", record.announcement.hash)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("抽取记录核对无误。\n抽中并在席的编号：")
    assert "按公告的办法重新计算" in said.stdout
    assert said.stdout.endswith("\n核验通过。\n")
    values = json.loads(run("draw", "draw.json", "--json").stdout)
    assert (values["passed"], values["sentence"]) == (True, "核验通过。")
    assert any(record.announcement.hash in reason for reason in values["reasons"])


def test_a_draw_with_another_result_or_announcement_gets_a_no(run: Run, tmp_path: Path) -> None:
    text = record_text(make())
    values = json.loads(text)
    values["selected"].reverse()
    (tmp_path / "turned.json").write_text(json.dumps(values))
    said = run("draw", "turned.json")
    assert said.returncode == 1
    assert said.stdout.startswith("核验不通过：第 1 名应为")
    (tmp_path / "draw.json").write_text(text, encoding="utf-8")
    assert "公告被改过" in run("draw", "draw.json", "--announced", "0" * 64).stdout
    assert run("draw", "paper.pdf").returncode == 1


def test_a_draw_that_cannot_be_checked_says_what_to_give(run: Run, tmp_path: Path) -> None:
    (tmp_path / "draw.json").write_text(record_text(make()), encoding="utf-8")
    for arguments, sentence in (
        (("none.json",), "无法读取抽取记录"),
        (("draw.json", "--announced", "short"), "64 个十六进制字符"),
    ):
        said = run("draw", *arguments)
        assert (said.returncode, said.stderr) == (2, "")
        assert said.stdout.startswith("未能核验：")
        assert sentence in said.stdout
    called_wrongly = run("draw")
    assert called_wrongly.returncode == 2
    assert "未能核验：参数不对" in called_wrongly.stderr
    assert json.loads(run("draw", "none.json", "--json").stdout)["passed"] is None
