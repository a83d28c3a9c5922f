"""What a worker does to a run: one module per step, chosen by the run's state."""

from apps.runs.lifecycle.engine import advance_due, advance_one

__all__ = ["advance_due", "advance_one"]
