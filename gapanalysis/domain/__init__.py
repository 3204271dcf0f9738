"""Plain arithmetic of the gap analysis: roll-up, ladders, what is asked, what follows. No Django."""
