"""The embedded server, really started, killed and shared."""

import pytest
from django.contrib.auth.models import User
from django.db import connection


@pytest.mark.django_db
def test_tests_run_as_the_application_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("liuquan_app",)
    User.objects.create(username="a")
    assert User.objects.count() == 1


def test_commits(committed_db: str) -> None:
    User.objects.create(username="a")
    assert User.objects.count() == 1
