"""Documents that cannot fall behind: what they name is there, what they print parses, both READMEs agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from liuquan.testing.document_commands import commands_of, wrong_commands
from liuquan.testing.document_names import wrong_names
from liuquan.testing.documents import Document, broken_links, documents

# (check, good, bad): one line each
SAMPLES: list[tuple[Callable[[Document], Iterator[str]], str, str]] = [
    (wrong_names, "`casework/clocks.py`, `src/liuquan/law/data/`", "`casework/clock.py`"),
    (wrong_names, "`tests/law/*.csv`, `<module>/tests/test_<module>_<topic>.py`", "`tests/laws/*.csv`"),
    (wrong_names, "`LIUQUAN_HOME/log`, `FILE.toml`, `.liuquan/files/a.json`", "`supervision/rule/`"),
    (wrong_names, "`casework/clocks.py`, `count()`", "`casework/clocks.py`, `discount()`"),
    (wrong_names, "`casework/actions/statements.py`, `MOVE`", "`casework/actions/statements.py`, `MOVES`"),
    (wrong_names, "`clock.deadline`, `casework.actions.perform`", "`casework.actions.performs`"),
    (wrong_names, "`Deadline.days`, `Who.DECIDER`", "`Deadline.daze`"),
    (wrong_names, "`application.accepted`, `licensing.decision`", "`licensing.decisions`"),
    (wrong_names, "`due_on(region, start)`, `new_nonce()`", "`new_once()`"),
    (wrong_names, "`LIUQUAN_HTTPS=1`, `DATABASE_URL`, `city.example/log`", "`LIUQUAN_HTTP`"),
    (wrong_names, "`ServiceItem`, `deem_accepted`", "`ServiceItems`"),
    (wrong_names, '`{"rows", "problems"}`', '`{"rowses"}`'),
    (wrong_names, "`/desk/calendar/`, `/witness/refusals/<entry>.txt`", "`/desk/calendars/`"),
    (broken_links, "[a](docs/tour.md), ![b](docs/images/board.png)", "[a](docs/tours.md)"),
    (broken_links, "[a](README.md#try-it), [b](https://city.example/)", "[a](README.md#walk-it)"),
    (wrong_commands, "`./run demo --fresh --today DATE`", "`./run demo --freshly`"),
    (wrong_commands, "`./run test --install-browser`, `./run check`", "`./run tests`"),
    (wrong_commands, "`liuquan clock between A B [--unit working_day]`", "`liuquan clock between A`"),
    (wrong_commands, "`liuquan log witness know KEY --from-size N`", "`liuquan log witness know`"),
    (wrong_commands, "`log witness know`, `keys rotate log`", "`log witness knows`"),
    (wrong_commands, "`keys rotate log|witness [--finish]`", "`keys rotate logs`"),
    (wrong_commands, "`.venv/bin/python bench/statutory.py --quick`", "`.venv/bin/python bench/statute.py`"),
    (wrong_commands, "`./run bench [--quick] --open 100`", "`./run bench --open many`"),
    (wrong_commands, "`liuquan-verify FILE.pdf --policy 1`", "`liuquan-verify FILE.pdf --polity 1`"),
    (wrong_commands, "`liuquan-verify draw FILE`", "`liuquan-verify draw FILE --policy 1`"),
    (
        wrong_commands,
        "```sh\n$CITY ./run liuquan log status  # how far\n```",
        "```sh\n$CITY ./run liuquan log state  # how far\n```",
    ),
    (
        wrong_commands,
        "```\nExecStart=/opt/liuquan/run liuquan serve --port 8000\n```",
        "```\nExecStart=/opt/liuquan/run liuquan server\n```",
    ),
]


@pytest.mark.parametrize(("check", "good", "bad"), SAMPLES, ids=[bad for _, _, bad in SAMPLES])
def test_a_check_lets_the_good_sample_pass_and_names_what_is_wrong_in_the_bad_one(
    check: Callable[[Document], Iterator[str]], good: str, bad: str
) -> None:
    assert list(check(Document(Path("SAMPLE.md"), good))) == []
    said = list(check(Document(Path("SAMPLE.md"), bad)))
    assert len(said) == 1
    assert said[0][0].isdigit()


def test_every_path_and_name_in_a_document_is_there() -> None:
    _none_wrong(wrong_names)


def test_every_link_and_picture_of_a_document_is_there() -> None:
    _none_wrong(broken_links)


def test_every_printed_command_parses_with_the_real_command_line() -> None:
    _none_wrong(wrong_commands)


def test_every_code_span_ends_on_its_line() -> None:
    _none_wrong(lambda document: (f"{line}: a backtick without its other." for line in document.open_spans))


def test_both_readmes_have_the_same_headings_commands_and_pictures() -> None:
    english, chinese = (_read(name) for name in ("README.md", "README.zh-CN.md"))
    assert [level for level, _ in english.headings] == [level for level, _ in chinese.headings]
    assert commands_of(english) == commands_of(chinese)
    assert _pictures(english) == _pictures(chinese)
    assert len(commands_of(english)) > 3
    assert len(_pictures(english)) == 4


def test_both_readmes_send_the_reader_to_the_same_files() -> None:
    english, chinese = (_read(name) for name in ("README.md", "README.zh-CN.md"))
    assert _files(english) == _files(chinese)


def _none_wrong(check: Callable[[Document], Iterator[str]]) -> None:
    found = documents()
    assert len(found) > 20
    said = [f"{document.path}:{complaint}" for document in found for complaint in check(document)]
    assert not said, "\n".join(["", *said])


def _read(name: str) -> Document:
    return next(document for document in documents() if document.path == Path(name))


def _pictures(document: Document) -> list[str]:
    return [link.target for link in document.links if link.is_picture]


def _files(document: Document) -> set[str]:
    return {span.text for span in document.spans if "/" in span.text or span.text.endswith(".md")}
