"""`keys …`: the system administrator's key management. Never prints secret key material."""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from liuquan.journal.log import keys as log_keys
from liuquan.journal.log.actions import key_changes as changing
from liuquan.journal.witness.actions.own_key import announce_witness_key, use_witness_key
from liuquan.kernel import key_custody, key_files, known_answers, moments, reencryption, secrecy, sm_crypto
from liuquan.kernel.refusals import BadInput, Unavailable
from liuquan.site import key_report
from liuquan.site.commands import Answer, Command
from liuquan.site.encrypted_columns import ENCRYPTED
from liuquan.site.settings_database import as_owner

_SEALER_TRIES = 100
_PAUSE = 0.1  # seconds


def _list(asked: Namespace) -> Answer:
    lines = key_report.list_keys()
    if not lines:
        return Answer("还没有密钥：首次使用时自动生成。", {"keys": []})
    return Answer("\n".join(_shown(line) for line in lines), {"keys": [asdict(line) for line in lines]})


def _check(asked: Namespace) -> Answer:
    found = key_report.check_keys()
    data = {
        "ok": not found.problems,
        "keys": [asdict(line) for line in found.keys],
        "problems": list(found.problems),
        "outdated": found.outdated,
    }
    said = [_shown(line) for line in found.keys]
    if found.outdated and not found.problems:
        said.append(f"有 {found.outdated} 项内容还在用旧密钥或旧算法，请运行 `keys reencrypt`。")
    said += [f"问题：{problem}" for problem in found.problems]
    said.append(f"共 {len(found.problems)} 个问题。" if found.problems else "密钥检查通过。")
    return Answer("\n".join(said), data, 1 if found.problems else 0)


def _shown(line: key_report.KeyLine) -> str:
    state = "缺失或者不能使用" if line.problem else key_report.STATES[line.state]
    words = [line.name, line.kind, state, *line.notes]
    return "  ".join(words) + (f"\n    公钥 {line.public}" if line.public else "")


def _rotate(asked: Namespace) -> Answer:
    given = {name for name in ("finish", "compromised", "lost") if getattr(asked, name)}
    if len(given) > 1 or not given <= _OPTIONS[asked.kind]:
        allowed = "、".join(f"--{name}" for name in sorted(_OPTIONS[asked.kind])) or "没有选项"
        raise BadInput(f"`keys rotate {asked.kind}` 的选项至多用一个，可用的是：{allowed}。")
    return _ROTATE[asked.kind](asked)


def _rotate_field(asked: Namespace) -> Answer:
    generation = secrecy.rotate_field_key()
    return Answer(
        f"已启用第 {generation} 代个人信息密钥，新内容即刻用它加密，运行中的进程无需重启。"
        "请立即另存密钥备份，然后运行 `keys reencrypt` 更换旧内容的密钥。",
        {"generation": generation},
    )


def _rotate_log_secret(asked: Namespace) -> Answer:
    generation = secrecy.rotate_log_secret()
    return Answer(
        f"已启用第 {generation} 代日志化名密钥，只用于以后的日志；旧的须永久保存，以便核查旧日志。"
        "请立即另存密钥备份。",
        {"generation": generation},
    )


def _rotate_log(asked: Namespace) -> Answer:
    now = moments.now()
    if asked.finish:
        register = _when_sealer_rests(lambda: changing.finish_log_rotation(now=now))
        return Answer(
            "旧的日志签名密钥已停止签名，私钥文件改名为 retired-…，可以销毁。请各核验方重新取得信任文件。",
            _register_data(register),
        )
    reason = changing.LOST if asked.lost else changing.COMPROMISED if asked.compromised else changing.ROTATED
    register = _when_sealer_rests(lambda: changing.rotate_log_key(reason=reason, now=now))
    following = (
        "新旧密钥同时签名。请另存密钥备份，把新公钥告知各见证方，然后运行 `keys rotate log --finish`。"
        if reason == changing.ROTATED
        else "旧密钥即刻停用。请另存密钥备份，把新公钥告知各见证方，并公告更换原因。"
    )
    public = "\n".join(f"    公钥 {each.key.text}" for each in register.signing())
    return Answer(f"已启用新的日志签名密钥，并已记入日志。{following}\n{public}", _register_data(register))


def _rotate_witness(asked: Namespace) -> Answer:
    now = moments.now()
    register = use_witness_key(now=now) if asked.finish else announce_witness_key(now=now)
    said = (
        "今后用新的见证公钥签名。"
        if asked.finish
        else "新的见证公钥已公布。请交各日志登记，都登记后运行 `keys rotate witness --finish` 启用。"
    )
    newest = register.witness[-1].key.text
    return Answer(f"{said}\n    公钥 {newest}", {"key": newest, "in_use": asked.finish})


def _register_data(register: log_keys.Register) -> Mapping[str, object]:
    return {
        "keys": [
            {"key": each.key.text, "from_size": each.from_size, "until_size": each.until_size}
            for each in register.keys
        ]
    }


def _when_sealer_rests(change: Callable[[], log_keys.Register]) -> log_keys.Register:
    """Wait until the sealer pauses between two rounds."""
    for _ in range(_SEALER_TRIES):
        try:
            return change()
        except Unavailable as refusal:
            if refusal.code != "sealer_busy":
                raise
            time.sleep(_PAUSE)
    return change()


