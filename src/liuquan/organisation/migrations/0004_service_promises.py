"""What each body promises in quality, attitude and time, from a day on."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import liuquan.organisation.models.ranges


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0003_days_of_bodies"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServicePromise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField(help_text="上海日期，当日起有效", verbose_name="起始日")),
                (
                    "to_on",
                    models.DateField(
                        help_text="上海日期，当日起不再有效；空为长期；等于起始日为从未生效",
                        null=True,
                        verbose_name="终止日",
                    ),
                ),
                (
                    "source",
                    models.CharField(help_text="数据包或者导入的名称", max_length=60, verbose_name="来源"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        help_text="UTC，数据库写入",
                        verbose_name="入库时刻",
                    ),
                ),
                ("quality", models.CharField(max_length=300, verbose_name="工作质量")),
                ("attitude", models.CharField(max_length=300, verbose_name="服务态度")),
                ("time", models.CharField(max_length=300, verbose_name="办事时效")),
                ("announced_by", models.CharField(help_text="文号", max_length=120, verbose_name="公布文件")),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="organisation.body",
                        verbose_name="机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务承诺",
                "verbose_name_plural": "服务承诺",
                "db_table": "service_promise",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("body"), "="),
                            (
                                liuquan.organisation.models.ranges.DateRange(
                                    models.F("from_on"), models.F("to_on"), models.Value("[)")
                                ),
                                "&&",
                            ),
                        ],
                        name="service_promise_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True), ("to_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="service_promise_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quality", ""), _negated=True),
                            models.Q(("attitude", ""), _negated=True),
                            models.Q(("time", ""), _negated=True),
                        ),
                        name="service_promise_says_all_three",
                    ),
                ],
            },
        ),
    ]
