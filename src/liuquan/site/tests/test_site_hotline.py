"""The commands of the hotline's analysts, over spreadsheets of invented messages."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from liuquan.site.command import main

HEADINGS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级分类", "答复意见", "答复时间")
MATTERS = {"教育文体": "学校补课收费", "交通运输": "出租车拒载", "环境保护": "工厂排放废气"}


def sheet(
    path: Path, rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS, empty: int = 0
) -> Path:
    """A spreadsheet with these rows, and empty ones below."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    if empty:
        page.cell(row=len(rows) + 1 + empty, column=1, value=" ")
    book.save(path)
    return path


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    rows: list[list[object]] = []
    for label, matter in MATTERS.items():
        for number in range(8):
            said = f"{'甲乙丙丁戊己庚辛'[number]}路{matter}，请处理"
            answer = "您好！经核实，情况属实，已经依照规定处理。"
            rows.append(
                [100 + len(rows), f"u{number}", said, "2026/3/2 9:00:00", said, label, answer, "2026/3/4"]
            )
    return sheet(tmp_path / "labelled.xlsx", rows, empty=3000)


def ask(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    """A command with `--json`: its exit code and what it says."""
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_model_is_trained_and_gives_each_message_a_class(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = tmp_path / "model.zip", tmp_path / "out.csv"
    code, said = ask(
        capsys, "hotline", "train", labelled, "--label", "一级分类", "--out", model, "--repeats", 1
    )
    assert (code, said["rows"], said["labels"]) == (0, 24, 3)
    assert said["cross_validated_macro_f1"] > 0.9
    assert said["seconds"] > 0
    assert said["data_sha256"] == hashlib.sha256(labelled.read_bytes()).hexdigest()
    assert said["model_sha256"] == hashlib.sha256(model.read_bytes()).hexdigest()

    code, said = ask(capsys, "hotline", "classify", labelled, "--model", model, "--out", out)
    assert (code, said["rows"], said["without_text"]) == (0, 24, 0)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert list(rows[0]) == ["message", "label", "score", "second_label"]
    assert [row["message"] for row in rows] == [str(number) for number in range(100, 124)]
    assert [row["label"] for row in rows] == [label for label in MATTERS for _ in range(8)]
    assert all(row["second_label"] != row["label"] and 0 < float(row["score"]) <= 1 for row in rows)


def test_the_text_may_stand_in_another_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        [number, f"{matter}第{number}次", label] for number in range(3) for label, matter in MATTERS.items()
    ]
    file = sheet(tmp_path / "other.xlsx", rows, ("留言编号", "内容", "类别"))
    words = ("hotline", "train", file, "--label", "类别", "--out", tmp_path / "m.zip", "--repeats", 0)
    assert ask(capsys, *words)[1]["code"] == "no_column"
    assert ask(capsys, *words, "--text", "内容")[1]["rows"] == 9


def test_topics_are_a_list_in_order(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = ask(capsys, "hotline", "topics", labelled, "--top", 2)
    assert code == 0
    assert isinstance(found, list)
    assert [one["rank"] for one in found] == [1, 2]
    assert {"rank", "words", "place", "size", "first_on", "last_on", "messages"} <= set(found[0])
    assert found[0]["size"] == len(found[0]["messages"])


def test_replies_are_judged_one_by_one(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = ask(capsys, "hotline", "replies", labelled, "--limit", 1)
    assert (code, said["rows"], said["judged"], said["late"], said["problems"]) == (0, 24, 24, 24, 0)
    first = said["replies"][0]
    assert (first["message"], first["on_time"], first["explains"]) == ("100", False, True)
    assert "经核实" in first["explains_because"]


@pytest.mark.parametrize(
    ("rows", "headings", "code"),
    [
        ([], HEADINGS, "no_rows"),
        ([["1", "字"]], ("留言编号", "留言详情"), "no_column"),
        ([[1, "甲"], [2, "甲"]], ("留言详情", "一级分类"), "one_label"),
        ([[1, "甲"], [2, "乙"]], ("留言详情", "一级分类"), "few_rows"),
    ],
)
def test_a_file_that_cannot_train_is_refused_and_no_model_is_written(
    rows: list[list[object]],
    headings: tuple[str, ...],
    code: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, out = sheet(tmp_path / "bad.xlsx", rows, headings), tmp_path / "model.zip"
    exit_code, said = ask(capsys, "hotline", "train", file, "--label", "一级分类", "--out", out)
    assert (exit_code, said["code"]) == (1, code)
    assert said["refused"].endswith("。")
    assert not out.exists()


def test_no_spreadsheet_and_no_model_are_said_plainly(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, out = tmp_path / "text.xlsx", tmp_path / "out.csv"
    text.write_text("not a spreadsheet")
    assert ask(capsys, "hotline", "topics", text)[1]["code"] == "not_xlsx"
    assert ask(capsys, "hotline", "topics", tmp_path / "none.xlsx")[1]["code"] == "no_file"
    assert (
        ask(capsys, "hotline", "classify", labelled, "--model", text, "--out", out)[1]["code"] == "bad_model"
    )
    assert not out.exists()


def test_where_nothing_can_be_written_nothing_is_begun(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "no" / "folder" / "model.zip"
    code, said = ask(capsys, "hotline", "train", labelled, "--label", "一级分类", "--out", out)
    assert (code, said["code"]) == (1, "no_file")
    assert not out.parent.exists()
