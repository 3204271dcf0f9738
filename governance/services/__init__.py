"""What changes governance: one service an act."""
