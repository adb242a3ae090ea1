"""Counts are kept by kind of case. They are counted anew from the cases: what was summed over kinds cannot be
taken apart."""

from django.db import migrations, models

RECOUNT = """
DELETE FROM casework_count_delta;
DELETE FROM casework_count;
INSERT INTO casework_count (kind, body_code, subject_code, state, count)
SELECT {kind}, body_code, subject_code, state, count(*) FROM casework_case GROUP BY 1, 2, 3, 4;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_terms_digest")]

    # The new columns come first: they keep writers away until the recount is committed.
    operations = [
        *(
            migrations.AddField(
                model,
                "kind",
                models.CharField(default="", max_length=40, verbose_name="类别"),
                preserve_default=False,
            )
            for model in ("casecountdelta", "casecount")
        ),
        migrations.RemoveConstraint("casecount", "casework_count_once"),
        migrations.AddConstraint(
            "casecount",
            models.UniqueConstraint(
                fields=("kind", "body_code", "subject_code", "state"), name="casework_count_once"
            ),
        ),
        migrations.RunSQL(RECOUNT.format(kind="kind"), RECOUNT.format(kind="''")),
    ]
