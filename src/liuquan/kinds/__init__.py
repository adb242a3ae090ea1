"""Kinds of case: what a vertical says about its own kind, as one value, and the register of these values.

A vertical is one folder with its `CaseKind` and one line in `KINDS` of `site/wiring.py`. The desk, tracking,
papers, the API, supervision and the demo read the register; nothing else knows a kind by name. What every
page says of a case of any kind (stages, clocks, the past) is here too: desk and tracking know nothing of each
other.

Verbs: `register`, `kind_of`, `kinds`.
"""
