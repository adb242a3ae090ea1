"""Packs: a locality as data. Reads a folder of TOML files, says what is wrong with file and line, loads it.

A pack holds `pack.toml` (name, labels, demo day, number patterns), `divisions.toml`, `bodies.toml` (bodies,
units, posts, staff, mandates, cover, seals), `items/*.toml`, one file a body, and where it wants
`elsewhere.toml`: what people come for and others do. A pack may define routes,
materials, fees and promised limits; never states of a procedure, and never more time than the law leaves.
"""

from .checking import check_pack
from .loading import PackLoad, load_pack
from .reading import read_pack
from .values import Complaint, Pack, PackSettings, Place

__all__ = ["Complaint", "Pack", "PackLoad", "PackSettings", "Place", "check_pack", "load_pack", "read_pack"]
