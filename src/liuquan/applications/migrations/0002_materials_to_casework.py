"""Received materials and what was applied for move to the case, the latter under its new purpose."""

from typing import Any

from django.db import migrations

from liuquan.kernel import secrecy

ROWS = 1000


def move_materials(apps: Any, _editor: Any) -> None:
    """The same rows in the same order."""
    old, new = apps.get_model("applications.ReceivedMaterial"), apps.get_model("casework.ReceivedMaterial")
    kept = (
        new(case_id=one.case_id, key=one.key, way=one.way, file=one.file, received_at=one.received_at)
        for one in old.objects.order_by("id").iterator(ROWS)
    )
    new.objects.bulk_create(kept, batch_size=ROWS)


def move_matters(apps: Any, _editor: Any) -> None:
    """The purpose is part of an encrypted value, so each is sealed again."""
    old, cases = apps.get_model("applications.Application"), apps.get_model("casework.Case")
    for case_id, matter in old.objects.filter(matter__isnull=False).values_list("case_id", "matter"):
        sealed = secrecy.resealed(bytes(matter), purpose="applications.matter", new_purpose="casework.matter")
        cases.objects.filter(pk=case_id).update(matter=sealed)


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_applications"), ("casework", "0008_materials")]
    operations = [
        migrations.RunPython(move_materials, migrations.RunPython.noop),
        migrations.RunPython(move_matters, migrations.RunPython.noop),
        migrations.DeleteModel(name="ReceivedMaterial"),
        migrations.RemoveField(model_name="application", name="matter"),
    ]
