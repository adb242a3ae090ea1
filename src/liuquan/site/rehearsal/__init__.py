"""The rehearsal: some weeks of a city's life, played through the real actions before the demo begins.

A pack's `rehearsal.toml` has a section for each kind of case, which the kind's player reads and plays. The
acts of all kinds are taken in the order of their moments, at back-dated `now` values, with the sweeper and
the supervision running on every day between.
The same pack gives the same weeks on every machine; nothing here reads the machine's date.
"""

from liuquan.site.rehearsal.playing import Played, pass_days, play
from liuquan.site.rehearsal.script import Script, read_script

__all__ = ["Played", "Script", "pass_days", "play", "read_script"]
