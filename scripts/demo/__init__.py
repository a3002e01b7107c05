"""Drawings from which the demo shop's pictures and clip are made."""
