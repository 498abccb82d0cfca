"""Add tables and a trigger on deletions; the version before doesn't use them, so both can run."""

import uuid

from django.db import migrations, models

# A deletion locks its account's checkpoint, made if there is none, until it is committed. So it
# comes before a move of the checkpoint, which then doesn't count the row, or after it. A trigger,
# since the version before deletes rows beside this one during a release.
_CREATE = """
CREATE FUNCTION submissions_submission_uncount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO submissions_accountcount AS checkpoint (account_id, count, counted_up_to)
    VALUES (OLD.account_id, 0, '00000000-0000-0000-0000-000000000000')
    ON CONFLICT (account_id) DO UPDATE SET count = checkpoint.count - 1
    WHERE checkpoint.counted_up_to >= OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER submissions_submission_uncount AFTER DELETE ON submissions_submission
FOR EACH ROW EXECUTE FUNCTION submissions_submission_uncount();
"""
_DROP = """
DROP TRIGGER submissions_submission_uncount ON submissions_submission;
DROP FUNCTION submissions_submission_uncount();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0002_objectremoval'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountCount',
            fields=[
                ('account_id', models.UUIDField(primary_key=True, serialize=False)),
                ('count', models.BigIntegerField(default=0)),
                ('counted_up_to', models.UUIDField(default=uuid.UUID(int=0))),
            ],
        ),
        migrations.CreateModel(
            name='HistoryPosition',
            fields=[
                ('listing', models.CharField(max_length=7, primary_key=True, serialize=False)),
                ('last', models.TextField()),
            ],
        ),
        migrations.RunSQL(_CREATE, _DROP),
    ]
