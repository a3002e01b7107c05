"""How strangers see a name."""


def masked(name: str) -> str:
    """Show the first character of a name, and that there is more."""
    return f"{name[:1]}**"
