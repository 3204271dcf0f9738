"""What is done with jobs: ask for them, run them, cancel and retry them, and look after those left behind."""
