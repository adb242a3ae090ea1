"""Mutation testing: one small fault at a time in a module, and which test notices it.

    ./run mutants MODULE [--requirement ID] [--only FILE] [--list] [--json FILE] [--again FILE] [--jobs N]

How it works and how to read it: docs/mutants.md.
"""
