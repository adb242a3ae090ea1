"""Acting on applications: submit, publish results, record that a service promise was broken.

Every other act is a row of the procedure, taken by `casework.actions.perform`.
"""

from liuquan.applications.actions.publicity import publicise
from liuquan.applications.actions.service_defaults import record_service_default
from liuquan.applications.actions.submitting import submit

__all__ = ["publicise", "record_service_default", "submit"]
