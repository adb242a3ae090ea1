"""`log seal`, `log status` and `log audit`: the transparency log's own commands.

Progress goes to standard error and only to a terminal.
"""

import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from types import FrameType

from tqdm import tqdm

from liuquan.journal import actions
from liuquan.journal import queries as journal
from liuquan.journal.types import AuditReport, LogStatus
from liuquan.kernel import moments
from liuquan.merkle import beijing
from liuquan.site import sealing
from liuquan.site.commands import Answer, Command

BUSY = "另一个入册程序正在工作，它会把这些记录入册。"


def seal(asked: Namespace) -> Answer:
    """Seal what is committed, once or until told to stop."""
    if asked.watch:
        sealing.watch(_stop_on_signal())
        return Answer("已停止入册。", {"stopped": True})
    work = actions.Sealer().rewrite if asked.rewrite else actions.seal
    done = work(now=moments.now())
    if done.busy:
        return Answer(BUSY, {"busy": True})
    if asked.rewrite:
        return Answer(f"已由数据库重写日志的全部文件（{done.size} 条）。", {"tree_size": done.size})
    new = f"新入册 {done.leaves} 条。" if done.leaves else "没有新的记录。"
    data = {"leaves": done.leaves, "tree_size": done.size, "busy": False}
    return Answer(f"{new}已签署的日志共 {done.size} 条。", data)


def status(asked: Namespace) -> Answer:
    """How far the record is sealed."""
    found = journal.log_status()
    head = found.checkpoint
    data = {
        "tree_size": head.size if head else 0,
        "root": head.root.hex() if head else None,
        "signed_at": head.signed_at.isoformat() if head else None,
        "leaves": found.leaves,
        "unsealed": found.unsealed,
        "oldest_unsealed_at": found.oldest_unsealed_at.isoformat() if found.oldest_unsealed_at else None,
        "oldest_unsealed_seconds": round(found.oldest_unsealed_seconds, 3),
    }
    return Answer(_status_text(found), data)


def _status_text(found: LogStatus) -> str:
    head = found.checkpoint
    if head is None:
        signed = "日志尚未签署过检查点。"
    else:
        signed = f"日志共 {head.size} 条，{beijing(head.signed_at)} 签署，根 {head.root.hex()}。"
    if not found.unsealed:
        return f"{signed}\n没有等待入册的记录。"
    return f"{signed}\n等待入册 {found.unsealed} 条，最早的已等 {found.oldest_unsealed_seconds:.1f} 秒。"


def audit(asked: Namespace) -> Answer:
    """Recompute the whole log. Where it does not hold, every problem is shown and the exit code is 1."""
    total = journal.log_status().leaves
    with tqdm(total=total, unit="条", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False) as bar:
        found = actions.audit(now=moments.now(), on_done=bar.update, processes=asked.processes)
    return Answer(_audit_text(found), audit_data(found), exit_code=0 if found.ok else 1)


def audit_data(found: AuditReport) -> dict[str, object]:
    """The stable JSON shape of an audit."""
    return {
        "ok": found.ok,
        "entries": found.entries,
        "tree_size": found.tree_size,
        "root": found.root.hex() if found.root else None,
        "first_problem": found.first_problem,
        "problems": list(found.problems),
        "unsealed": found.unsealed,
        "checkpoints": found.checkpoints,
        "private_parts": found.private_parts,
    }


def _audit_text(found: AuditReport) -> str:
    if not found.ok:
        return "核查不通过：\n" + "\n".join(f"  {sentence}" for sentence in found.problems)
    waiting = f"另有 {found.unsealed} 条尚未入册。" if found.unsealed else ""
    return (
        f"核查通过：{found.entries} 条记录、{found.checkpoints} 个检查点、{found.private_parts} 份非公开内容"
        f"均与已签署的日志相符。{waiting}"
    )


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()

    def request_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, request_stop)
    signal.signal(signal.SIGINT, request_stop)
    return stop


def _seal_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--watch", action="store_true", help="一直入册，直到 Ctrl-C / go on until told to stop"
    )
    parser.add_argument(
        "--rewrite", action="store_true", help="由数据库重写日志的全部文件 / write the log's files again"
    )


def _audit_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--processes", type=int, default=0, help="进程数（默认：处理器核数）/ default: the cores"
    )


COMMANDS = [
    Command("log seal", "把已提交的记录入册并签署 / seal what is committed", seal, _seal_arguments),
    Command("log status", "日志签到哪里 / how far the record is sealed", status),
    Command("log audit", "重新计算整部日志 / recompute the whole log", audit, _audit_arguments),
]
