"""Word files as Markdown. A file may be hostile: a process with limits reads it."""
