"""Where one installation keeps what must not be lost: database, files, keys, the public log.

`LIUQUAN_HOME` names the folder; without it, it is `.liuquan/` in the checkout. Two homes share nothing.
"""

import os
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "LIUQUAN_HOME"
CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Home:
    """One installation's folder. Each part is made on demand, mode 0700; the public log 0755."""

    root: Path

    @property
    def database(self) -> Path:
        """The embedded server's data folder and its log, unless they had to go elsewhere."""
        return self._part("database")

    @property
    def sockets(self) -> Path:
        """The folder of the server's socket: whoever may enter it may use the database."""
        return self._part("sockets")

    @property
    def files(self) -> Path:
        """Uploaded and issued files, encrypted."""
        return self._part("files")

    @property
    def keys(self) -> Path:
        """Secret keys. Kept apart from every backup of the other parts."""
        return self._part("keys")

    @property
    def log(self) -> Path:
        """The transparency log as plain public files: checkpoint, tiles, entries."""
        return self._part("log", mode=0o755)

    @property
    def models(self) -> Path:
        """What was learnt from this place's own texts: it stays here, and can be learnt again."""
        return self._part("models")

    @property
    def demo(self) -> Path:
        """What the demo remembers between two runs."""
        return self._part("demo")

    def _part(self, name: str, mode: int = 0o700) -> Path:
        folder = self.root / name
        if not folder.is_dir():
            self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
            folder.mkdir(mode=mode, exist_ok=True)
        return folder


def current_home() -> Home:
    """The home this process works in: `LIUQUAN_HOME`, else `.liuquan/` in the checkout."""
    named = os.environ.get(VARIABLE, "").strip()
    return Home(Path(named).expanduser().absolute() if named else CHECKOUT / ".liuquan")
