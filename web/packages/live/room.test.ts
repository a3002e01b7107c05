import { Problem, type StageView } from "@xinbo/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { backoffMs } from "./backoff";
import { ServerClock } from "./clock";
import type { ServerMessage } from "./messages";
import { RoomClient, type RoomOptions, type RoomStatus } from "./room";

const START = new Date("2026-11-11T12:00:00Z").getTime();

class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 1;
  bufferedAmount = 0;
  sent: unknown[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
    this.onclose?.();
  }
  frame(...m: unknown[]) {
    this.onmessage?.({ data: JSON.stringify({ f: 1, at: Date.now() + 5000, m }) });
  }
  hello() {
    this.frame({ t: "hello", viewerId: "v", online: 1, likes: 0, chat: [], serverMs: Date.now() + 5000 });
  }
}

const stageOf = (seq: number) => ({ seq }) as StageView;
const last = () => FakeSocket.all.at(-1) as FakeSocket;
const settle = () => vi.advanceTimersByTimeAsync(0);

async function room(changes: Partial<RoomOptions> = {}) {
  const seen = { statuses: [] as RoomStatus[], stages: [] as number[], messages: [] as ServerMessage[], why: undefined as unknown };
  const client = new RoomClient({
    getTicket: vi.fn(() => Promise.resolve({ ticket: `t${FakeSocket.all.length}`, edgeUrl: "ws://shop.test:8100", expiresAt: new Date(Date.now() + 15 * 60_000).toISOString() })),
    getStage: vi.fn(() => Promise.resolve(stageOf(7))),
    beat: () => ({ watching: true, playing: true, positionMs: 1 }),
    onMessage: (message) => seen.messages.push(message),
    onStage: (stage) => seen.stages.push(stage.seq),
    onStatus: (status, why) => {
      seen.statuses.push(status);
      seen.why = why;
    },
    connect: (url) => new FakeSocket(url) as unknown as WebSocket,
    random: () => 0.5,
    ...changes,
  });
  client.start();
  await settle();
  return { client, seen };
}

beforeEach(() => {
  FakeSocket.all = [];
  vi.useFakeTimers({ now: START });
});
afterEach(() => vi.useRealTimers());

test("connects with the ticket and is open at the first frame", async () => {
  const { seen } = await room();
  expect(last().url).toBe("ws://shop.test:8100/room?ticket=t0");
  expect(seen.statuses).toEqual(["connecting"]);
  last().hello();
  expect(seen.statuses).toEqual(["connecting", "open"]);
});

test("frames set the server's clock", async () => {
  const { client } = await room();
  last().hello();
  expect(client.clock.now()).toBe(Date.now() + 5000);
});

test("a stage that is not newer than the known one is ignored", async () => {
  const { client, seen } = await room();
  last().hello();
  last().frame({ t: "stage", seq: 3 }, { t: "stage", seq: 2 }, { t: "stage", seq: 3 });
  client.takeStage(stageOf(4));
  client.takeStage(stageOf(2));
  expect(seen.stages).toEqual([3, 4]);
});

test("a fetched stage with the known seq counts, unless it was read earlier", async () => {
  const { client, seen } = await room();
  const read = (at: string) => client.takeStage({ seq: 4, at } as StageView);
  read("2026-11-11T12:00:05Z");
  read("2026-11-11T12:00:06Z");
  read("2026-11-11T12:00:05.5Z");
  expect(seen.stages).toEqual([4, 4]);
});

test("after a break it comes back by itself and fetches the stage again", async () => {
  const { seen } = await room();
  last().hello();
  last().frame({ t: "stage", seq: 3 });
  last().close();
  expect(seen.statuses.at(-1)).toBe("reconnecting");
  await vi.advanceTimersByTimeAsync(600);
  expect(FakeSocket.all).toHaveLength(2);
  last().hello();
  await settle();
  expect(seen.statuses.at(-1)).toBe("open");
  expect(seen.stages).toEqual([3, 7]);
});

test("a server that stays away is asked less and less often", async () => {
  const getTicket = vi.fn(() => Promise.reject(new Problem("ServerTrouble", 503)));
  await room({ getTicket });
  await vi.advanceTimersByTimeAsync(60_000);
  const tries = getTicket.mock.calls.length;
  expect(tries).toBeGreaterThan(5);
  expect(tries).toBeLessThan(14);
});

test("a refusal that waiting cannot mend ends it and says why", async () => {
  const { seen } = await room({ getTicket: () => Promise.reject(new Problem("ShowNotFound", 404)) });
  expect(seen.statuses.at(-1)).toBe("closed");
  expect((seen.why as Problem).type).toBe("ShowNotFound");
});

test("when the network returns it tries at once", async () => {
  await room();
  last().hello();
  last().close();
  globalThis.dispatchEvent(new Event("online"));
  await settle();
  expect(FakeSocket.all).toHaveLength(2);
});

test("it beats every ten seconds, and takes a line that swallows beats for dead", async () => {
  const { seen } = await room();
  last().hello();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(last().sent).toEqual([{ t: "beat", watching: true, playing: true, positionMs: 1 }]);
  last().bufferedAmount = 80;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen.statuses.at(-1)).toBe("reconnecting");
});

test("the ticket is renewed on the open socket", async () => {
  await room();
  last().hello();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(FakeSocket.all).toHaveLength(1);
  expect(last().sent).toContainEqual({ t: "ticket", ticket: "t1" });
});

test("a show that ended closes the room for good", async () => {
  const { seen } = await room();
  last().hello();
  last().frame({ t: "bye", reason: "ended" });
  last().close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen.statuses.at(-1)).toBe("closed");
  expect(FakeSocket.all).toHaveLength(1);
});

test("a connection that never says hello is given up", async () => {
  await room();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(FakeSocket.all.length).toBeGreaterThan(1);
});

test("a frame that is not JSON harms nothing", async () => {
  const { seen } = await room();
  last().hello();
  last().onmessage?.({ data: "{" });
  last().frame({ t: "likes", n: 4 });
  expect(seen.messages.at(-1)).toEqual({ t: "likes", n: 4 });
});

test("nothing is sent before the room is open", async () => {
  const { client } = await room();
  expect(client.send({ t: "like", n: 1 })).toBe(false);
});

test("waits grow to fifteen seconds and are never all the same", () => {
  expect(backoffMs(0, () => 0)).toBe(180);
  expect(backoffMs(0, () => 1)).toBe(600);
  expect(backoffMs(50, () => 1)).toBe(15_000);
});

test("of several samples the least delayed sets the clock", () => {
  let now = 1000;
  const clock = new ServerClock(() => now);
  clock.hear(6000);
  now = 2000;
  clock.hear(6300);
  expect(clock.offset).toBe(5000);
});
