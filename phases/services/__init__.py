"""Every act on catalogues and plans."""
