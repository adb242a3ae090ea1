"""Applications for programs: `public` needs no account, `staff` the session of a member of staff."""

from liuquan.applications.api.public import router as public
from liuquan.applications.api.staff import router as staff

__all__ = ["public", "staff"]
