import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { LikeBatcher } from "./likes";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("many taps in a second become one message", () => {
  const send = vi.fn();
  const likes = new LikeBatcher(send);
  for (let tap = 0; tap < 7; tap++) likes.tap();
  vi.advanceTimersByTime(1000);
  expect(send.mock.calls).toEqual([[7]]);
  vi.advanceTimersByTime(5000);
  expect(send).toHaveBeenCalledTimes(1);
});

test("a second never carries more than twenty", () => {
  const send = vi.fn();
  const likes = new LikeBatcher(send);
  for (let tap = 0; tap < 90; tap++) likes.tap();
  likes.flush();
  expect(send.mock.calls).toEqual([[20]]);
});
