"""The criteria of gates that this app computes or asks people for, one module a source."""
