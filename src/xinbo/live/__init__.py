"""The live room: the show, its video, its stage, its chat, and the sockets that carry it."""
