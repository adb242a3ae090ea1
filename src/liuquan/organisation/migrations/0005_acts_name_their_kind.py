"""Acts of mandates are named with their kind: what said `accept` allowed it in every kind of case."""

from django.db import migrations

_NAMED = """
UPDATE mandate SET actions = ARRAY(
    SELECT CASE
        WHEN act LIKE '%.%' THEN act
        WHEN act IN ('draft_item', 'publish_item', 'adjust_item', 'cancel_item') THEN 'catalogue.' || act
        WHEN act IN ('ask_explanation', 'explain_finding', 'close_finding', 'view', 'instruct', 'coordinate')
            THEN 'supervision.' || act
        ELSE 'application.' || act
    END FROM unnest(actions) WITH ORDINALITY AS given(act, place) ORDER BY place)
"""
_UNNAMED = """
UPDATE mandate SET actions = ARRAY(
    SELECT split_part(act, '.', 2) FROM unnest(actions) WITH ORDINALITY AS given(act, place) ORDER BY place)
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0004_service_promises")]
    operations = [migrations.RunSQL(_NAMED.replace("%", "%%"), _UNNAMED)]
