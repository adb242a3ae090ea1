"""Keep who signed a step together with the one who completed it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_guarantees")]
    operations = [
        migrations.AddField(
            model_name="assignment",
            name="second_by",
            field=models.BigIntegerField(
                help_text="现场核查的另一名工作人员，内部编号", null=True, verbose_name="共同完成人"
            ),
        )
    ]
