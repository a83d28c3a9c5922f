"""The sample workflows of the pretend Gallery: real work on the figures of a made-up company."""

from __future__ import annotations

from apps.emulator.workflow import Workflow
from apps.emulator.workflows.customers import CUSTOMER_LIST
from apps.emulator.workflows.prices import EXCHANGE_RATES, PRICE_LIST
from apps.emulator.workflows.sales import SALES_EXTRACT, TRANSACTION_DUMP

ALL: tuple[Workflow, ...] = (
    SALES_EXTRACT,
    EXCHANGE_RATES,
    PRICE_LIST,
    CUSTOMER_LIST,
    TRANSACTION_DUMP,
)
