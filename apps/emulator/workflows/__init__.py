"""The sample workflows of the pretend Gallery: real work on the figures of a made-up company."""

from __future__ import annotations

from apps.emulator.workflow import Workflow
from apps.emulator.workflows.budget import BUDGET_CHECK
from apps.emulator.workflows.churn import CUSTOMER_CHURN
from apps.emulator.workflows.closing import MONTH_END_CLOSE
from apps.emulator.workflows.customers import CUSTOMER_LIST
from apps.emulator.workflows.forecast import DEMAND_FORECAST
from apps.emulator.workflows.invoices import INVOICE_MATCH
from apps.emulator.workflows.kpi_deck import KPI_DECK
from apps.emulator.workflows.people import ABSENCES, HEADCOUNT
from apps.emulator.workflows.prices import EXCHANGE_RATES, PRICE_LIST
from apps.emulator.workflows.regional_picture import REGIONAL_PICTURE
from apps.emulator.workflows.sales import SALES_EXTRACT, TRANSACTION_DUMP
from apps.emulator.workflows.stock import INVENTORY_AGEING
from apps.emulator.workflows.store_map import STORE_MAP
from apps.emulator.workflows.upkeep import CACHE_REFRESH, DATA_QUALITY

ALL: tuple[Workflow, ...] = (
    SALES_EXTRACT,
    CUSTOMER_CHURN,
    BUDGET_CHECK,
    INVENTORY_AGEING,
    MONTH_END_CLOSE,
    KPI_DECK,
    EXCHANGE_RATES,
    PRICE_LIST,
    CUSTOMER_LIST,
    REGIONAL_PICTURE,
    STORE_MAP,
    HEADCOUNT,
    DEMAND_FORECAST,
    INVOICE_MATCH,
    TRANSACTION_DUMP,
    DATA_QUALITY,
    CACHE_REFRESH,
    ABSENCES,
)
