"""The criteria of gates that this app computes, one module a source."""
