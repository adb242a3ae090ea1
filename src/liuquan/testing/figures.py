"""What `./run check` prints at its end: how large files and functions are, and what is counted of them."""

import ast
import gc
import sys
from collections.abc import Sequence
from statistics import median

from liuquan.testing import house_rules, kind_names
from liuquan.testing.house_rules import Source
from liuquan.testing.tree_files import sources


def figures(files: Sequence[Source]) -> list[str]:
    """The figures of these Python files, a sentence each."""
    lines = [source.text.count("\n") for source in files]
    lengths = [house_rules.length(one) for source in files for one in house_rules.functions(source)]
    unformatted = sum(len(house_rules.lines_without_formatter(source)) for source in files)
    marks = [mark for source in files for mark in requirement_marks(source)]
    return [
        f"{len(lines)} Python files, {sum(lines)} lines; lines a file: {spread(lines)}",
        f"{len(lengths)} functions; lines a function: {spread(lengths)}",
        f"{unformatted} lines kept from the formatter, {house_rules.MOST_FORMATTER_OFF} at most",
        f"{len(marks)} requirement markers for {len(set(marks))} requirements",
    ]


def spread(numbers: Sequence[int]) -> str:
    """Median, ninth decile (the smallest number that nine tenths do not exceed) and greatest."""
    ordered = sorted(numbers)
    ninth = ordered[-(-len(ordered) * 9 // 10) - 1]
    return f"median {median(ordered):g}, p90 {ninth}, max {ordered[-1]}"


def requirement_marks(source: Source) -> list[str]:
    """The ids under `requirement` markers, each as often as it stands."""
    return [
        argument.value
        for call in source.calls
        if house_rules.is_mark(call, "requirement")
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def main() -> None:
    """Print the figures of the checkout."""
    gc.disable()  # a million nodes stay to the end: looking for garbage among them takes twice the time
    python = sources(".py")
    said = [*figures(python), *kind_names.figures(kind_names.files_for_every_kind(python))]
    sys.stdout.write("\n".join(said) + "\n")


if __name__ == "__main__":
    main()
