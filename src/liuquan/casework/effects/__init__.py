"""What an act can do to a case, one value each; rows of procedures name them in the order of their checks."""

from liuquan.casework.effects.add_party import AddParty
from liuquan.casework.effects.assign import Assign, Reassign
from liuquan.casework.effects.cancel import Cancel
from liuquan.casework.effects.close_children import CloseChildren
from liuquan.casework.effects.complete_step import CompleteStep
from liuquan.casework.effects.correct import Correct
from liuquan.casework.effects.end_party import EndParty
from liuquan.casework.effects.extend import Extend
from liuquan.casework.effects.issue import Issue
from liuquan.casework.effects.keep import Keep
from liuquan.casework.effects.mark import Mark
from liuquan.casework.effects.move_body import MoveBody
from liuquan.casework.effects.needs_children_closed import NeedsChildrenClosed
from liuquan.casework.effects.open_children import OpenChildren
from liuquan.casework.effects.open_route import OpenRoute
from liuquan.casework.effects.pause import Pause
from liuquan.casework.effects.resume import Resume
from liuquan.casework.effects.send_back import SendBack
from liuquan.casework.effects.start import Start
from liuquan.casework.effects.stop import Stop
from liuquan.casework.effects.take_back import TakeBack
from liuquan.casework.effects.wait_for import WaitFor

__all__ = [
    "AddParty",
    "Assign",
    "Cancel",
    "CloseChildren",
    "CompleteStep",
    "Correct",
    "EndParty",
    "Extend",
    "Issue",
    "Keep",
    "Mark",
    "MoveBody",
    "NeedsChildrenClosed",
    "OpenChildren",
    "OpenRoute",
    "Pause",
    "Reassign",
    "Resume",
    "SendBack",
    "Start",
    "Stop",
    "TakeBack",
    "WaitFor",
]
