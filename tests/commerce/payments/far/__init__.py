"""The providers' side, played with real keys: what they would say, and do with money."""
