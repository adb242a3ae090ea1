"""The `liuquan` command: starts what a command needs, runs it, says how it ended, leaves nothing behind.

Exit codes: 0 done, 1 refused (one sentence on standard error) or a check that found something wrong, 2 the
arguments were not understood. With `--json` standard output carries one object or one list, no more.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import django
from django.db import OperationalError

from liuquan.kernel.home import current_home
from liuquan.kernel.postgres import ServerRefused, serving
from liuquan.kernel.refusals import Refusal, Unavailable

if TYPE_CHECKING:
    from liuquan.site.commands import Answer, Command


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuquan.site.settings")
    signal.signal(signal.SIGTERM, _leave)
    as_json = "--json" in (sys.argv[1:] if words is None else words)
    try:
        django.setup()
        from liuquan.site.commands import all_commands  # its files need Django to be set up

        asked = _parser(all_commands()).parse_args(words)
        command: Command = asked.command
        with _database(command):
            answer = command.run(asked)
    except (Refusal, ServerRefused) as refusal:
        return _refused(refusal, as_json)
    except OperationalError as trouble:
        return _refused(Unavailable(f"数据库连接不上或没有应答：{str(trouble).strip()}"), as_json)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - nobody reads any more, not even the last flush
        return 0
    _say(answer, as_json)
    return answer.exit_code


@contextlib.contextmanager
def _database(command: "Command") -> Iterator[None]:
    if not command.needs_database or os.environ.get("DATABASE_URL"):
        yield
        return
    with serving(current_home()):
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()


def _parser(commands: "Sequence[Command]") -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--json", action="store_true", help="standard output is one JSON object, nothing else"
    )
    parser = argparse.ArgumentParser(prog="liuquan", description="六权平台的命令 / commands of Liuquan")
    nouns = parser.add_subparsers(title="命令 / commands", metavar="COMMAND", required=True)
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in commands:
        noun, _, verb = command.words.partition(" ")
        into, name = nouns, noun
        if verb:
            if noun not in groups:
                group = nouns.add_parser(noun, help=f"{noun} …")
                groups[noun] = group.add_subparsers(title="命令 / commands", metavar="VERB", required=True)
            into, name = groups[noun], verb
        own = into.add_parser(name, help=command.help, description=command.help, parents=[common])
        own.set_defaults(command=command)
        command.arguments(own)
    return parser


def _say(answer: "Answer", as_json: bool) -> None:
    if as_json:
        data = {**answer.data} if isinstance(answer.data, Mapping) else [*answer.data]
        if data == {}:
            data = {"sentence": answer.sentence}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")
    elif answer.sentence:
        sys.stdout.write(answer.sentence.rstrip("\n") + "\n")


def _refused(refusal: Refusal | ServerRefused, as_json: bool) -> int:
    sentence = str(refusal)
    if as_json:
        code = refusal.code if isinstance(refusal, Refusal) else "server_refused"
        fields = refusal.fields if isinstance(refusal, Refusal) else {}
        refused = {"refused": sentence, "code": code, "fields": fields}
        sys.stdout.write(json.dumps(refused, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(sentence + "\n")
        for name, reason in (refusal.fields if isinstance(refusal, Refusal) else {}).items():
            sys.stderr.write(f"  {name}：{reason}\n")
    return 1


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
