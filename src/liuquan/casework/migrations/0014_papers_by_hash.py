"""A file that somebody brings is looked up among the papers by its hash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0013_one_index_of_clocks_by_case")]
    operations = [migrations.AddIndex("notice", models.Index(fields=["sha256"], name="casework_notice_hash"))]
