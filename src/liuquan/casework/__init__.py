"""The case engine: one exercise of public power, step by step, post by post, against its clocks.

A case kind is one declarative table (`types.Procedure`). `rules.decide` reads a snapshot of a case and says
what an act changes, or refuses with its reason; `actions.perform` carries the decision out: one query reads,
one statement writes the case, its assignments, deadlines, suspensions and journal entries together.
The engine knows no service item and no law: the vertical passes it `Terms` (limits, route, deciding post),
which are frozen with the case.

Verbs: create, perform, sweep (execute what the law attaches to an office's silence, record each breach once).

Cites: 行政许可法 第三十二条, 第四十二条, 第四十四条, 第四十五条
"""
