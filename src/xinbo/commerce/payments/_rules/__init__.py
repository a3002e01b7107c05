"""What holds of payments, as pure functions: their life, signatures, files of a day."""
