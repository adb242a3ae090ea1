"""A small kind of case for tests, 咨询: asked → answered within five working days.

It is written as a vertical would write it, and uses everything that any kind gets: it shows what a kind must
say, and that nothing else is needed.
"""
