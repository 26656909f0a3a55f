"""Every statement, and the warehouse that they run on."""

from sql.errors import (
    ANOTHER_LOAD_RUNS,
    REJECTED,
    WRONG_USE,
    DiskFull,
    FairlineError,
    FileRejected,
    LoadRunning,
    Stopped,
    TooLarge,
    TooSlow,
    WarehouseDamaged,
    WarehouseLocked,
    WarehouseUnreachable,
    WrongUse,
    nearest,
)
from sql.faults import fault_point
from sql.statements import grain, names, statement
from sql.turns import loading
from sql.warehouse import Warehouse

__all__ = [
    "ANOTHER_LOAD_RUNS",
    "REJECTED",
    "WRONG_USE",
    "DiskFull",
    "FairlineError",
    "FileRejected",
    "LoadRunning",
    "Stopped",
    "TooLarge",
    "TooSlow",
    "Warehouse",
    "WarehouseDamaged",
    "WarehouseLocked",
    "WarehouseUnreachable",
    "WrongUse",
    "fault_point",
    "grain",
    "loading",
    "names",
    "nearest",
    "statement",
]
