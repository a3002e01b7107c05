"""Services of the questions room."""
