"""Pure rules of games: kinds and states, draws anyone can check, packets, texts."""
