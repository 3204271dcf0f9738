"""What changes documents: one service an act."""
