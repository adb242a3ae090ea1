"""Reading the organisation. Every answer is for the given day, never for "now".

The organisation is public by nature (政府信息公开条例 第二十条): bodies, posts, duty sheets and mandates
may be seen by all, so these take no actor.
"""

from liuquan.organisation.queries.actors import actor_for, posts_of
from liuquan.organisation.queries.days import (
    CALENDAR_VERSION,
    calendar,
    calendar_if_version,
    calendars,
    calendars_with,
    division_of,
    holiday_notices,
    is_place,
    year_to_announce,
)
from liuquan.organisation.queries.places import (
    bodies,
    bodies_on,
    body,
    body_name,
    body_named,
    division,
    division_path,
    divisions,
    is_real_place,
    remedy_bodies,
    seals,
    service_promise,
    service_promises,
    supervises,
)
from liuquan.organisation.queries.posts import (
    authorisation_register,
    colleagues,
    mandated_bodies,
    post,
    post_sheet,
    posts,
    posts_for_role,
    staff_name,
    standing,
)

__all__ = [
    "CALENDAR_VERSION",
    "actor_for",
    "authorisation_register",
    "bodies",
    "body",
    "bodies_on",
    "body_name",
    "body_named",
    "calendar",
    "calendar_if_version",
    "calendars",
    "calendars_with",
    "colleagues",
    "division",
    "division_of",
    "division_path",
    "divisions",
    "holiday_notices",
    "is_place",
    "is_real_place",
    "mandated_bodies",
    "post",
    "post_sheet",
    "posts",
    "posts_for_role",
    "posts_of",
    "remedy_bodies",
    "seals",
    "service_promise",
    "service_promises",
    "staff_name",
    "standing",
    "supervises",
    "year_to_announce",
]
