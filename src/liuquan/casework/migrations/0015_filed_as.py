"""What a case is filed as now, where that is no longer what it was received as."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0014_papers_by_hash")]

    operations = [
        migrations.CreateModel(
            "FiledAs",
            [
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
                    "name",
                    models.CharField(help_text="收件以后更正的归类", max_length=200, verbose_name="名称"),
                ),
            ],
            options={
                "verbose_name": "案件更正后的归类",
                "verbose_name_plural": "案件更正后的归类",
                "db_table": "casework_filed_as",
            },
        )
    ]
