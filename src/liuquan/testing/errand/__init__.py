"""A second small kind of case for tests, 交办: an office hands work to bodies, posts and children of its own.

It does in one procedure what a licence never does: parties join and leave, bodies follow one another, an act
chooses the post and the limit, a clock runs for each part, and a case opens others inside its own time.
"""
