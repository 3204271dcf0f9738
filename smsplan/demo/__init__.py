"""The demo: a believable history, played through the services under a moved clock."""
