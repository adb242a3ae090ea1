"""Parties may join and leave a case; those of before are parties since its receipt."""

from django.db import migrations, models
from django.db.models import Q

#: The receipt as it was entered: a correction moves the moment of the case alone, not since when a body has it.
SINCE_RECEIPT = """
UPDATE casework_case_party p SET from_at = coalesce(
    (SELECT min(b.from_at) FROM casework_case_body b WHERE b.case_id = c.id), c.received_at)
FROM casework_case c WHERE c.id = p.case_id
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_materials")]
    operations = [
        migrations.AddField(
            model_name="caseparty",
            name="from_at",
            field=models.DateTimeField(null=True, verbose_name="起"),
        ),
        migrations.RunSQL(SINCE_RECEIPT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="caseparty",
            name="from_at",
            field=models.DateTimeField(verbose_name="起"),
        ),
        migrations.AddField(
            model_name="caseparty",
            name="to_at",
            field=models.DateTimeField(help_text="空：仍是当事人", null=True, verbose_name="止"),
        ),
        migrations.RemoveConstraint(model_name="caseparty", name="casework_party_once"),
        migrations.AddConstraint(
            model_name="caseparty",
            constraint=models.UniqueConstraint(
                condition=Q(to_at__isnull=True),
                fields=("case", "party", "role"),
                name="casework_party_once",
            ),
        ),
    ]
