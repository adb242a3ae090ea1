"""Whether a clerk ever saw the original document. The table's grants cover the new column."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="party",
            name="verified_at",
            field=models.DateTimeField(
                help_text="UTC，窗口当面核对证件原件的时刻；空为从未当面核验（网上登记）",
                null=True,
                verbose_name="核验时刻",
            ),
        ),
    ]
