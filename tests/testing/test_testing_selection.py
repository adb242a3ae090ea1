"""`./run test` runs what is asked for: modules, paths, or what a change can have touched."""

from __future__ import annotations

import pytest

from liuquan.kernel.home import CHECKOUT
from liuquan.testing import selection
from liuquan.testing.modules import beside, layers
from liuquan.testing.selection import NoSuchTests, Selection, importers, sort_out, touched_by


def test_modules_paths_and_words_for_pytest_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    words = ["casework", "-k", "clock", "tests/law", "-x", "engine", "--durations=3"]
    chosen, rest = sort_out(words)
    assert chosen == Selection(("casework", "engine"), ("tests/law",))
    assert rest == ["-k", "clock", "-x", "--durations=3"]
    one = "tests/verifier/test_verifier_alone.py::test_an_old_key_gets_a_no"
    assert sort_out([one])[0] == Selection((), (one,))
    assert sort_out([])[0].is_everything


def test_a_name_that_is_none_is_answered_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    with pytest.raises(NoSuchTests, match=r"no module and no path 'caswork'\. Did you mean 'casework'\?"):
        sort_out(["clock", "caswork"])
    with pytest.raises(NoSuchTests, match="Did you mean"):
        sort_out(["../clock"])


def test_a_module_brings_its_tables_and_in_a_browser_its_pages() -> None:
    words = Selection(("applications", "clock")).arguments()
    folders = ["src/liuquan/applications/tests", "src/liuquan/clock/tests", "tests/permissions"]
    assert words == [*(str(CHECKOUT / folder) for folder in folders), "--modules=applications,clock"]
    assert Selection(("clock",)).arguments()[0].endswith("clock/tests")
    assert not any("permissions" in word for word in Selection(("clock",)).arguments())
    assert Selection(("catalogue",)).browser_arguments() == [
        str(CHECKOUT / "tests" / "pages"),
        "--modules=catalogue",
    ]
    assert Selection(("clock",)).browser_arguments() == []
    assert any(word.endswith("test_pages_in_a_browser.py") for word in Selection().browser_arguments())


def test_who_imports_a_module_stands_above_it() -> None:
    height = {module: number for number, module in enumerate(layers())}
    for module in layers():
        assert all(height[one] > height[module] for one in importers([module])), module
    assert {"organisation", "casework", "applications", "supervision", "site"} <= importers(["clock"])
    assert importers(["supervision"]) == {"site"}
    assert importers(["site"]) == set()


@pytest.mark.parametrize(
    ("file", "chosen", "not_chosen"),
    [
        (
            "src/liuquan/supervision/queries/board.py",
            {"supervision", "site", "journeys", "house_rules"},
            {"casework", "parties", "engine"},
        ),
        (
            "src/liuquan/clock/deadlines.py",
            {"clock", "casework", "applications", "engine", "law"},
            {"merkle"},
        ),
        ("src/liuquan/clock/tests/test_clock_values.py", {"clock", "house_rules"}, {"casework", "site"}),
        ("verifier/liuquan_verify/words.py", {"verifier"}, {"merkle"}),
        ("tests/law/licensing.csv", {"law"}, {"catalogue"}),
        ("docs/clock.md", {"house_rules"}, {"clock"}),
    ],
)
def test_a_change_runs_what_it_can_have_touched(file: str, chosen: set[str], not_chosen: set[str]) -> None:
    found, said = touched_by([file])
    assert chosen <= set(found.modules)
    assert not not_chosen & set(found.modules)
    assert all(name in said for name in found.modules)


@pytest.mark.parametrize("file", ["packs/demo/bodies.toml", "constraints.txt", "src/liuquan/testing/cast.py"])
def test_a_change_of_what_every_test_sees_runs_everything(file: str) -> None:
    found, said = touched_by(["docs/clock.md", file])
    assert found.is_everything
    assert file in said


def test_what_git_does_not_know_yet_counts_as_changed() -> None:
    if not (CHECKOUT / ".git").exists():
        pytest.skip("no git history here")
    new = CHECKOUT / "src" / "liuquan" / "clock" / "tests" / "not-yet-known.txt"
    new.write_text("")
    try:
        assert str(new.relative_to(CHECKOUT)) in selection.changed_files("HEAD")
    finally:
        new.unlink()
    with pytest.raises(NoSuchTests, match="since 'no-such-revision'"):
        selection.changed_files("no-such-revision")


def test_every_table_and_list_is_where_its_module_is_found() -> None:
    names = ("addresses.csv", "transitions.csv", "pages.csv", "cases.py")
    for name in names:
        found = set(beside(name).values())
        assert found == {path for path in CHECKOUT.glob(f"src/**/{name}") if path.parent.name == "tests"}
