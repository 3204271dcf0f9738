"""What people fill in for a gap analysis."""
