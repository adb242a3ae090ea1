"""The figures that `./run check` prints at its end."""

from pathlib import PurePosixPath

from liuquan.testing import figures
from liuquan.testing.house_rules import Source


def test_the_figures_count_what_stands_in_the_files() -> None:
    first = "@pytest.mark.requirement('CASE-04')\ndef test():\n    x = [1]  # fmt: skip\n"
    second = "@pytest.mark.requirement('CASE-04', 'CASE-05')\ndef test(): ...\n"
    files = [
        Source(PurePosixPath("casework/tests/a.py"), first),
        Source(PurePosixPath("tests/b.py"), second),
    ]
    assert figures.figures(files) == [
        "2 Python files, 5 lines; lines a file: median 2.5, p90 3, max 3",
        "2 functions; lines a function: median 1.5, p90 2, max 2",
        "1 lines kept from the formatter, 40 at most",
        "3 requirement markers for 2 requirements",
    ]


def test_the_ninth_decile_is_a_number_that_stands_there() -> None:
    assert figures.spread(list(range(1, 11))) == "median 5.5, p90 9, max 10"
    assert figures.spread([7]) == "median 7, p90 7, max 7"
