"""Writing cases: any act of any procedure on one case; opening its file, each reading entered first;
counting open deadlines again for a new calendar."""

from liuquan.casework import registry
from liuquan.casework.actions.acts import (
    close_children,
    create,
    file_as,
    fold_counts,
    issue_notice,
    next_notice_number,
    next_number,
    perform,
    remind,
    sweep,
)
from liuquan.casework.actions.materials import own_scope
from liuquan.casework.actions.readings import (
    enter_reading,
    open_case_file,
    open_material,
    open_matters,
    open_told,
)

register_procedure = registry.register

__all__ = [
    "close_children",
    "create",
    "enter_reading",
    "file_as",
    "fold_counts",
    "issue_notice",
    "next_notice_number",
    "next_number",
    "open_case_file",
    "open_material",
    "open_matters",
    "open_told",
    "own_scope",
    "perform",
    "register_procedure",
    "remind",
    "sweep",
]
