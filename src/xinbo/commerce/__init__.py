"""Selling: what is for sale, how many are left, who bought what and how it was paid."""
