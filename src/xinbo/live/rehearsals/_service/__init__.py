"""Begin, play, judge and read rehearsals."""
