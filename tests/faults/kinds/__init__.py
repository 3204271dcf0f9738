"""An app of fault tests: kinds of jobs that misbehave, and places at which a process waits to be killed."""
