"""Kernel: Django glue without business words, which every module with tables uses.

Its public face is the submodules listed in `__all__`; import them by name
(`from liuquan.kernel import moments`), each says in its docstring what it is for.
"""

__all__ = [
    "api",
    "backup",
    "ciphers",
    "csv_files",
    "dates",
    "documents",
    "drafts",
    "fields",
    "files",
    "held_drafts",
    "home",
    "jobs",
    "key_files",
    "key_custody",
    "known_answers",
    "middleware",
    "moments",
    "sm_crypto",
    "pages",
    "pictures",
    "postgres",
    "problems",
    "rate_limits",
    "received_files",
    "reencryption",
    "refusals",
    "secrecy",
    "shares",
    "slip_holder_views",
    "slip_holders",
    "sm2_signing",
    "spelling",
    "sql",
    "staff_pages",
    "uploads",
]
