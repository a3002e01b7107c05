"""How a budget is cut into packets before anybody taps."""

from xinbo.live.games._rules.draw import below, digest, words


def split(budget: int, count: int, seed: bytes, run_id: str) -> list[int]:
    """Cut `budget` points into `count` packets of at least one: they sum to it exactly.

    Twice the mean (二倍均值): each packet takes from 1 to twice what is left a head, so that every
    packet expects the same whenever it is opened. Needs `budget` >= `count` >= 1.
    """
    chance = words(seed, digest(f"packets\n{run_id}"))
    packets: list[int] = []
    left = budget
    for heads in range(count, 1, -1):
        most = max(1, min(2 * left // heads - 1, left - (heads - 1)))
        packets.append(1 + below(most, chance))
        left -= packets[-1]
    return [*packets, left]
