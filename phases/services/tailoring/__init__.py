"""Cutting a plan to its provider, one module an act."""
