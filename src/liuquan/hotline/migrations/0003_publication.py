"""Answers that anybody may read."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0013_one_index_of_clocks_by_case"),
        ("hotline", "0002_knowledge_and_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "question",
                    models.TextField(help_text="已隐去姓名、电话和证件号码", verbose_name="公开的问题"),
                ),
                (
                    "answer",
                    models.TextField(help_text="已隐去姓名、电话和证件号码", verbose_name="公开的答复"),
                ),
                ("class_code", models.CharField(max_length=24, verbose_name="分类代码")),
                ("class_name", models.CharField(max_length=40, verbose_name="分类")),
                ("division", models.CharField(max_length=12, verbose_name="区划代码")),
                ("body_name", models.CharField(max_length=200, verbose_name="答复单位")),
                ("received_at", models.DateTimeField(help_text="UTC", verbose_name="登记时刻")),
                ("published_at", models.DateTimeField(help_text="UTC", verbose_name="公开时刻")),
                ("withdrawn_at", models.DateTimeField(help_text="UTC", null=True, verbose_name="撤下时刻")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="casework.case", verbose_name="案件"
                    ),
                ),
            ],
            options={
                "verbose_name": "公开的答复",
                "verbose_name_plural": "公开的答复",
                "db_table": "hotline_publication",
                "indexes": [models.Index(fields=["-published_at"], name="hotline_publication_newest")],
            },
        ),
    ]