def _reencrypt(asked: Namespace) -> Answer:
    """As the owner of the tables: the application has no right to rewrite all of them."""
    with as_owner():
        reencryption.refuse_without_rights(ENCRYPTED)
        total = reencryption.count_outdated(ENCRYPTED)
        with tqdm(
            total=total, unit="项", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False
        ) as bar:
            done = reencryption.renew(ENCRYPTED, done=bar.update)
    data = {"renewed": done.renewed, "held": done.held, "damaged": done.damaged}
    said = [f"已更换 {done.renewed} 项内容的密钥。"]
    if done.held > 0:
        said.append(f"还有 {done.held} 项正被他人使用，请稍后再运行一次。")
    if done.damaged:
        said.append(f"有 {len(done.damaged)} 项打不开，请从备份恢复：{'、'.join(done.damaged[:20])}。")
    return Answer("\n".join(said), data, 1 if done.damaged else 0)


def _declare_lost(asked: Namespace) -> Answer:
    if not asked.confirm:
        raise BadInput("认定密钥遗失不可撤回：确认已无任何备份后，加上 --confirm 再运行。")
    generation, values = key_report.declare_lost(asked.name, now=moments.now())
    return Answer(
        f"已认定 {asked.name} 遗失并记入日志：{values} 项内容永远不能打开，请依法告知有关个人。"
        f"已启用第 {generation} 代密钥，请立即另存密钥备份。",
        {"lost": asked.name, "generation": generation, "values": values},
    )


def _retire(asked: Namespace) -> Answer:
    key_report.retire_field_key(asked.generation)
    name = f"{key_files.RETIRED}field-{asked.generation:05d}.key"
    return Answer(
        f"第 {asked.generation} 代个人信息密钥已停用，改名为 {name}。运行中的进程重启后不再能用它。"
        "用到它的旧备份都过期以后，才可以删除这个文件。",
        {"retired": asked.generation},
    )


def _self_check(asked: Namespace) -> Answer:
    outcomes = known_answers.check_algorithms()
    words = {True: "通过", False: "不通过", None: "未安装程序包，未启用"}
    failed = [each for each in outcomes if each.right is False]
    profile = "已启用" if sm_crypto.in_use() else "未启用"
    lines = [f"{words[each.right]}  {each.algorithm}（{each.source}）  {each.use}" for each in outcomes]
    end = f"有 {len(failed)} 项不通过：请停止使用，检查安装的程序包。" if failed else "密码算法自检通过。"
    data = {
        "ok": not failed,
        "national_crypto": sm_crypto.in_use(),
        "algorithms": [asdict(each) for each in outcomes],
    }
    return Answer("\n".join([f"国密配置：{profile}", *lines, end]), data, 1 if failed else 0)


def _export(asked: Namespace) -> Answer:
    made = key_custody.export(asked.folder, shares=asked.shares, needed=asked.threshold)
    return Answer(
        f"已导出到 {asked.folder}：{made.sealed.name} 可与数据备份一同保存；{asked.shares} 份份额请逐份打印，"
        f"由 {asked.shares} 人分别保管，任意 {asked.threshold} 份可恢复，打印后删除份额文件。"
        f"备份编号 {made.set_id}。",
        {"set_id": made.set_id, "shares": len(made.shares), "threshold": asked.threshold},
    )


def _import(asked: Namespace) -> Answer:
    content = _read(asked.file)
    if asked.share:
        files = key_custody.open_sealed(
            content, [_read(path).decode("utf-8", "replace") for path in asked.share]
        )
    else:
        files = key_custody.read_archive(content)
    fresh = key_custody.bring_back(files)
    return Answer(
        f"已恢复密钥 {len(fresh)} 个文件。请运行 `keys check` 核对，再启动系统。", {"restored": fresh}
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise BadInput(f"不能读取 {path}：请核对文件名。") from None


def _rotate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("kind", choices=sorted(_ROTATE), help="哪一类密钥 / which key")
    parser.add_argument(
        "--finish", action="store_true", help="结束新旧并用（log），启用已公布的新公钥（witness）"
    )
    parser.add_argument("--compromised", action="store_true", help="旧密钥可能泄露，即刻停用（log）")
    parser.add_argument("--lost", action="store_true", help="旧密钥遗失且无备份（log）")


def _retire_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("generation", type=int, help="第几代 / which generation")


def _lost_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="密钥名称，如 field-00001 / the key")
    parser.add_argument("--confirm", action="store_true", help="确认已无任何备份 / no backup is left")


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="新文件夹 / a new folder")
    parser.add_argument("--shares", type=int, default=3, help="总份数 / shares in all")
    parser.add_argument("--threshold", type=int, default=2, help="恢复所需份数 / shares needed")


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="keys.sealed，或 backup --keys 的文件")
    parser.add_argument("--share", type=Path, action="append", default=[], help="录入的份额文件，每份一个")


_ROTATE: dict[str, Callable[[Namespace], Answer]] = {
    "field": _rotate_field,
    "log": _rotate_log,
    "log-secret": _rotate_log_secret,
    "witness": _rotate_witness,
}
_OPTIONS: dict[str, set[str]] = {
    "field": set(),
    "log": {"finish", "compromised", "lost"},
    "log-secret": set(),
    "witness": {"finish"},
}
COMMANDS = [
    Command("keys list", "列出密钥 / list the keys", _list, needs_database=False),
    Command("keys check", "核对密钥是否齐全、谁还需要旧密钥 / are all keys there", _check),
    Command("keys self-check", "密码算法自检 / known answers", _self_check, needs_database=False),
    Command("keys rotate", "更换密钥 / a new generation", _rotate, _rotate_arguments),
    Command("keys reencrypt", "用最新密钥更换旧内容的加密 / renew old values", _reencrypt),
    Command("keys retire", "停用不再需要的旧密钥 / retire an old key", _retire, _retire_arguments),
    Command("keys declare-lost", "认定密钥遗失且无备份 / give a key up", _declare_lost, _lost_arguments),
    Command("keys export", "密封导出，份额分人保管 / sealed, in shares", _export, _export_arguments, False),
    Command("keys import", "从备份恢复密钥 / bring keys back", _import, _import_arguments, False),
]
