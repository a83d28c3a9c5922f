"""What people's pages tell the layers above."""

from django.dispatch import Signal

# Sent inside the deed's transaction with ``verb``, ``thing``, ``actor`` and ``facts``; the audit
# record listens.
done = Signal()
