"""What is known about every key: its state, what still needs it, and what is wrong.

The sentences are for the system administrator; nothing here shows a key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from liuquan.journal.log import keys as log_keys
from liuquan.journal.log.actions import key_changes as log_actions
from liuquan.journal.queries import log_secrets
from liuquan.kernel import key_files, reencryption, secrecy
from liuquan.kernel.refusals import Unavailable, WrongState
from liuquan.merkle import MAX_SIZE
from liuquan.parties.queries import any_document
from liuquan.site.encrypted_columns import ENCRYPTED

_TRIAL: Final = "trial\n"
_OTHERWISE: Final = {
    "index": "检索密钥不能另换：当事人检索、查询码和证照核验码都由它得出，请从密钥备份或者份额恢复。",
    "log-secret": "日志化名密钥不能另换：核查旧日志要用它，请从密钥备份或者份额恢复。",
    "log": "日志签名密钥遗失，请用 `keys rotate log --lost` 启用新密钥。",
    "log-sm2": "日志签名密钥遗失，请用 `keys rotate log --lost` 启用新密钥。",
    "witness": "见证签名密钥遗失，请用 `keys rotate witness`，各日志登记后加 --finish 启用。",
}

KINDS: Final = {
    "field": "个人信息和文件密钥",
    "index": "检索密钥",
    "log-secret": "日志化名密钥",
    "log": "日志签名密钥（ed25519）",
    "log-sm2": "日志签名密钥（SM2）",
    "witness": "见证签名密钥",
}
STATES: Final = {"in_use": "在用", "retired": "已停用", "lost": "已遗失"}
_WITNESS_STATES: Final = {"in_use": "签名中", "announced": "已公布，未启用", "ended": "不再签名"}


@dataclass(frozen=True)
class KeyLine:
    """One key: notes for people, the public key where it has one, `problem` empty where there is none."""

    name: str
    kind: str
    generation: int
    state: str
    public: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Checked:
    """All keys, what needs them, and what is wrong; `outdated` values are due for re-encryption."""

    keys: tuple[KeyLine, ...]
    problems: tuple[str, ...]
    outdated: int
    needed: dict[int, dict[str, int]] = field(default_factory=dict)


def list_keys() -> list[KeyLine]:
    """Every key that was ever made or lies in the folder, with what is public about it. Needs no database."""
    names = {each.name: each.state for each in key_files.made_keys()}
    for kind in KINDS:
        for generation in key_files.generations(kind):
            names.setdefault(f"{kind}-{generation:05d}", "in_use")
    public = _public_sides()
    return [
        _line(name, state, public.get(name)) for name, state in sorted(names.items()) if _kind(name) in KINDS
    ]


def check_keys() -> Checked:
    """Read every key, compare it with the list and the register, and ask the database what needs it."""
    needed = reencryption.needed_keys(ENCRYPTED)
    by_key: dict[int, dict[str, int]] = {}
    for (_algorithm, generation), columns in needed.items():
        per = by_key.setdefault(generation, {})
        for column, values in columns.items():
            per[column.label] = per.get(column.label, 0) + values
    lines = [_with_need(line, by_key) for line in list_keys()]
    problems = [line.problem for line in lines if line.problem]
    there = {line.name for line in lines if line.state == "in_use"}
    problems += [*_missing(there, by_key), *(each for each in _signers() if each not in problems)]
    return Checked(tuple(lines), tuple(problems), reencryption.count_outdated(ENCRYPTED), by_key)


def retire_field_key(generation: int) -> None:
    """Retire an old field key. Refuses (409) the newest key, a missing one, and one that a value still needs.
    This is checked again afterwards, so that the key comes back if a value was written in between."""
    there = key_files.generations("field")
    if generation not in there:
        raise WrongState(f"没有在用的第 {generation} 代个人信息密钥：请用 `keys list` 核对。")
    if generation == max(there):
        raise WrongState("最新一代密钥正在使用，不能停用：请先运行 `keys rotate field`。")
    _refuse_needed(generation)
    key_files.retire("field", generation)
    try:
        _refuse_needed(generation)
    except WrongState:
        key_files.reinstate("field", generation)
        raise
    secrecy.forget()


def declare_lost(name: str, *, now: datetime) -> tuple[int, int]:
    """Declare a field key without backup lost, and continue with a new one; recorded in the journal first.

    Returns the new generation and how many values can never be decrypted. Refuses (409) a key that exists,
    and keys replaced in another way or never: the index key and the log secrets have to be restored.

    Cites: 个人信息保护法 第五十七条
    """
    if name not in key_files.missing_keys():
        raise WrongState(f"{name} 没有缺失，不能认定遗失：请用 `keys check` 核对名称。")
    kind, generation = _kind(name), int(name.rpartition("-")[2])
    if kind != "field":
        raise WrongState(_OTHERWISE[kind], code="not_replaceable")
    values = sum(
        sum(columns.values())
        for (_, key), columns in reencryption.needed_keys(ENCRYPTED).items()
        if key == generation
    )
    log_actions.enter_field_key_loss(name, values=values, now=now)
    with key_files.exclusively():
        key_files.mark(name, "lost")
    secrecy.forget()
    return secrecy.rotate_field_key(), values


def _refuse_needed(generation: int) -> None:
    needed = {
        column.label: values
        for (_, key), columns in reencryption.needed_keys(ENCRYPTED).items()
        for column, values in columns.items()
        if key == generation
    }
    if needed:
        shown = "、".join(f"{label} {values} 项" for label, values in needed.items())
        raise WrongState(
            f"第 {generation} 代密钥还不能停用，仍有内容要用它打开：{shown}。请先运行 `keys reencrypt`。",
            code="key_needed",
        )


def _kind(name: str) -> str:
    return name.rpartition("-")[0]


def _line(name: str, state: str, public: tuple[str, str] | None) -> KeyLine:
    key, note = public or ("", "")
    kind, generation = _kind(name), int(name.rpartition("-")[2])
    problem = ""
    if state == "in_use":
        try:
            key_files.read(kind, generation)
            key_files.read_file(key_files.path_of(kind, generation))
        except Unavailable as refusal:
            problem = refusal.sentence
    return KeyLine(name, KINDS[kind], generation, state, key, (note,) if note else (), problem)


def _public_sides() -> dict[str, tuple[str, str]]:
    """By the name of the secret's file: the public key, and for what it counts."""
    if not log_keys.register_path().exists():
        return {}
    register = log_keys.register()
    found = {}
    for key in register.keys:
        kind, generation = log_keys.place_of(key)
        upto = key.trusted.until_size
        counts = f"第 {upto} 叶以内" if upto < MAX_SIZE else "签名中"
        found[f"{kind}-{generation:05d}"] = (key.key.text, f"自第 {key.from_size} 叶起，{counts}")
    for witness in register.witness:
        kind, generation = log_keys.place_of(witness)
        found[f"{kind}-{generation:05d}"] = (witness.key.text, _WITNESS_STATES[witness.state])
    return found


