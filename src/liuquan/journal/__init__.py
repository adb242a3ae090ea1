"""The journal: the append-only record of every exercise of power, the log over it, and its witnesses.

Whatever changes a case writes an entry here in the same transaction; nobody updates or deletes one. An entry
names the event, the body and post that acted, the moment it takes effect in law and the moment it was
recorded, and carries only what may be public. Names, reasons and opinions are stored encrypted in
`journal_private`; the entry holds a salted commitment to them, so that they can be erased without breaking
the record and still be proven while they exist.

Verbs: append (with the statement of the act itself, `actions.ENTRY_CTES`, or alone, `actions.append`),
open the private parts of a subject (`actions.open_private_of`: the entry of the reading first).

    witness   other offices: those that cosign our log, and those whose logs we cosign
    log       the transparency log over the record: leaves, tiles, signed checkpoints, keys, audit
    record    entries, private parts and their erasure, who opened what, the past as recorded

Each knows only those below it. `actions`, `queries`, `events` and `types` are what other modules import.

Cites: 行政许可法 第四十条, 行政处罚法 第四十七条, 优化营商环境条例 第三十六条
"""
