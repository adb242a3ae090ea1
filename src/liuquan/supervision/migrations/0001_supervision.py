"""The tables of supervision."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import liuquan.kernel.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Explanation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="要求时刻")),
                (
                    "asked_by",
                    models.CharField(help_text="岗位代码", max_length=40, verbose_name="要求的岗位"),
                ),
                ("points", models.JSONField(default=list, verbose_name="要求说明的内容")),
                (
                    "answer_due_on",
                    models.DateField(help_text="最后一日，按工作日计算", verbose_name="答复期限"),
                ),
                ("text", models.BinaryField(help_text="加密", null=True, verbose_name="说明")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复时刻")),
                (
                    "answered_by",
                    models.CharField(
                        blank=True, help_text="岗位代码", max_length=40, verbose_name="答复的岗位"
                    ),
                ),
            ],
            options={
                "verbose_name": "情况说明",
                "verbose_name_plural": "情况说明",
                "db_table": "supervision_explanation",
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(help_text="公开编号", max_length=40, unique=True, verbose_name="编号"),
                ),
                ("rule", models.CharField(max_length=40, verbose_name="规则")),
                ("rule_version", models.PositiveSmallIntegerField(verbose_name="规则版本")),
                ("case_number", models.CharField(max_length=64, verbose_name="案件编号")),
                (
                    "key",
                    models.CharField(
                        help_text="案件中的哪一个期限或者哪一条记录",
                        max_length=120,
                        verbose_name="期限或者事件",
                    ),
                ),
                ("severity", models.CharField(max_length=8, verbose_name="牌别")),
                ("body_code", models.CharField(max_length=32, verbose_name="责任机关代码")),
                ("division_path", liuquan.kernel.fields.LtreeField(verbose_name="区划路径")),
                ("item_code", models.CharField(max_length=64, verbose_name="事项编码")),
                ("item_name", models.TextField(verbose_name="事项名称")),
                (
                    "since_at",
                    models.DateTimeField(help_text="规则的条件何时成立(UTC)", verbose_name="成立时刻"),
                ),
                ("found_at", models.DateTimeField(help_text="UTC", verbose_name="发现时刻")),
                (
                    "evidence",
                    models.JSONField(default=dict, help_text="规则选出的其他列", verbose_name="证据"),
                ),
                ("state", models.CharField(default="open", max_length=12, verbose_name="状态")),
                (
                    "settled_at",
                    models.DateTimeField(help_text="认定或者解除(UTC)", null=True, verbose_name="了结时刻"),
                ),
            ],
            options={
                "verbose_name": "监察发现",
                "verbose_name_plural": "监察发现",
                "db_table": "supervision_finding",
            },
        ),
        migrations.CreateModel(
            name="WatchMark",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, primary_key=True, serialize=False, verbose_name="编号"
                    ),
                ),
                ("xid", models.BigIntegerField(help_text="此前提交的记录都已看过", verbose_name="事务号")),
                ("looked_at", models.DateTimeField(verbose_name="看到的时刻")),
            ],
            options={
                "verbose_name": "监察水位",
                "verbose_name_plural": "监察水位",
                "db_table": "supervision_watch_mark",
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="supervision.finding",
                        verbose_name="监察发现",
                    ),
                ),
                ("ruling", models.CharField(max_length=12, verbose_name="认定")),
                ("ground", models.CharField(blank=True, max_length=24, verbose_name="免责事由")),
                ("note", models.BinaryField(help_text="加密", verbose_name="理由")),
                ("closed_at", models.DateTimeField(verbose_name="认定时刻")),
                (
                    "closed_by",
                    models.CharField(help_text="岗位代码", max_length=40, verbose_name="认定的岗位"),
                ),
            ],
            options={
                "verbose_name": "处置认定",
                "verbose_name_plural": "处置认定",
                "db_table": "supervision_verdict",
            },
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["state", "severity"], name="supervision_finding_pending"),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["body_code", "state"], name="supervision_finding_body"),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["case_number"], name="supervision_finding_case"),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["found_at"], name="supervision_finding_found"),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=django.contrib.postgres.indexes.GistIndex(
                fields=["division_path"], name="supervision_finding_path"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                fields=("rule", "case_number", "key"), name="supervision_finding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["yellow", "red"])), name="supervision_finding_severity"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "asked", "explained", "closed", "lifted"])),
                name="supervision_finding_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", False), ("state__in", ["closed", "lifted"])),
                    models.Q(("settled_at__isnull", True), ("state__in", ["open", "asked", "explained"])),
                    _connector="OR",
                ),
                name="supervision_finding_settled",
            ),
        ),
        migrations.AddField(
            model_name="explanation",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="explanations",
                to="supervision.finding",
                verbose_name="监察发现",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("id", 1)), name="supervision_watch_mark_one_row"
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("ruling__in", ["founded", "unfounded", "excused"])),
                name="supervision_verdict_ruling",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ruling", "excused"), models.Q(("ground", ""), _negated=True)),
                    models.Q(models.Q(("ruling", "excused"), _negated=True), ("ground", "")),
                    _connector="OR",
                ),
                name="supervision_verdict_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at__isnull", True)),
                fields=("finding",),
                name="supervision_one_open_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("answered_by", ""), ("text__isnull", True)),
                    models.Q(("answered_at__gte", models.F("asked_at")), ("text__isnull", False)),
                    _connector="OR",
                ),
                name="supervision_answer_is_whole",
            ),
        ),
    ]