def _with_need(line: KeyLine, needed: dict[int, dict[str, int]]) -> KeyLine:
    if line.kind != KINDS["field"]:
        return line
    values = needed.get(line.generation, {})
    note = "、".join(f"{label} {count} 项" for label, count in values.items()) or "没有内容需要它"
    return KeyLine(line.name, line.kind, line.generation, line.state, line.public, (note,), line.problem)


def _missing(there: set[str], needed: dict[int, dict[str, int]]) -> list[str]:
    """Keys that the database needs but that are not listed: a home assembled by hand, an external
    database."""
    wanted = {f"field-{generation:05d}" for generation in needed}
    wanted |= {f"log-secret-{generation:05d}" for generation in log_secrets()}
    wanted |= {"index-00001"} if any_document() else set()
    return [
        f"数据库中有内容要用密钥 {name}，但它不在：请用 `keys import` 从密钥备份恢复。"
        for name in sorted(wanted - there)
    ]


def _signers() -> list[str]:
    """Whether the keys that sign fit what is registered about them."""
    if not log_keys.register_path().exists():
        return []
    problems = []
    for key in log_keys.register().signing():
        try:
            signer = log_keys.signer_of(key)
            fits = key.key.verifies(_TRIAL, signer.sign(_TRIAL))
        except Unavailable as refusal:
            problems.append(refusal.sentence)
            continue
        if not fits:
            problems.append(f"签名密钥与登记的公钥不符：{key.key.text}，请从密钥备份恢复。")
    return problems
