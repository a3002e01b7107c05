/** A clock that a hidden tab does not slow down: pages' own timers are, workers' are not. */
self.onmessage = ({ data }: MessageEvent<number>) => setInterval(() => self.postMessage(0), data);
