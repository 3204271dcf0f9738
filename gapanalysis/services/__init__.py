"""What is done with assessments: load instruments, start, answer, decide, lock."""
