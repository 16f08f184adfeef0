"""The label is “Canceled”, as Americans spell it. The stored value stays `cancelled`."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('determinations', '0020_leases'),
    ]

    operations = [
        migrations.AlterField(
            model_name='importbatch',
            name='state',
            field=models.CharField(choices=[('running', 'Running'), ('paused', 'Paused'), ('cancelled', 'Canceled'), ('done', 'Done')], db_index=True, default='running', max_length=20),
        ),
        migrations.AlterField(
            model_name='importfile',
            name='result',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('new', 'New'), ('already_there', 'Already there'), ('superseding', 'New version'), ('needs_ocr', 'Needs OCR'), ('failed', 'Failed'), ('unpacked', 'Archive, unpacked'), ('cancelled', 'Canceled')], default='waiting', max_length=20),
        ),
    ]
