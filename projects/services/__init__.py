"""Every act on organizations, projects and their people."""
