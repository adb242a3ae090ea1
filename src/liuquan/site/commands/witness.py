"""`log witness …`: who cosigns our log, whose logs we cosign, and the exchange of heads by hand."""

import sys
import time
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from django.conf import settings

from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.journal.types import KnownLogView, WitnessView
from liuquan.journal.witness import checkpoint_pull, checkpoint_push
from liuquan.journal.witness.keys import witness_signer
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.organisation.types import SYSTEM
from liuquan.site.commands import Answer, Command

Run = Callable[[Namespace], Answer]


def key(asked: Namespace) -> Answer:
    """Our public keys: what the other office has to enter."""
    data = {
        "origin": keys.origin(),
        "log_keys": [each.key.text for each in keys.log_keys()],
        "witness_key": witness_signer().key.text,
        "next_witness_key": next(
            (each.key.text for each in keys.register().witness if each.state == "announced"), ""
        ),
    }
    lines = [
        f"日志名称　{data['origin']}",
        *(f"日志公钥　{each}" for each in data["log_keys"]),
        f"见证公钥　{data['witness_key']}",
        *([f"下一见证公钥　{data['next_witness_key']}"] if data["next_witness_key"] else []),
        f"公开地址　{settings.LIUQUAN_PUBLIC_URL}/log",
        f"见证地址　{settings.LIUQUAN_PUBLIC_URL}/witness",
    ]
    return Answer("\n".join(lines), data)


def add(asked: Namespace) -> Answer:
    """Accept an office as witness of our log."""
    found = actions.add_witness(asked.key, url=asked.url, label=asked.label, by=SYSTEM, now=moments.now())
    how = f"向 {found.url} 提交检查点" if found.url else "由对方来取检查点"
    return Answer(f"已登记见证方“{found.shown}”，{how}。", _of_witness(found))


def remove(asked: Namespace) -> Answer:
    """Remove a witness. Refuses to go below the quorum."""
    kept = {each.name for each in queries.witnesses() if asked.name not in (each.name, each.key.text)}
    left, wanted = len(kept), queries.quorum()
    if left < wanted:
        raise BadInput(f"要求 {wanted} 个见证，停用后只剩 {left} 个：请先调低 LIUQUAN_WITNESS_QUORUM。")
    actions.remove_witness(asked.name, by=SYSTEM, now=moments.now())
    return Answer(f"已停用见证方“{asked.name}”。", {"removed": asked.name})


def know(asked: Namespace) -> Answer:
    """Begin to cosign a log, or accept its next key."""
    found = actions.know_log(
        asked.key,
        label=asked.label,
        url=asked.url,
        body_code=asked.body,
        from_size=asked.from_size,
        by=SYSTEM,
        now=moments.now(),
    )
    how = f"到 {found.url} 取检查点" if found.url else "等对方提交检查点"
    return Answer(f"已登记日志“{found.shown}”，{how}。", _of_log(found))


def retire(asked: Namespace) -> Answer:
    """Stop accepting a key of a known log beyond a given size."""
    found = actions.retire_log_key(asked.key, until_size=asked.until_size, by=SYSTEM, now=moments.now())
    return Answer(f"日志“{found.shown}”的这个公钥只认到 {asked.until_size} 条。", _of_log(found))


def drop(asked: Namespace) -> Answer:
    """Stop cosigning a log."""
    actions.drop_log(asked.origin, by=SYSTEM, now=moments.now())
    return Answer(f"不再为“{asked.origin}”作见证。", {"dropped": asked.origin})


def push(asked: Namespace) -> Answer:
    """Send the newest head to the witnesses now."""
    head = queries.latest_checkpoint()
    if head is None:
        raise NotVisible("日志还没有签署过检查点：请先运行 log seal。")
    done = checkpoint_push.push_all(now=moments.now(), include_paused=True)
    lines = [f"{each.witness}：{each.trouble or f'已见证到 {each.size} 条。'}" for each in done]
    data = {"size": head.size, "witnesses": [vars(each) for each in done]}
    return Answer("\n".join(lines) or "没有要提交的见证方：都已见证到最新，或者没有登记地址。", data)


def follow(asked: Namespace) -> Answer:
    """Fetch and cosign the heads of the logs whose address is known, once or until stopped."""
    while True:
        done = checkpoint_pull.pull_all(now=moments.now(), include_paused=True)
        lines = [f"{each.origin}：{each.sentence}" for each in done]
        if not asked.every:
            data = {"logs": [vars(each) for each in done]}
            return Answer("\n".join(lines) or "没有登记公开地址的日志，请用 log witness know 登记。", data)
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        time.sleep(max(asked.every, 1))


def compare(asked: Namespace) -> Answer:
    """Ask other witnesses what they saw of a log."""
    done = checkpoint_pull.compare(asked.origin, asked.urls, now=moments.now())
    lines = [f"{each.url}：{each.sentence}" for each in done]
    data = {"split": any(each.misdeed for each in done), "witnesses": [vars(each) for each in done]}
    return Answer("\n".join(lines), data)


