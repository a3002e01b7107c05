"""Look whether a show may go on air, keep what its kit is worth, and let it go."""
