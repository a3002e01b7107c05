/**
 * The server's clock, as heard over the wire. A message is never early, so of the last
 * samples the one that arrived with the least delay, the largest difference, is the truest.
 */
export class ServerClock {
  private samples: number[] = [];

  constructor(
    private readonly localNow: () => number = Date.now,
    private readonly keep = 20,
  ) {}

  /** Take in what the server's clock said in a message that has just arrived. */
  hear(serverMs: number): void {
    if (!Number.isFinite(serverMs) || serverMs <= 0) return;
    this.samples.push(serverMs - this.localNow());
    if (this.samples.length > this.keep) this.samples.shift();
  }

  /** How far the server is ahead of this device, in milliseconds. */
  get offset(): number {
    return this.samples.length > 0 ? Math.max(...this.samples) : 0;
  }

  now(): number {
    return this.localNow() + this.offset;
  }
}
