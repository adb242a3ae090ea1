"""The demo's applications: which come when, and how each one goes, as the script's section says.

They are played through the real actions, at back-dated `now` values.
"""

from liuquan.applications.player.programme import read
from liuquan.kinds.types import Player

PLAYER = Player(
    read=read,
    to_follow=("supplementing", "examining", "granted", "closed"),
    to_try={
        "window_clerk": "收件：/desk/intake/；受理、一次性告知、送达",
        "examiner": "待办列表，写审查意见，看期限逐日怎样计算",
        "approver": "作出准予或者不予的决定，退回重新审查",
        "chief_rep": "当场办结的事项",
        "body_head": "批准延长期限",
    },
)
