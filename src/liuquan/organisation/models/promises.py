"""What a body promises to everyone it serves, from a day on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from liuquan.organisation.models.places import Body
from liuquan.organisation.models.ranges import Dated, in_order, no_overlap


class ServicePromise(Dated):
    """服务承诺 (GUIDE-05): quality of the work, attitude and time together; a body has only one at a time."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="promises", verbose_name="机构")
    quality = models.CharField("工作质量", max_length=300)
    attitude = models.CharField("服务态度", max_length=300)
    time = models.CharField("办事时效", max_length=300)
    announced_by = models.CharField("公布文件", max_length=120, help_text="文号")

    class Meta:
        verbose_name = "服务承诺"
        verbose_name_plural = "服务承诺"
        db_table = "service_promise"
        constraints = [
            no_overlap("service_promise_one_at_a_time", "body"),
            in_order("service_promise_dates_in_order"),
            models.CheckConstraint(
                condition=~Q(quality="") & ~Q(attitude="") & ~Q(time=""),
                name="service_promise_says_all_three",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.announced_by}"
