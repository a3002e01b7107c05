import type { StageView } from "@xinbo/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope } from "vue";

import type { ServerMessage } from "./messages";
import { useRoom, type UseRoomOptions } from "./useRoom";

/** A socket whose other end is the test. */
class Line {
  static last: Line;
  readyState = 1;
  bufferedAmount = 0;
  onmessage: ((event: { data: string }) => void) | null = null;
  constructor() {
    Line.last = this;
  }
  send() {}
  close() {}
  say(...m: Partial<ServerMessage>[]) {
    this.onmessage?.({ data: JSON.stringify({ f: 1, at: Date.now(), m }) });
  }
}

const hello = (...ids: string[]) => ({ t: "hello" as const, viewerId: "v", by: "me", online: 3, likes: 9, chat: ids.map(said), serverMs: Date.now() });
const said = (id: string) => ({ t: "chat" as const, id, by: "x", name: "n", role: "shopper" as const, text: id, at: 1 });

async function inRoom(changes: Partial<UseRoomOptions> = {}) {
  const scope = effectScope();
  const room = scope.run(() =>
    useRoom({
      getTicket: () => Promise.resolve({ ticket: "t", edgeUrl: "ws://shop.test/room", expiresAt: new Date(Date.now() + 900_000).toISOString() }),
      getStage: () => Promise.resolve({ seq: 1 } as StageView),
      ...changes,
    }),
  );
  if (!room) throw new Error("no scope");
  room.client.start();
  await vi.advanceTimersByTimeAsync(0);
  return { ...room, scope };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Line);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a message that comes twice is shown once, and each one makes a new list", async () => {
  const { chat } = await inRoom();
  Line.last.say(hello("a"));
  const before = chat.value;
  Line.last.say(said("b"), said("b"));
  expect(chat.value.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(chat.value).not.toBe(before);
});

test("after a reconnection what was said meanwhile is added, and nothing doubled", async () => {
  const { chat } = await inRoom();
  Line.last.say(hello("a"));
  Line.last.say(said("b"));
  Line.last.say(hello("b", "c"));
  expect(chat.value.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("likes never run backwards", async () => {
  const { room } = await inRoom();
  Line.last.say(hello(), { t: "likes", n: 12 }, { t: "likes", n: 10 });
  expect(room.likes).toBe(12);
});

test("a page keeps the last two hundred messages", async () => {
  const { chat } = await inRoom();
  Line.last.say(hello());
  for (let n = 0; n < 230; n++) Line.last.say(said(String(n)));
  expect([chat.value.length, chat.value[0]?.id]).toEqual([200, "30"]);
});

test("a notice of who came goes away by itself", async () => {
  const { room } = await inRoom();
  Line.last.say(hello(), { t: "joins", names: ["a"], n: 1 });
  expect(room.joined?.names).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(4000);
  expect(room.joined).toBeNull();
});

test("refusals and orders reach the page", async () => {
  const onRefused = vi.fn();
  const onToast = vi.fn();
  await inRoom({ onRefused, onToast });
  Line.last.say(hello(), { t: "refused", of: "chat", type: "TooFast" }, { t: "toast", kind: "ordered", name: "", productId: "p", n: 1 });
  expect([onRefused.mock.calls.length, onToast.mock.calls.length]).toEqual([1, 1]);
});

test("what is left is counted afresh from a fetched stage, but not over what was told later", async () => {
  const { room, client } = await inRoom();
  const fetched = (at: number, left: number) => ({ seq: 1, at: new Date(at).toISOString(), items: [{ skus: [{ id: "a", left }, { id: "b", left: 5 }] }] }) as unknown as StageView;
  Line.last.say(hello(), { t: "stock", seq: 1, items: { a: 1 } });
  client.takeStage(fetched(Date.now() - 1000, 9));
  expect(room.left).toEqual({ a: 1, b: 5 });
  client.takeStage(fetched(Date.now() + 1000, 0));
  expect(room.left).toEqual({ a: 0, b: 5 });
});
