"""Arithmetic of governance, without Django."""
