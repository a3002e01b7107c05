import type Hls from "hls.js";

/** What the picture does, as a page shows it. */
export type PlayerState = "idle" | "loading" | "playing" | "paused" | "stalled" | "waiting" | "ended";

/** Figures of the moment; zero where the browser does not tell. */
export interface PlayerFigures {
  /** Behind the live edge. */
  latencyMs: number;
  bitrateKbps: number;
  height: number;
  droppedFrames: number;
  bufferedMs: number;
}

export interface PlayerOptions {
  live: boolean;
  onState: (state: PlayerState) => void;
  /** The browser refused sound without a gesture; the picture plays muted. */
  onMuted?: () => void;
}

const RETRY_MS = 2000;

/**
 * Plays an HLS address in a `<video>`: hls.js (loaded only when needed), or the browser's own
 * on iPhones. Recovers by itself from every error that time can mend, and keeps near the edge.
 */
export class Player {
  private hls: Hls | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private url: string | null = null;
  private recovered = 0;
  private readonly off: (() => void)[] = [];

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly options: PlayerOptions,
  ) {
    const on = (name: string, run: () => void) => {
      video.addEventListener(name, run);
      this.off.push(() => video.removeEventListener(name, run));
    };
    on("playing", () => options.onState("playing"));
    on("pause", () => !video.ended && options.onState("paused"));
    on("waiting", () => options.onState("stalled"));
    on("ended", () => options.onState("ended"));
    on("error", () => !this.hls && this.later());
  }

  /** Play this address; `null` takes the picture away. The same address again is a no-op. */
  async load(url: string | null): Promise<void> {
    if (url === this.url) return;
    this.unload();
    this.url = url;
    if (!url) return this.options.onState("idle");
    this.options.onState("loading");
    await this.attach(url);
  }

  /** Play, muted if the browser insists. */
  async play(): Promise<void> {
    try {
      await this.video.play();
    } catch {
      if (this.video.muted) return;
      this.video.muted = true;
      this.options.onMuted?.();
      await this.video.play().catch(() => this.options.onState("paused"));
    }
  }

  /** Go back to the live edge, as after a pause. */
  async toLive(): Promise<void> {
    const edge = this.hls?.liveSyncPosition;
    if (edge) this.video.currentTime = edge;
    else if (this.video.seekable.length > 0 && this.options.live) this.video.currentTime = this.video.seekable.end(this.video.seekable.length - 1);
    await this.play();
  }

  figures(): PlayerFigures {
    const { video, hls } = this;
    const quality = video.getVideoPlaybackQuality?.();
    const ahead = video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) - video.currentTime : 0;
    const level = hls && hls.currentLevel >= 0 ? hls.levels[hls.currentLevel] : undefined;
    return {
      latencyMs: Math.round((hls?.latency ?? 0) * 1000),
      bitrateKbps: Math.round((level?.bitrate ?? 0) / 1000),
      height: video.videoHeight,
      droppedFrames: quality?.droppedVideoFrames ?? 0,
      bufferedMs: Math.max(0, Math.round(ahead * 1000)),
    };
  }

  destroy(): void {
    this.unload();
    for (const off of this.off) off();
  }

  private async attach(url: string): Promise<void> {
    // Without media sources only the browser's own player can do it; hls.js need not even load.
    if (!("MediaSource" in globalThis) && !("ManagedMediaSource" in globalThis)) return this.native(url);
    const { default: Hls } = await import("hls.js/light");
    if (url !== this.url) return;
    if (!Hls.isSupported()) return this.native(url);
    const hls = new Hls({
      liveSyncDuration: 2,
      liveMaxLatencyDuration: 8,
      maxLiveSyncPlaybackRate: 1.1,
      backBufferLength: this.options.live ? 10 : 60,
      maxBufferLength: this.options.live ? 8 : 30,
      enableWorker: true,
      manifestLoadPolicy: { default: { maxTimeToFirstByteMs: 6000, maxLoadTimeMs: 10_000, timeoutRetry: null, errorRetry: null } },
    });
    this.hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => void this.play());
    hls.on(Hls.Events.FRAG_BUFFERED, () => (this.recovered = 0));
    hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (!fatal) return;
      if (type === Hls.ErrorTypes.MEDIA_ERROR && this.recovered++ < 2) hls.recoverMediaError();
      else this.later();
    });
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  private native(url: string): void {
    this.video.src = url;
    void this.play();
  }

  /** The stream is away for now: begin again in a moment, as often as it takes. */
  private later(): void {
    const url = this.url;
    if (!url) return;
    this.detach();
    this.options.onState("waiting");
    this.retry = setTimeout(() => url === this.url && void this.attach(url), RETRY_MS);
  }

  private detach(): void {
    clearTimeout(this.retry);
    this.hls?.destroy();
    this.hls = null;
  }

  private unload(): void {
    this.detach();
    this.url = null;
    if (this.video.hasAttribute("src")) {
      this.video.removeAttribute("src");
      this.video.load();
    }
  }
}
