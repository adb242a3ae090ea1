"""Sign-in accounts of staff: created for each given login, with a password only if one is given."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import is_password_usable, make_password

from liuquan.kernel.refusals import BadInput
from liuquan.organisation.models import Staff
from liuquan.organisation.types import StaffData


def give_accounts(rows: Sequence[StaffData]) -> None:
    """Create the missing accounts and link them to staff; never changes an existing password.

    A password given several times is hashed once: in a demo all staff share one. Refuses a login that belongs
    to somebody else, and a second login for somebody who has one.
    """
    user_model = get_user_model()
    wanted = {row.login: row for row in rows if row.login}
    users = {user.get_username(): user for user in user_model._default_manager.filter(username__in=wanted)}
    staff = {row.number: row for row in Staff.objects.filter(number__in=[r.number for r in rows])}
    owners = {row.user_id: row.number for row in Staff.objects.filter(user__in=users.values())}
    hashes: dict[str, str] = {}
    for login, row in wanted.items():
        user, person = users.get(login), staff[row.number]
        if user is not None and owners.get(user.pk, row.number) != row.number:
            raise BadInput(f"登录名“{login}”已属于另一位工作人员，请换一个登录名。")
        if person.user_id is not None and (user is None or user.pk != person.user_id):
            raise BadInput(f"工号“{row.number}”已有登录账号，不能再指定“{login}”。")
        if row.password and row.password not in hashes:
            hashes[row.password] = make_password(row.password)
        secret = hashes[row.password] if row.password else make_password(None)
        if user is None:
            user = user_model._default_manager.create(username=login, password=secret)
        elif row.password and not is_password_usable(user.password):
            user_model._default_manager.filter(pk=user.pk).update(password=secret)
        if person.user_id is None:
            Staff.objects.filter(pk=person.pk).update(user=user)
