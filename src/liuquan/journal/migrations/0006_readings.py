"""Who opened what, quickly: only openings stand in this index, so that no other act pays for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0005_witnessing")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX journal_readings ON journal_entry (effective_at, id) "
            "WHERE right(event, 7) = '_opened'",
            "DROP INDEX journal_readings",
        ),
    ]
