"""What runs tell the layers above."""

from django.dispatch import Signal

# Sent after commit with ``run_id``; whoever listens reads the row.
run_ended = Signal()
