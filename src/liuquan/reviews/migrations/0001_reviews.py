"""The tables of reviews; a review is never changed or deleted."""

import django.db.models.deletion
from django.db import migrations, models

NEVER_CHANGED = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON reviews_review FROM liuquan_app;
    END IF;
END $$;
CREATE FUNCTION reviews_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reviews are never changed or deleted' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER reviews_review_is_insert_only BEFORE UPDATE OR DELETE ON reviews_review
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_change();
"""
UNDONE = "DROP TRIGGER reviews_review_is_insert_only ON reviews_review; DROP FUNCTION reviews_refuse_change()"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0013_one_index_of_clocks_by_case"),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry", models.UUIDField(unique=True, verbose_name="日志编号")),
                (
                    "grade",
                    models.PositiveSmallIntegerField(help_text="5非常满意……1非常不满意", verbose_name="等级"),
                ),
                ("given_at", models.DateTimeField(help_text="UTC", verbose_name="评价时刻")),
            ],
            options={
                "verbose_name": "评价",
                "verbose_name_plural": "评价",
                "db_table": "reviews_review",
            },
        ),
        migrations.CreateModel(
            name="LocalLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, verbose_name="时限")),
                ("amount", models.PositiveIntegerField(verbose_name="数量")),
                ("unit", models.CharField(max_length=16, verbose_name="单位")),
                ("place", models.CharField(max_length=120, verbose_name="出处")),
                ("from_on", models.DateField(verbose_name="起")),
                ("source", models.CharField(max_length=80, verbose_name="来源")),
            ],
            options={
                "verbose_name": "整改时限",
                "verbose_name_plural": "整改时限",
                "db_table": "reviews_limit",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "from_on"), name="reviews_limit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="casework.case",
                        verbose_name="案件",
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectification",
                        to="reviews.review",
                        verbose_name="评价",
                    ),
                ),
            ],
            options={
                "verbose_name": "差评整改",
                "verbose_name_plural": "差评整改",
                "db_table": "reviews_rectification",
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry", models.UUIDField(unique=True, verbose_name="日志编号")),
                ("number", models.CharField(max_length=40, verbose_name="案件编号")),
                ("kind", models.CharField(max_length=40, verbose_name="案件类别")),
                ("event", models.CharField(max_length=80, verbose_name="服务事项")),
                ("label", models.CharField(max_length=80, verbose_name="服务事项名称")),
                ("body_code", models.CharField(max_length=32, verbose_name="机关代码")),
                ("body_name", models.CharField(max_length=200, verbose_name="机关名称")),
                ("happened_at", models.DateTimeField(help_text="UTC", verbose_name="发生时刻")),
            ],
            options={
                "verbose_name": "可评价的服务",
                "verbose_name_plural": "可评价的服务",
                "db_table": "reviews_service",
                "indexes": [
                    models.Index(fields=["number"], name="reviews_service_number"),
                    models.Index(fields=["body_code", "happened_at"], name="reviews_service_body"),
                ],
            },
        ),
        migrations.AddField(
            model_name="review",
            name="service",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="review",
                to="reviews.service",
                verbose_name="服务",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade__gte", 1), ("grade__lte", 5)), name="reviews_review_five_grades"
            ),
        ),
        migrations.RunSQL(NEVER_CHANGED, UNDONE),
    ]
