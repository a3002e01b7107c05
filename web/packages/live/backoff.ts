/**
 * How long to wait before the nth try to come back (from 0), in milliseconds: a window that
 * doubles from 0.6 s to 15 s, and a random place in its upper part, so that ten thousand
 * viewers of a server that restarts do not knock at the same moment.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const window = Math.min(15_000, 600 * 2 ** Math.min(attempt, 10));
  return Math.round(window * (0.3 + 0.7 * random()));
}
