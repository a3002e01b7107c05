import type { Talk } from "@xinbo/api";
import { expect, test } from "vitest";

import { nextOf, timerOf } from "./clock";

const START = Date.parse("2026-11-11T12:00:00Z");
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const waiting = { waitingSince: at(0), dueAt: at(60) };

test.each([
  [10, "calm", "00:10"],
  [45, "soon", "00:45"],
  [61, "late", "01:01"],
])("after %i seconds the timer is %s", (seconds, tone, text) => {
  expect(timerOf(waiting, START + seconds * 1000)).toMatchObject({ tone, text });
});

test("nothing waits, no timer", () => {
  expect(timerOf({ waitingSince: null, dueAt: null }, START)).toBeNull();
});

test("the next to take waits longest and is nobody's", () => {
  const talk = (id: string, state: Talk["state"], seconds: number) => ({ id, state, waitingSince: at(seconds) }) as Talk;
  expect(nextOf([talk("new", "waiting", 9), talk("held", "taken", 0), talk("old", "waiting", 3)])?.id).toBe("old");
  expect(nextOf([talk("held", "taken", 0)])).toBeUndefined();
});
