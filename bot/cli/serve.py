"""`bot serve`: the chat page and its API."""
def serve() -> None:
    """Serve the chat page."""
