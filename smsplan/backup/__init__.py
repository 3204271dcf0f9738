"""Backups: a folder with database, files and, last, a manifest. Without the manifest it is no backup."""
