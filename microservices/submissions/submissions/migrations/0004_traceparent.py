"""Add the trace context of requested attempts, which the version before leaves empty."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0003_growth'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmessage',
            name='traceparent',
            field=models.CharField(max_length=55, null=True),
        ),
        migrations.AddField(
            model_name='submission',
            name='traceparent',
            field=models.CharField(max_length=55, null=True),
        ),
    ]
