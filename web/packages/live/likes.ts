/** Likes are cheap for a thumb and dear for ten thousand: at most one message a second, of at most 20. */
export class LikeBatcher {
  private waiting = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly send: (n: number) => void,
    private readonly everyMs = 1000,
    private readonly most = 20,
  ) {}

  tap(): void {
    this.waiting = Math.min(this.most, this.waiting + 1);
    this.timer ??= setTimeout(() => this.flush(), this.everyMs);
  }

  /** Send what waits now, as when the page goes. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting > 0) this.send(this.waiting);
    this.waiting = 0;
  }
}
