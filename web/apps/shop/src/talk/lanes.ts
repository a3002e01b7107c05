/** Where a flying comment goes. All fly at one speed, so none ever catches up with another. */

/** Pixels a second. */
export const SPEED = 110;
/** Pixels between two comments of a lane. */
const GAP = 28;
/** What waited longer is out of date: it is left out, so that the queue never falls behind. */
export const PATIENCE_MS = 2500;
/** Comments that may wait; beyond it the least important go. */
export const MOST_WAITING = 40;

export interface Waiting<T> {
  item: T;
  since: number;
  /** What asks something, or is one's own, goes first and waits longest. */
  weight: number;
}

export class Lanes {
  private free: number[];

  constructor(count: number) {
    this.free = Array.from({ length: count }, () => 0);
  }

  /** Take the topmost lane whose last comment has come in whole; -1 if there is none. */
  place(now: number, width: number): number {
    const lane = this.free.findIndex((at) => at <= now);
    if (lane >= 0) this.free[lane] = now + ((width + GAP) / SPEED) * 1000;
    return lane;
  }

  /** Have another number of lanes, as after a turn of the phone or another density. */
  resize(count: number): void {
    this.free = Array.from({ length: count }, (_, lane) => this.free[lane] ?? 0);
  }
}

/** What is still worth showing, the most important first, then the newest wishes in their order. */
export function fresh<T>(queue: readonly Waiting<T>[], now: number): Waiting<T>[] {
  const alive = queue.filter(({ since, weight }) => now - since <= PATIENCE_MS * (1 + weight));
  return alive
    .sort((a, b) => b.weight - a.weight || a.since - b.since)
    .slice(0, MOST_WAITING);
}

/** Milliseconds that a comment flies over a picture so wide. */
export const flight = (picture: number, width: number): number => ((picture + width) / SPEED) * 1000;
