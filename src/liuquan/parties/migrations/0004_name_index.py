from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_email"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["name_index"], name="party_name"),
        ),
    ]
