"""Forms and queries of project pages."""
