"""The clocks of a case were indexed twice: by the foreign key, and by name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_children")]
    operations = [migrations.RemoveIndex("deadline", "casework_deadline_case")]
