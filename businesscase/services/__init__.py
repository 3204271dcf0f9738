"""What is done to a business case. Every entry point goes through here."""
