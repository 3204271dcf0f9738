"""Reads of the plan and the catalogue."""
