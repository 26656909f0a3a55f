"""Exports in, warehouse: land, recognise, convert, stage, merge."""
