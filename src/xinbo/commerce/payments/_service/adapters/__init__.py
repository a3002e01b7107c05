"""The providers that move real money, each behind the port `Provider`.

Written after the vendors' documents that each module names, and run against a copy of their side
that the tests play with real keys. Their addresses are settings.
"""
