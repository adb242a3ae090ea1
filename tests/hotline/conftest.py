"""The hotline of the demo's city, with its people, for what crosses modules."""

from __future__ import annotations

from liuquan.hotline.tests.conftest import hotline

__all__ = ["hotline"]
