"""Equal terms are told by a digest: counting a million deadlines again need not unpack each case's terms."""

from django.db import migrations, models
from django.db.models.functions import MD5, Cast


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_notice_series")]

    operations = [
        migrations.AddField(
            "case",
            "terms_digest",
            models.GeneratedField(
                db_persist=True,
                expression=MD5(Cast("terms", models.TextField())),
                help_text="MD5，只用来认出相同的条款，由数据库计算",
                output_field=models.CharField(max_length=32),
                verbose_name="条款摘要",
            ),
        ),
    ]
