"""A whole run on a package made for it: who notices what, and that nothing is touched."""

from pathlib import Path

import pytest
from mutants.report import report, survivors_of, write_json
from mutants.trials import Verdict

from mutants import session

SETTINGS = """
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:django"]
pythonpath = ["src"]
markers = ["requirement(id): x"]
"""
CODE = """
LIMIT = 3


def is_late(day):
    return day > LIMIT


def is_open(state):
    return state in ("open", "waiting") and state != "closed"


def nobody_asks(state):
    return not state
"""
TESTS = """
import pytest

from liuquan.toy.deadlines import is_late, is_open


@pytest.mark.requirement("TOY-01")
def test_late():
    assert is_late(4)
    assert not is_late(3)


def test_open():
    assert is_open("open")
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    tree = _tree(tmp_path_factory.mktemp("tree"))
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    asked = session.Asked(tree=tree, module="toy", room=tree.parent / "room")
    session.run(asked)
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before
    return asked.known


def _tree(tree: Path) -> Path:
    toy = tree / "src" / "liuquan" / "toy"
    (toy / "tests").mkdir(parents=True)
    (tree / "pyproject.toml").write_text(SETTINGS)
    (toy.parent / "__init__.py").write_text("")
    (toy / "__init__.py").write_text("")
    (toy / "deadlines.py").write_text(CODE)
    (toy / "tests" / "test_toy_deadlines.py").write_text(TESTS)
    return tree


def test_each_mutant_has_its_verdict_and_the_test_that_noticed(verdicts: list[Verdict]) -> None:
    told = {one.mutant.fault.what: (one.outcome, one.test.partition("::")[2]) for one in verdicts}
    assert told["3 -> 4"] == ("noticed", "test_late")
    assert told["Gt -> GtE: day > LIMIT"] == ("noticed", "test_late")
    assert told["In -> NotIn: state in ('open', 'waiting')"] == ("noticed", "test_open")
    assert told["and -> or: state in ('open', 'waiting') and state != 'closed'"] == ("survived", "")
    assert told["not dropped: not state"] == ("unreached", "")


def test_the_report_counts_by_file_and_the_survivors_can_be_tried_again(
    verdicts: list[Verdict], tmp_path: Path
) -> None:
    said = report(verdicts, asked="toy", seconds=1)
    assert "survived  :10" in said
    assert "by src/liuquan/toy/tests/test_toy_deadlines.py::test_late" in said
    assert said.splitlines()[-1].startswith(f"toy: {len(verdicts)} mutants, ")
    write_json(tmp_path / "told.json", verdicts, module="toy", requirement="")
    again = survivors_of(tmp_path / "told.json")
    assert {one.mutant.key for one in verdicts if not one.is_noticed} == again


def test_with_a_requirement_only_what_its_tests_run_is_tried(tmp_path: Path) -> None:
    tree = _tree(tmp_path / "tree")
    asked = session.Asked(tree, "toy", tmp_path / "room", requirement="TOY-01", listing=True)
    assert {mutant.fault.line for mutant in session.run(asked)} == {2, 6}


def test_tests_that_fail_by_themselves_show_nothing(tmp_path: Path) -> None:
    tree = _tree(tmp_path / "tree")
    (tree / "src/liuquan/toy/tests/test_toy_wrong.py").write_text("def test_wrong():\n    assert False\n")
    with pytest.raises(session.Refused, match="test_wrong"):
        session.run(session.Asked(tree, "toy", tmp_path / "room"))
