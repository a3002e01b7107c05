import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { h264First, WhipClient, type WhipState } from "./whip";

class Peer extends EventTarget {
  static made: Peer[] = [];
  iceGatheringState = "complete";
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  closed = false;
  preferred: unknown[] = [];
  constructor() {
    super();
    Peer.made.push(this);
  }
  addTransceiver(): unknown {
    return { setCodecPreferences: (codecs: unknown[]) => (this.preferred = codecs), sender: {} };
  }
  createOffer = () => Promise.resolve({ type: "offer", sdp: "v=0" });
  setLocalDescription = (offer: { sdp: string }) => Promise.resolve(void (this.localDescription = offer));
  setRemoteDescription = () => Promise.resolve();
  close = () => void (this.closed = true);
  become(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

const codecs = [
  { mimeType: "video/VP8" },
  { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=0;profile-level-id=42e01f" },
  { mimeType: "video/rtx" },
  { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=64001f" },
  { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=42e01f" },
];

const states: WhipState[] = [];
const stream = { getVideoTracks: () => [{}], getAudioTracks: () => [] } as unknown as MediaStream;
const answer = () => new Response("v=0 answer", { status: 201, headers: { Location: "/whip/one" } });

function publishing(send: (url: string, init: RequestInit) => Promise<Response>) {
  return new WhipClient({
    stream,
    getToken: () => Promise.resolve({ url: "http://media:8200/whip", token: "tok" }),
    onState: (state) => states.push(state),
    fetch: send,
    makePeer: () => new Peer() as unknown as RTCPeerConnection,
    random: () => 0,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  states.length = 0;
  Peer.made = [];
  vi.stubGlobal("RTCRtpSender", { getCapabilities: () => ({ codecs }) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const settle = () => vi.advanceTimersByTimeAsync(0);

test("H.264 in the profile of every phone comes first, and no other codec is offered", () => {
  expect(h264First(codecs).map(({ mimeType, sdpFmtpLine }) => sdpFmtpLine ?? mimeType)).toEqual([
    "packetization-mode=1;profile-level-id=42e01f",
    "packetization-mode=1;profile-level-id=64001f",
    "packetization-mode=0;profile-level-id=42e01f",
    "video/rtx",
  ]);
});

test("the offer goes out with the token, and the camera is live once the connection stands", async () => {
  const send = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(answer()));
  const client = publishing(send);
  client.start();
  await settle();
  expect(send.mock.calls[0]?.[0]).toBe("http://media:8200/whip");
  expect(send.mock.calls[0]?.[1]).toMatchObject({ method: "POST", body: "v=0", headers: { Authorization: "Bearer tok", "Content-Type": "application/sdp" } });
  Peer.made[0]?.become("connected");
  expect(states).toEqual(["connecting", "live"]);
});

test("stopping tells the server at the address that it named", async () => {
  const send = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(answer()));
  const client = publishing(send);
  client.start();
  await settle();
  await client.stop();
  expect(send).toHaveBeenLastCalledWith("http://media:8200/whip/one", expect.objectContaining({ method: "DELETE" }));
  expect(Peer.made[0]?.closed).toBe(true);
  expect(states.at(-1)).toBe("idle");
});

test("a lost connection is made again after a wait", async () => {
  const client = publishing(() => Promise.resolve(answer()));
  client.start();
  await settle();
  Peer.made[0]?.become("connected");
  Peer.made[0]?.become("failed");
  expect(states.at(-1)).toBe("reconnecting");
  await vi.advanceTimersByTimeAsync(1000);
  Peer.made[1]?.become("connected");
  expect(states.at(-1)).toBe("live");
});

test("a short stumble of the network is no break", async () => {
  const client = publishing(() => Promise.resolve(answer()));
  client.start();
  await settle();
  Peer.made[0]?.become("connected");
  Peer.made[0]?.become("disconnected");
  await vi.advanceTimersByTimeAsync(3000);
  Peer.made[0]?.become("connected");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(Peer.made).toHaveLength(1);
  expect(states.at(-1)).toBe("live");
});

test("a refusal is final and says why", async () => {
  const client = publishing(() => Promise.resolve(Response.json({ type: "AlreadyPublishing", status: 409 }, { status: 409 })));
  client.start();
  await settle();
  expect(states).toEqual(["connecting", "failed"]);
});

test("a browser without H.264 is told at once, before anything is sent", async () => {
  vi.stubGlobal("RTCRtpSender", { getCapabilities: () => ({ codecs: [{ mimeType: "video/VP8" }] }) });
  const send = vi.fn(() => Promise.resolve(answer()));
  publishing(send).start();
  await settle();
  expect(states.at(-1)).toBe("failed");
  expect(send).not.toHaveBeenCalled();
});
