"""A material that may follow later is called 可以后补 everywhere; no stored value changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Only the words of the choices."""

    dependencies = [("catalogue", "0003_search_by_sound")]

    operations = [
        migrations.AlterField(
            model_name="requiredmaterial",
            name="necessity",
            field=models.CharField(
                choices=[("required", "必要"), ("optional", "非必要"), ("deferrable", "可以后补")],
                max_length=10,
                verbose_name="必要性",
            ),
        ),
    ]
