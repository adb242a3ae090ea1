"""The ciphertext of a private part may be renewed under another key, by the owner of the tables alone.

The entry and the salt stay untouchable, and the commitment in the entry shows that the text is the same. The
application still has no right to update the table.
"""

from django.db import migrations

RENEWED = """
DROP TRIGGER journal_private_is_never_rewritten ON journal_private;
CREATE TRIGGER journal_private_is_never_rewritten BEFORE UPDATE OF entry_id, salt ON journal_private
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
"""
AGAIN = RENEWED.replace(" OF entry_id, salt", "")


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_log")]
    operations = [migrations.RunSQL(RENEWED, AGAIN)]
