"""Subjects of commits, as `CONTRIBUTING.md` asks for them: `module[, module]: Imperative sentence.`"""

import re
import shutil
import subprocess
from collections.abc import Iterator

from liuquan.kernel.home import CHECKOUT

LONGEST_SUBJECT = 72
#: the last commit from before the rule; all that follow keep it
LAST_UNCHECKED = "cf2aace607ffbb86c957f81d22d34a3d724a8454"
_FORM = re.compile(r"[a-z_]+(?:, [a-z_]+)*: [A-Z].*[^.\s]\.")
_NOT_IMPERATIVE = re.compile(r"(?!(?:Bring|Embed|Feed|Focus|Need|Seed|Speed)\b)[A-Z][a-z]*(?:ed|ing|[^s]s)\b")


def subject_complaints(subject: str) -> Iterator[str]:
    """What is wrong with the subject of a commit."""
    if len(subject) > LONGEST_SUBJECT:
        yield f"{len(subject)} characters, {LONGEST_SUBJECT} at most: leave the rest to the body."
    if not _FORM.fullmatch(subject):
        yield "not of the form: write `module[, module]: Imperative sentence.`"
    elif _NOT_IMPERATIVE.match(subject.partition(": ")[2]):
        yield "no imperative: say `Add`, not `Added`, `Adds` or `Adding`."


def checked_commits() -> list[tuple[str, str]]:
    """Hash and subject of the commits that the rule applies to; none if the history is not available: in an
    unpacked archive, in a shallow clone, without git."""
    if (
        not (CHECKOUT / ".git").exists()
        or _git("merge-base", "--is-ancestor", LAST_UNCHECKED, "HEAD") is None
    ):
        return []
    lines = (_git("log", "--format=%h %s", f"{LAST_UNCHECKED}..HEAD") or "").splitlines()
    return [(short, subject) for short, _, subject in (line.partition(" ") for line in lines)]


def _git(*words: str) -> str | None:
    """What git answers; nothing where it is not installed or refuses."""
    program = shutil.which("git")
    if program is None:
        return None
    answer = subprocess.run([program, "-C", str(CHECKOUT), *words], capture_output=True, check=False)
    return answer.stdout.decode() if answer.returncode == 0 else None
