/** Publishing a camera by WHIP (RFC 9725): one HTTP request carries the offer, WebRTC the pictures. */
import { Problem, problemOf } from "@xinbo/api";
import { backoffMs } from "@xinbo/live";

export type WhipState = "idle" | "connecting" | "live" | "reconnecting" | "failed";

/** What the browser says about what it sends. */
export interface WhipFigures {
  bitrateKbps: number;
  width: number;
  height: number;
  fps: number;
  rttMs: number | null;
}

export interface WhipOptions {
  stream: MediaStream;
  /** A fresh token and where to use it; asked for at every connection, since tokens are short-lived. */
  getToken: () => Promise<{ url: string; token: string }>;
  onState: (state: WhipState, why?: unknown) => void;
  maxBitrateKbps?: number;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  makePeer?: () => RTCPeerConnection;
  random?: () => number;
}

type Codec = { mimeType: string; sdpFmtpLine?: string };

const GATHER_MS = 2000;
const GRACE_MS = 4000;
const CONNECT_MS = 12_000;

/** H.264 first, in the profile that every phone decodes; what goes with it stays, other codecs leave. */
export function h264First<C extends Codec>(codecs: readonly C[]): C[] {
  const h264 = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === "video/h264");
  const rank = ({ sdpFmtpLine = "" }: C) => (sdpFmtpLine.includes("packetization-mode=1") ? 0 : 2) + (/profile-level-id=42e0/i.test(sdpFmtpLine) ? 0 : 1);
  const helpers = codecs.filter(({ mimeType }) => /^video\/(rtx|red|ulpfec)$/i.test(mimeType));
  return h264.length > 0 ? [...h264.sort((a, b) => rank(a) - rank(b)), ...helpers] : [];
}

/** Publishes one stream until told to stop; after a break comes back by itself. */
export class WhipClient {
  private peer: RTCPeerConnection | null = null;
  private resource: { url: string; token: string } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private run = 0;
  private before = { bytes: 0, at: 0 };
  private stream: MediaStream;
  private readonly send: (url: string, init: RequestInit) => Promise<Response>;

  constructor(private readonly options: WhipOptions) {
    this.stream = options.stream;
    this.send = options.fetch ?? ((url, init) => fetch(url, init));
  }

  /** Begin; the state tells how it goes. */
  start(): void {
    this.attempt = 0;
    this.options.onState("connecting");
    void this.connect(++this.run);
  }

  /** Stop for good, and tell the server so that viewers see it at once. */
  async stop(): Promise<void> {
    this.run += 1;
    this.options.onState("idle");
    await this.leave();
  }

  /** Send these tracks from now on; the connection, and so the programme, goes on. */
  async replace(stream: MediaStream): Promise<void> {
    this.stream = stream;
    for (const sender of this.peer?.getSenders() ?? []) {
      const track = stream.getTracks().find(({ kind }) => kind === sender.track?.kind);
      if (track && track !== sender.track) await sender.replaceTrack(track);
    }
  }

  async figures(): Promise<WhipFigures | null> {
    const report = await this.peer?.getStats();
    if (!report) return null;
    let sent: Record<string, unknown> | undefined;
    let rtt: number | null = null;
    report.forEach((each: Record<string, unknown>) => {
      if (each.type === "outbound-rtp" && each.kind === "video") sent = each;
      if (each.type === "remote-inbound-rtp" && typeof each.roundTripTime === "number") rtt = Math.round(each.roundTripTime * 1000);
    });
    if (!sent) return null;
    const [bytes, at] = [Number(sent.bytesSent ?? 0), Number(sent.timestamp ?? 0)];
    const kbps = this.before.at > 0 && at > this.before.at ? ((bytes - this.before.bytes) * 8) / (at - this.before.at) : 0;
    this.before = { bytes, at };
    return { bitrateKbps: Math.max(0, Math.round(kbps)), width: Number(sent.frameWidth ?? 0), height: Number(sent.frameHeight ?? 0), fps: Math.round(Number(sent.framesPerSecond ?? 0)), rttMs: rtt };
  }