def status(asked: Namespace) -> Answer:
    """Who witnesses whom, up to where, and what is wrong."""
    head, witnesses, logs = queries.latest_checkpoint(), queries.witnesses(), queries.known_logs()
    refused = [each for each in queries.refused_heads() if each.settled_at is None]
    size = head.size if head else 0
    lines = [
        f"本机日志“{keys.origin()}”共 {size} 条，要求 {queries.quorum()} 个见证，登记了 {len(witnesses)} 个。"
    ]
    lines += [
        f"  见证方 {_line(each.shown, each.size, '已换新公钥' if each.replaced else each.trouble)}"
        for each in witnesses
    ]
    lines.append(f"本机为 {len(logs)} 个日志作见证。")
    lines += [f"  日志 {_line(each.shown, each.size, each.trouble)}" for each in logs]
    lines += [f"  拒绝 {each.shown}：{each.sentence}（{each.offered_size} 条）" for each in refused]
    data = {
        "origin": keys.origin(),
        "size": size,
        "quorum": queries.quorum(),
        "witnesses": [_of_witness(each) for each in witnesses],
        "logs": [_of_log(each) for each in logs],
        "refused": [
            {
                "origin": each.origin,
                "misdeed": each.misdeed,
                "known_size": each.known_size,
                "offered_size": each.offered_size,
                "entry": str(each.entry),
            }
            for each in refused
        ],
    }
    return Answer("\n".join(lines), data)


def _line(name: str, size: int | None, trouble: str) -> str:
    where = "还没有见证" if size is None else f"见证到 {size} 条"
    return f"{name}：{where}{f'；{trouble}' if trouble else ''}"


def _of_witness(found: WitnessView) -> dict[str, Any]:
    return {
        "name": found.name,
        "key": found.key.text,
        "label": found.label,
        "url": found.url,
        "size": found.size,
        "trouble": found.trouble,
    }


def _of_log(found: KnownLogView) -> dict[str, Any]:
    return {
        "origin": found.origin,
        "keys": [each.key.text for each in found.keys],
        "label": found.label,
        "url": found.url,
        "size": found.size,
        "trouble": found.trouble,
    }


def _verb(verbs: Any, name: str, help: str, run: Run) -> ArgumentParser:
    parser: ArgumentParser = verbs.add_parser(name, help=help, description=help)
    parser.add_argument("--json", action="store_true", default=SUPPRESS, help=SUPPRESS)
    parser.set_defaults(run_verb=run)
    return parser


def _arguments(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(title="命令 / commands", metavar="VERB", required=True)
    _verb(verbs, "key", "本机的公钥，交给对方登记 / our public keys", key)
    _verb(verbs, "status", "谁见证谁、到哪里 / who witnesses whom", status)
    one = _verb(verbs, "add", "登记本机日志的见证方 / take a witness of our log", add)
    one.add_argument("key", help="对方的见证公钥 / its witness key")
    one.add_argument("url", nargs="?", default="", help="对方的见证地址；不写则由对方来取 / where to submit")
    one.add_argument("--label", default="", help="单位名称 / its name for readers")
    one = _verb(verbs, "remove", "停用见证方 / count a witness no longer", remove)
    one.add_argument(
        "name", help="见证公钥中的名称，或者它的一个公钥 / the name in its key, or one key of it"
    )
    one = _verb(verbs, "know", "为一个日志作见证 / cosign another office's log", know)
    one.add_argument("key", help="对方的日志公钥 / its log key")
    one.add_argument("--url", default="", help="对方日志的公开地址，由本机去取 / fetch its heads here")
    one.add_argument("--label", "--name", default="", help="单位名称 / its name for readers")
    one.add_argument("--body", default="", help="在本地登记的机构代码 / its body code here")
    one.add_argument("--from-size", type=int, default=0, help="自多少条起使用 / counts from this size on")
    one = _verb(verbs, "retire", "停用对方的一个旧公钥 / an old key of a known log", retire)
    one.add_argument("key")
    one.add_argument("--until-size", type=int, required=True, help="只认到多少条 / counts up to this size")
    one = _verb(verbs, "drop", "不再见证一个日志 / cosign a log no more", drop)
    one.add_argument("origin", help="日志名称 / the log's name")
    _verb(verbs, "push", "立即向见证方提交检查点 / hand our head to the witnesses now", push)
    one = _verb(verbs, "follow", "立即去取所见证日志的检查点 / fetch the heads of known logs now", follow)
    one.add_argument("--every", type=float, default=0, metavar="SECONDS", help="每隔几秒一次，直到 Ctrl-C")
    one = _verb(verbs, "compare", "与别的见证方核对所见 / compare with other witnesses", compare)
    one.add_argument("origin", help="日志名称 / the log's name")
    one.add_argument("urls", nargs="+", metavar="URL", help="别的见证方的见证地址 / other witnesses")


def _witness(asked: Namespace) -> Answer:
    answer: Answer = asked.run_verb(asked)
    return answer


COMMANDS = [Command("log witness", "日志互相见证 / logs and their witnesses", _witness, _arguments)]
