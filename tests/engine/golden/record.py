"""Record anew what the engine decides: `./run python tests/engine/golden/record.py [decided]`.

To be run only where a decision is meant to change, and then read line by line as any other change. With
`decided` the given cases stay as they are, and only the answers of today's engine are written.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuquan.testing.settings")


def main(arguments: list[str]) -> None:
    """Write everything, or only the answers."""
    import django

    django.setup()
    import golden_cases
    import golden_pasts
    from golden_values import store_lines

    if arguments != ["decided"]:
        _record_given()
    for path in sorted(golden_cases.GIVEN.glob("*.jsonl.gz")):
        answers = golden_cases.Writer(in_full=16).lines(golden_cases.Cases.of(path))
        store_lines(golden_cases.DECIDED / path.name.removesuffix(".gz"), answers)
    for path in sorted(golden_pasts.PASTS.glob("*.jsonl.gz")):
        store_lines(golden_pasts.REPLAYED / path.name.removesuffix(".gz"), golden_pasts.replayed(path))


def _record_given() -> None:
    import golden_cases
    import golden_pasts
    from golden_choice import given_cases
    from golden_past_choice import given_pasts
    from golden_values import store_lines
    from golden_worlds import worlds

    for world in worlds():
        name, is_large = f"{world.procedure.kind}_v{world.procedure.version}", len(world.procedure.rows) > 10
        store_lines(golden_pasts.PASTS / f"{name}.jsonl.gz", given_pasts(world, least=20 if is_large else 9))
        cases = given_cases(world, walks=40, most=260 if is_large else 220)
        store_lines(golden_cases.GIVEN / f"{name}.jsonl.gz", cases)


if __name__ == "__main__":
    main(sys.argv[1:])
