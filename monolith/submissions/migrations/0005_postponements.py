"""Count postponed attempts apart; the version before leaves the column at its default."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0004_traceparent'),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='postponements',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
