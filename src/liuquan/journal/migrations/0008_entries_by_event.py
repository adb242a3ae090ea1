"""Entries of one event in a time: figures of a month, and rules over everything, ask for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0007_witness_keys")]
    operations = [
        migrations.AddIndex(
            "journalentry", models.Index(fields=["event", "effective_at"], name="journal_entry_event")
        )
    ]
