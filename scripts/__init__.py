"""Commands for people who develop smsplan; nothing here runs in an installation."""
