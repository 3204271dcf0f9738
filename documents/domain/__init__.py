"""Rules of documents, without Django."""
