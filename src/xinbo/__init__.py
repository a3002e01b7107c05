"""Xinbo: live commerce in which every promise is on record."""
