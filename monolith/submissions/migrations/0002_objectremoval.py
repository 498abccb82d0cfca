"""Add a table, which the version before doesn't use, so that both versions can run."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ObjectRemoval',
            fields=[
                ('submission_id', models.UUIDField(primary_key=True, serialize=False)),
                ('remove_after', models.DateTimeField(db_index=True)),
            ],
        ),
    ]
