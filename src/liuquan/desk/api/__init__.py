"""The desk for programs, with the session of a member of staff."""

from liuquan.desk.api.staff import router

__all__ = ["router"]
