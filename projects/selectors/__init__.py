"""Reads of projects and their people."""
