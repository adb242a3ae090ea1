"""Liuquan (六权): the open platform that runs a Chinese government service centre.

The map, top layer first. A module imports only from lines below its own, never from its own line.

    site            settings, addresses, commands, wiring of modules, packs, the demo
    exchange        feeds in and out: national item schema, other bodies' case logs
    supervision     rules over the case log, findings, their disposal
    caselog         the case log contract: views and tables shared by everyone who reads
    applications    办件: applications for service items
    timekeeping     the clock, the working calendar and the law for people: pages and questions
    catalogue       powers and service items, versioned; guides
    casework        the engine: case, procedure, assignment, deadline, suspension, notice
    journal         the append-only record, the transparency log over it, its witnesses
    parties         natural persons and organisations: encrypted identity, blind index
    organisation    divisions, bodies, posts, staff, mandates, cover, working days
    kernel          Django glue without business words: PostgreSQL, jobs, encryption, files, pages
    law             citations, dated values, the limits that law sets (pure Python)
    clock           working-day calendar, limits, deadlines that explain themselves (pure Python)
    merkle          the transparency log as values: tree, tiles, checkpoints, receipts (pure Python)
    draw            random selection that an outsider can recompute (pure Python)
    sealing         envelopes that open only when enough officers agree (pure Python)
    identifiers     resident id, unified social credit code, item and case numbers (pure Python)

Beside the layers stands `testing`, the pytest plugin: it starts the test server and makes the test databases.

Public face of a module with tables: its `actions`, `queries`, `events` and `types`. Of `kernel` and of a
pure module: what its `__init__` lists in `__all__`.
"""
