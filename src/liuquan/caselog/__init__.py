"""The case log: one stable, versioned relational contract (`caselog.v1`) over every kind of case.

Supervision, performance, exports and other bodies' feeds read cases here and nowhere else, so that the
engine's tables may change and the readers need not. The contract is a set of PostgreSQL views in the schema
`caselog`; its columns are only added (`data/caselog.v1.tsv` is the promise, a test keeps it), their meaning
stands in `docs/caselog.md`. Nothing is written here: the log is what the acts left behind.

`subjects` holds whatever may be found out about: every case, every log, and what a module adds by a migration
of its own, as `migrations/0004_subjects.py` says.

Verbs: `changed_since`, `crossed_between`, `with_families`, `rows`.
"""
