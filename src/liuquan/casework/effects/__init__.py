"""What an act can do to a case, one value each; rows of procedures name them in the order of their checks."""

from liuquan.casework.effects.cancel import Cancel
from liuquan.casework.effects.complete_step import CompleteStep
from liuquan.casework.effects.correct import Correct
from liuquan.casework.effects.extend import Extend
from liuquan.casework.effects.issue import Issue
from liuquan.casework.effects.keep import Keep
from liuquan.casework.effects.mark import Mark
from liuquan.casework.effects.open_route import OpenRoute
from liuquan.casework.effects.pause import Pause
from liuquan.casework.effects.resume import Resume
from liuquan.casework.effects.send_back import SendBack
from liuquan.casework.effects.start import Start
from liuquan.casework.effects.stop import Stop
from liuquan.casework.effects.wait_for import WaitFor

__all__ = [
    "Cancel",
    "CompleteStep",
    "Correct",
    "Extend",
    "Issue",
    "Keep",
    "Mark",
    "OpenRoute",
    "Pause",
    "Resume",
    "SendBack",
    "Start",
    "Stop",
    "WaitFor",
]
