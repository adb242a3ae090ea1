"""`./run mutants MODULE`: break the module in small ways, one at a time, and say which test notices.

Without `--requirement` the module's own tests are run; with it the tests that are marked to show the
requirement, wherever they stand, against what they run of the module. Nothing in the checkout is touched.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from mutants import report, session

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Try what is asked and say it. 0: it was tried, whatever came of it; 2: nothing can be said."""
    options = _options()
    asked = session.Asked(
        tree=ROOT,
        module=options.module,
        room=_room(),
        requirement=options.requirement,
        only=options.only,
        jobs=options.jobs,
        again=frozenset(report.survivors_of(options.again)) if options.again else None,
        listing=options.list,
    )
    begin, interrupted = time.monotonic(), False
    try:
        found = session.run(asked)
    except session.Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    except KeyboardInterrupt:
        interrupted = True
    if options.list and not interrupted:
        for one in sorted(found, key=lambda one: one.key):
            sys.stdout.write(f"src/liuquan/{one.file}:{one.fault.line} {one.fault.what}\n")
        return 0
    about = f"{asked.module} {asked.requirement}".strip() + (" (interrupted)" if interrupted else "")
    sys.stdout.write(report.report(asked.known, asked=about, seconds=time.monotonic() - begin))
    if options.json:
        report.write_json(options.json, asked.known, module=asked.module, requirement=asked.requirement)
    return 130 if interrupted else 0


def _room() -> Path:
    """Beside the tests' own homes, so that neither disturbs the other; what is made there is kept."""
    from liuquan.testing.room import room

    return room() / "mutants"


def _options() -> argparse.Namespace:
    modules = sorted(path.parent.name for path in (ROOT / "src" / "liuquan").glob("*/__init__.py"))
    parser = argparse.ArgumentParser(prog="./run mutants", description=__doc__)
    parser.add_argument("module", choices=modules, metavar="MODULE", help=f"of {', '.join(modules)}")
    parser.add_argument("--requirement", default="", metavar="ID", help="only the tests that show this")
    parser.add_argument("--only", default="", metavar="FILE", help="only files of this name or pattern")
    parser.add_argument("--list", action="store_true", help="only list the mutants")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every verdict here")
    parser.add_argument("--again", type=Path, metavar="FILE", help="try only what survived there")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="how many at a time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
