"""The question of the kinds' own tests, for those that cross modules."""

from liuquan.kinds.tests.conftest import kind, officer, question

__all__ = ["kind", "officer", "question"]
