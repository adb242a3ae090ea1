"""Asking, answering and judging of findings are acts of a kind of case; opening files is a power of its own."""

from django.db import migrations

_NAMED = """
UPDATE mandate m SET actions = ARRAY(
    SELECT coalesce(new.act, given.act) FROM unnest(m.actions) WITH ORDINALITY AS given(act, place)
    LEFT JOIN (VALUES ('supervision.ask_explanation', 1, 'disposal.ask'),
        ('supervision.ask_explanation', 2, 'disposal.ask_again'),
        ('supervision.ask_explanation', 3, 'casework.examine'),
        ('supervision.close_finding', 1, 'disposal.judge'),
        ('supervision.close_finding', 2, 'disposal.order_correction'),
        ('supervision.explain_finding', 1, 'disposal.explain'),
        ('supervision.explain_finding', 2, 'disposal.report_correction')
    ) AS new(old, turn, act) ON new.old = given.act
    ORDER BY given.place, new.turn)
"""
_UNNAMED = """
UPDATE mandate m SET actions = ARRAY(
    SELECT coalesce(old.act, given.act) FROM unnest(m.actions) WITH ORDINALITY AS given(act, place)
    LEFT JOIN (VALUES ('disposal.ask', 'supervision.ask_explanation'),
        ('disposal.judge', 'supervision.close_finding'), ('disposal.explain', 'supervision.explain_finding')
    ) AS old(new, act) ON old.new = given.act
    WHERE given.act NOT IN ('disposal.ask_again', 'casework.examine', 'disposal.order_correction',
        'disposal.report_correction')
    ORDER BY given.place)
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0005_acts_name_their_kind")]
    operations = [migrations.RunSQL(_NAMED, _UNNAMED)]