  private async connect(run: number): Promise<void> {
    try {
      const peer = this.options.makePeer?.() ?? new RTCPeerConnection({ bundlePolicy: "max-bundle" });
      this.peer = peer;
      this.before = { bytes: 0, at: 0 };
      this.addTracks(peer);
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      const { url, token } = await this.options.getToken();
      if (run !== this.run) return peer.close();
      const answer = await this.post(url, token, peer.localDescription?.sdp ?? "");
      if (run !== this.run) return void this.leave();
      await peer.setRemoteDescription({ type: "answer", sdp: answer });
      this.watch(peer, run);
    } catch (error) {
      if (run === this.run) this.failed(error, run);
    }
  }

  private addTracks(peer: RTCPeerConnection): void {
    const { stream } = this;
    const { maxBitrateKbps = 2500 } = this.options;
    for (const track of stream.getVideoTracks()) {
      const transceiver = peer.addTransceiver(track, { direction: "sendonly", streams: [stream], sendEncodings: [{ maxBitrate: maxBitrateKbps * 1000, maxFramerate: 30 }] });
      const codecs = h264First(globalThis.RTCRtpSender?.getCapabilities?.("video")?.codecs ?? []);
      if (codecs.length === 0) throw new Problem("NoH264", 422);
      transceiver.setCodecPreferences?.(codecs);
      // A picture that changes its size in mid-show makes players start anew: rather fewer frames.
      const parameters = transceiver.sender.getParameters?.();
      if (parameters) void transceiver.sender.setParameters({ ...parameters, degradationPreference: "maintain-resolution" }).catch(() => undefined);
    }
    for (const track of stream.getAudioTracks()) peer.addTransceiver(track, { direction: "sendonly", streams: [stream] });
  }

  private async post(url: string, token: string, sdp: string): Promise<string> {
    let response: Response;
    try {
      response = await this.send(url, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/sdp" }, body: sdp });
    } catch {
      throw new Problem("MediaAway", 0);
    }
    if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null));
    const location = response.headers.get("Location");
    this.resource = location ? { url: new URL(location, url).href, token } : null;
    return response.text();
  }

  private watch(peer: RTCPeerConnection, run: number): void {
    const lost = () => run === this.run && this.failed(new Problem("ConnectionLost", 0), run);
    const changed = () => {
      if (run !== this.run || peer !== this.peer) return;
      clearTimeout(this.timer);
      if (peer.connectionState === "connected") {
        this.attempt = 0;
        this.options.onState("live");
      } else if (peer.connectionState === "failed" || peer.connectionState === "closed") lost();
      else this.timer = setTimeout(lost, peer.connectionState === "disconnected" ? GRACE_MS : CONNECT_MS);
    };
    peer.onconnectionstatechange = changed;
    changed();
  }

  private failed(error: unknown, run: number): void {
    void this.leave();
    const passing = error instanceof Problem && error.passing;
    // Someone else's picture, ours of a moment ago included, may need a moment to leave.
    const taken = error instanceof Problem && error.type === "AlreadyPublishing" && this.attempt > 0 && this.attempt < 6;
    if (!passing && !taken) return this.options.onState("failed", error);
    this.options.onState("reconnecting", error);
    this.timer = setTimeout(() => run === this.run && void this.connect(run), backoffMs(this.attempt, this.options.random));
    this.attempt += 1;
  }

  private async leave(): Promise<void> {
    clearTimeout(this.timer);
    const { peer, resource } = this;
    this.peer = null;
    this.resource = null;
    peer?.close();
    if (resource) await this.send(resource.url, { method: "DELETE", headers: { Authorization: `Bearer ${resource.token}` }, keepalive: true }).catch(() => undefined);
  }
}

/** Wait until the offer names every way to reach us, or for a moment: on one network all are known at once. */
function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    });
  });
}
