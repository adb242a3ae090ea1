"""The indexes of mobile numbers go: nothing looks a party up by phone. The number stays, encrypted."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_verified")]
    operations = [
        migrations.RemoveConstraint(model_name="party", name="party_erased_means_empty"),
        migrations.RemoveIndex(model_name="party", name="party_phone"),
        migrations.RemoveField(model_name="party", name="phone_index"),
        migrations.RemoveField(model_name="party", name="phone_tail_index"),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    name_enc__isnull=True,
                    name_index__isnull=True,
                    id_enc__isnull=True,
                    id_index__isnull=True,
                    phone_enc__isnull=True,
                    name_masked="",
                    id_masked="",
                    phone_masked="",
                ),
                name="party_erased_means_empty",
            ),
        ),
    ]
