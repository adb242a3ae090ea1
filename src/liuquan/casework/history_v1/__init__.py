"""How entries of the first vocabulary version are read. Frozen: no rule, row or effect of today moves it.

Those entries do not hold what their act changed; it is worked out again, by the rows as they were when the
entries were written (`types.ProcedureV1`, kept by each kind of case) and by the code of that time
(`replay`). Recorded pasts (`tests/engine/golden`) hold it to what it always told.
"""
