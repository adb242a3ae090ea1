"""The address for mail that a party gives, erased with everything else, and how far a mobile is known to be
the party's: of those registered before, a clerk saw the document of the verified ones. The grants cover the
new columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0002_verified"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="party",
            name="party_erased_means_empty",
        ),
        migrations.AddField(
            model_name="party",
            name="email_enc",
            field=models.BinaryField(
                help_text="本人登记，只用来发通知", null=True, verbose_name="电子邮箱（密文）"
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(
                        ("email_enc__isnull", True),
                        ("id_enc__isnull", True),
                        ("id_index__isnull", True),
                        ("id_masked", ""),
                        ("name_enc__isnull", True),
                        ("name_index__isnull", True),
                        ("name_masked", ""),
                        ("phone_enc__isnull", True),
                        ("phone_index__isnull", True),
                        ("phone_masked", ""),
                        ("phone_tail_index__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="party_erased_means_empty",
            ),
        ),
        migrations.AddField(
            model_name="party",
            name="phone_standing",
            field=models.CharField(
                choices=[
                    ("window", "窗口登记"),
                    ("claimed", "网上填写，没有疑问"),
                    ("doubtful", "有疑问"),
                ],
                default="claimed",
                help_text="有疑问的不发通知和验证码，到窗口登记后恢复",
                max_length=10,
                verbose_name="手机号码由来",
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(("phone_standing__in", ["window", "claimed", "doubtful"])),
                name="party_phone_standing_known",
            ),
        ),
        migrations.RunSQL(
            "UPDATE party SET phone_standing = 'window' WHERE verified_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
