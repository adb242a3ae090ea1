"""`open311 key …`: the keys of outside systems that send requests."""

from argparse import ArgumentParser, Namespace

from liuquan.exchange import actions
from liuquan.kernel import moments
from liuquan.site.commands import Answer, Command


def issue(asked: Namespace) -> Answer:
    """Give an outside system its key."""
    key = actions.issue_key(asked.name, now=moments.now())
    said = f"“{asked.name}”的密钥：{key}\n只显示这一次，请交给对方保管；丢了的收回再发。"
    return Answer(said, {"name": asked.name, "api_key": key})


def revoke(asked: Namespace) -> Answer:
    """Take a key back."""
    actions.revoke_key(asked.name, now=moments.now())
    return Answer(f"已收回“{asked.name}”的密钥。", {"revoked": asked.name})


def _name(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="系统名称 / name of the outside system")


COMMANDS = [
    Command("open311 issue-key", "发放 Open311 密钥 / issue an Open311 key", issue, _name),
    Command("open311 revoke-key", "收回 Open311 密钥 / take an Open311 key back", revoke, _name),
]
