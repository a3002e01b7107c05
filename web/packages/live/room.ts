import { isProblem, Problem, type StageView } from "@xinbo/api";

import { backoffMs } from "./backoff";
import { ServerClock } from "./clock";
import { readFrame, type ClientMessage, type RoomTicket, type ServerMessage } from "./messages";

export type RoomStatus = "connecting" | "open" | "reconnecting" | "closed";

/** How a viewer watches, sent with each heartbeat. */
export interface Beat {
  watching: boolean;
  playing: boolean;
  positionMs: number;
}

/** What a room client needs from the page around it. */
export interface RoomOptions {
  getTicket: () => Promise<RoomTicket>;
  /** The whole stage, fetched again after every gap. */
  getStage: () => Promise<StageView>;
  beat: () => Beat;
  onMessage: (message: ServerMessage) => void;
  /** A stage from a frame, or fetched: then with what is left of each SKU; never older than the one before. */
  onStage: (stage: StageView, fetched: boolean) => void;
  onStatus: (status: RoomStatus, why?: unknown) => void;
  clock?: ServerClock;
  connect?: (url: string) => WebSocket;
  random?: () => number;
}

const BEAT_MS = 10_000;
const HELLO_WITHIN_MS = 10_000;
const REFRESH_AT_MOST_MS = 10 * 60_000;
const REFRESH_AT_LEAST_MS = 30_000;

/**
 * The client of one live room: connects with a ticket, hands out what comes, beats, renews
 * its ticket in-band, and after any break comes back by itself and catches up.
 */
export class RoomClient {
  readonly clock: ServerClock;
  private socket: WebSocket | null = null;
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private attempt = 0;
  private seq = -1;
  private stageAt = 0;
  private stopped = false;
  private wasOpen = false;
  private open = false;

  constructor(private readonly options: RoomOptions) {
    this.clock = options.clock ?? new ServerClock();
  }

  /** Begin; returns at once. */
  start(): void {
    globalThis.addEventListener?.("online", this.wake);
    globalThis.document?.addEventListener("visibilitychange", this.wake);
    this.options.onStatus("connecting");
    void this.connect();
  }

  /** Leave the room for good. */
  stop(why?: unknown): void {
    if (this.stopped) return;
    this.stopped = true;
    globalThis.removeEventListener?.("online", this.wake);
    globalThis.document?.removeEventListener("visibilitychange", this.wake);
    this.drop();
    this.options.onStatus("closed", why);
  }

  /** Send now; false when there is no open socket (nothing is queued: a late like is no like). */
  send(message: ClientMessage): boolean {
    if (!this.open || !this.socket || this.socket.readyState !== 1) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /**
   * Take in a stage that the page fetched itself; older ones than known are ignored. One with
   * the same seq is not: selling changes what is left without raising it.
   */
  takeStage(stage: StageView): void {
    if (stage.seq < this.seq) return;
    if (stage.seq === this.seq && Date.parse(stage.at) < this.stageAt) return;
    this.keepStage(stage, true);
  }

  private keepStage(stage: StageView, fetched: boolean): void {
    this.seq = stage.seq;
    this.stageAt = Date.parse(stage.at) || 0;
    this.options.onStage(stage, fetched);
  }

  /** Take in the whole stage afresh. */
  async catchUp(): Promise<void> {
    try {
      this.takeStage(await this.options.getStage());
    } catch {
      // The next frame with a stage, or the next reconnection, brings it.
    }
  }

  private async connect(): Promise<void> {
    try {
      const ticket = await this.options.getTicket();
      if (this.stopped) return;
      this.listen(this.makeSocket(ticket), ticket);
    } catch (error) {
      if (isProblem(error) && !error.passing) this.stop(error);
      else this.again();
    }
  }

  private makeSocket({ edgeUrl, ticket }: RoomTicket): WebSocket {
    const url = new URL(edgeUrl);
    if (!url.pathname.endsWith("/room")) url.pathname = url.pathname.replace(/\/?$/, "/room");
    url.searchParams.set("ticket", ticket);
    const make = this.options.connect ?? ((address: string) => new WebSocket(address));
    return make(url.href);
  }

  private listen(socket: WebSocket, ticket: RoomTicket): void {
    this.socket = socket;
    this.later("hello", HELLO_WITHIN_MS, () => this.lost());
    socket.onmessage = ({ data }) => {
      const frame = readFrame(data);
      if (!frame || socket !== this.socket) return;
      this.clock.hear(frame.at);
      for (const message of frame.m) this.take(message, ticket);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.lost();
    };
    socket.onerror = () => socket.close();
  }

  private take(message: ServerMessage, ticket: RoomTicket): void {
    if (message.t === "hello") this.opened(message.serverMs, ticket);
    if (message.t === "bye" && this.goodbye(message.reason)) return;
    if (message.t === "stage") {
      const { t: _, ...stage } = message;
      if (stage.seq > this.seq) this.keepStage(stage as StageView, false);
      return;
    }
    this.options.onMessage(message);
  }

  private opened(serverMs: number, ticket: RoomTicket): void {
    this.cancel("hello");
    this.clock.hear(serverMs);
    this.attempt = 0;
    this.open = true;
    this.options.onStatus("open");
    // Even at the first time: the stage may have moved between the page's fetch and this frame.
    if (this.wasOpen || this.seq >= 0) void this.catchUp();
    this.wasOpen = true;
    this.beatLater();
    this.refreshLater(ticket);
  }

  /** Returns true when the room is over for this client. */
  private goodbye(reason: string): boolean {
    if (reason === "ended") {
      this.stop(new Problem("ShowEnded", 410));
      return true;
    }
    if (reason === "limit") this.attempt = Math.max(this.attempt, 5);
    return false;
  }

  private beatLater(): void {
    this.later("beat", BEAT_MS, () => {
      // What was sent ten seconds ago and still waits in the buffer goes nowhere: the line is dead.
      if ((this.socket?.bufferedAmount ?? 0) > 0) return this.lost();
      this.send({ t: "beat", ...this.options.beat() });
      this.beatLater();
    });
  }

  private refreshLater(ticket: RoomTicket): void {
    const left = new Date(ticket.expiresAt).getTime() - this.clock.now();
    const wait = Math.min(REFRESH_AT_MOST_MS, Math.max(REFRESH_AT_LEAST_MS, left - 60_000));
    this.later("refresh", wait, () => void this.refresh());
  }

  private async refresh(): Promise<void> {
    try {
      const ticket = await this.options.getTicket();
      this.send({ t: "ticket", ticket: ticket.ticket });
      this.refreshLater(ticket);
    } catch (error) {
      if (isProblem(error) && !error.passing) this.stop(error);
      else this.later("refresh", REFRESH_AT_LEAST_MS, () => void this.refresh());
    }
  }

  private lost(): void {
    this.drop();
    this.again();
  }

  private again(): void {
    if (this.stopped) return;
    this.options.onStatus(this.wasOpen ? "reconnecting" : "connecting");
    this.later("again", backoffMs(this.attempt, this.options.random), () => void this.connect());
    this.attempt += 1;
  }

  /** The network or the page came back: try at once rather than sit out the wait. */
  private readonly wake = (): void => {
    if (globalThis.document?.visibilityState === "hidden" || !this.timers.has("again")) return;
    this.cancel("again");
    void this.connect();
  };

  private drop(): void {
    for (const name of [...this.timers.keys()]) this.cancel(name);
    this.open = false;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private later(name: string, ms: number, run: () => void): void {
    this.cancel(name);
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        run();
      }, ms),
    );
  }

  private cancel(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}
