"""Materials received with an act, and what a case is about, belong to cases of every kind."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_counts_by_kind")]
    operations = [
        migrations.AddField(
            model_name="case",
            name="matter",
            field=models.BinaryField(help_text="当事人的原话，加密", null=True, verbose_name="所请求的事"),
        ),
        migrations.CreateModel(
            name="ReceivedMaterial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60, verbose_name="材料")),
                (
                    "way",
                    models.CharField(
                        help_text="window 窗口提交 / upload 上传", max_length=12, verbose_name="形式"
                    ),
                ),
                ("file", models.UUIDField(null=True, verbose_name="文件编号")),
                ("received_at", models.DateTimeField(verbose_name="收到时刻")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="casework.case", verbose_name="案件"
                    ),
                ),
            ],
            options={
                "verbose_name": "已收材料",
                "verbose_name_plural": "已收材料",
                "db_table": "casework_material",
                "indexes": [models.Index(fields=["case", "key"], name="casework_material_case")],
            },
        ),
    ]
