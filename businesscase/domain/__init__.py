"""The arithmetic of a business case. Pure: no database, no Django."""
