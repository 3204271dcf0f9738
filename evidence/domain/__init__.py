"""Plain arithmetic of evidence: what a file may be called, how fresh proof is, which months it covers. No Django."""
