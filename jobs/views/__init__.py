"""Pages of jobs: one's own, and those of the installation."""
