"""What is done with evidence: take it in, revise it, link it, ask for it, dispose of it."""
