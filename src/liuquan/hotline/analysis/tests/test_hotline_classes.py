"""A class suggested for a message: training, the model file, what is refused. All messages are invented."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import random
import zipfile
from pathlib import Path

import pytest

from liuquan.hotline.analysis import Classifier, Message, Trained, train
from liuquan.kernel.refusals import BadInput

MATTERS = {
    "教育文体": ("学校补课收费", "幼儿园学位不够", "老师布置作业太多", "图书馆周末不开放"),
    "交通运输": ("出租车拒载", "公交车半小时不来", "快递丢了没人赔", "公路坑洼难走"),
    "环境保护": ("工厂排放废气", "夜里噪声扰民", "河里污水发臭", "垃圾焚烧有异味"),
}
PLACES = ("青禾路", "望江小区", "石桥村", "云溪广场")


def invented(many: int = 20) -> tuple[list[Message], list[str]]:
    """Messages of three classes, `many` of each."""
    chance = random.Random(5)
    rows = []
    for label, matters in MATTERS.items():
        for number in range(many):
            matter, place = chance.choice(matters), chance.choice(PLACES)
            subject = f"{place}{matter}"
            body = f"住在{place}，{matter}，已经{chance.randrange(2, 9)}个月了，请处理。"
            rows.append((Message(f"{label}{number}", subject, body), label))
    return [message for message, _ in rows], [label for _, label in rows]


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(*invented(), repeats=1)


@pytest.fixture(scope="module")
def saved(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "model.zip"
    trained.model.write(path)
    return path


def test_a_message_gets_the_class_of_its_matter_and_every_class_a_score(saved: Path) -> None:
    found = Classifier.load(saved).suggest("翠微花园门口出租车拒载\n等了一个小时，司机看见人就走。")
    assert found[0][0] == "交通运输"
    assert {label for label, _ in found} == set(MATTERS)
    assert sum(score for _, score in found) == pytest.approx(1)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_word_of_the_list_is_known_though_no_message_had_it(trained: Trained) -> None:
    assert all("奥数" not in message.text for message in invented()[0])
    best = {label for label, _ in [trained.model.suggest("奥数")[0]]}
    assert best == {"教育文体"}


def test_an_empty_text_gets_no_class(trained: Trained) -> None:
    assert trained.model.suggest(" \n ") == []


def test_the_validation_says_what_unseen_rows_would_get(trained: Trained) -> None:
    assert trained.labels == dict.fromkeys(MATTERS, 20)
    assert trained.macro_f1 is not None
    assert trained.baseline_macro_f1 is not None
    assert 0.9 < trained.macro_f1 <= 1
    assert train(*invented(4), repeats=0).macro_f1 is None


def test_the_same_rows_give_the_same_file(saved: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    train(*invented(), repeats=1).model.write(again)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(saved.read_bytes()).digest()


def test_a_loaded_model_answers_as_the_trained_one(trained: Trained, saved: Path) -> None:
    loaded = Classifier.load(saved)
    for message in invented(6)[0]:
        ours = trained.model.suggest(message.body, subject=message.subject)
        assert loaded.suggest(message.body, subject=message.subject) == ours


def test_a_model_holds_no_message(saved: Path) -> None:
    with zipfile.ZipFile(saved) as packed:
        longest = max(
            len(gram) for name in ("subject", "body") for gram in json.loads(packed.read(f"{name}.json"))
        )
        assert longest == 3


def test_two_classes_are_enough() -> None:
    messages, labels = invented(6)
    kept = [place for place, label in enumerate(labels) if label != "环境保护"]
    found = train([messages[one] for one in kept], [labels[one] for one in kept], repeats=0)
    assert found.model.suggest("出租车拒载")[0][0] == "交通运输"
    assert found.model.suggest("学校补课收费")[0][0] == "教育文体"


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (["甲"] * 3, "只有一个类别“甲”"),
        (["甲", "甲", "乙"], "类别“乙”只有一条留言"),
        (["", "", ""], "没有既有正文又有类别的行"),
    ],
)
def test_too_few_classes_or_rows_are_refused(labels: list[str], says: str) -> None:
    messages = invented(1)[0]
    with pytest.raises(BadInput, match=says):
        train(messages, labels)


def rewritten(saved: Path, to: Path, **changed: bytes) -> Path:
    """A copy of a model with some parts exchanged."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name.partition(".")[0], old.read(name)))
    return to


def head_of(saved: Path) -> dict[str, object]:
    with zipfile.ZipFile(saved) as packed:
        head: dict[str, object] = json.loads(packed.read("model.json"))
        return head


def test_a_damaged_model_is_refused(saved: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(saved.read_bytes()[:-200])
    with pytest.raises(BadInput, match="已损坏"):
        Classifier.load(cut)
    other = rewritten(saved, tmp_path / "other.zip", subject='["公"]'.encode())
    with pytest.raises(BadInput, match="内容和校验值不符"):
        Classifier.load(other)


def test_a_model_of_another_version_is_refused(saved: Path, tmp_path: Path) -> None:
    newer = {**head_of(saved), "version": 99}
    with pytest.raises(BadInput, match="第99版模型"):
        Classifier.load(rewritten(saved, tmp_path / "newer.zip", model=json.dumps(newer).encode()))


def test_parts_that_do_not_fit_are_refused(saved: Path, tmp_path: Path) -> None:
    head = {**head_of(saved), "labels": ["只有一个"]}
    with pytest.raises(BadInput, match="内容不完整"):
        Classifier.load(rewritten(saved, tmp_path / "short.zip", model=json.dumps(head).encode()))


class Runs:
    """Would run when unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("it ran",))


def test_a_file_that_would_run_something_is_refused_and_nothing_runs(saved: Path, tmp_path: Path) -> None:
    import numpy as np

    pickled = tmp_path / "model.pkl"
    pickled.write_bytes(pickle.dumps(Runs()))
    with pytest.raises(BadInput, match="不是热线模型文件"):
        Classifier.load(pickled)
    into = io.BytesIO()
    np.save(into, np.array([Runs()], dtype=object), allow_pickle=True)
    head = head_of(saved)
    head["parts"] = {**head["parts"], "base.npy": hashlib.sha256(into.getvalue()).hexdigest()}  # type: ignore[dict-item]
    trap = rewritten(saved, tmp_path / "trap.zip", model=json.dumps(head).encode(), base=into.getvalue())
    with pytest.raises(BadInput, match="内容不完整"):
        Classifier.load(trap)


def test_a_file_that_is_not_there_or_a_foreign_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="打不开"):
        Classifier.load(tmp_path / "none.zip")
    with zipfile.ZipFile(tmp_path / "foreign.zip", "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(BadInput, match="不是热线模型文件"):
        Classifier.load(tmp_path / "foreign.zip")
