import { expect, test } from "vitest";

import { begin, minuteOf, picture, showSeconds, wallSeconds, type Draft } from "./rules";
import type { Report } from "./types";

const draft: Draft = { size: "100", profile: "usual", pastShowId: "", speed: "60", autopilot: true, drills: { stock_out: "", host_absent: "30" } };

test("a draft becomes a command, in the order of the list", () => {
  expect(begin(draft)).toEqual({
    speed: 60,
    autopilot: true,
    audience: { size: 100, profile: "usual", pastShowId: null, seed: null },
    drills: [
      { kind: "stock_out", minute: null, productId: null },
      { kind: "host_absent", minute: 30, productId: null },
    ],
  });
});

test("what cannot be meant is no command", () => {
  for (const wrong of [{ size: "" }, { size: "-1" }, { size: "3001" }, { size: "1.5" }, { profile: "past" as const }, { drills: { stock_out: "soon" } }]) {
    expect(begin({ ...draft, ...wrong })).toBeNull();
  }
  expect(begin({ ...draft, profile: "past", pastShowId: "s1" })?.audience?.pastShowId).toBe("s1");
});

test("a minute is typed as a whole number, or not at all", () => {
  expect(minuteOf(" ")).toBeNull();
  expect(minuteOf("12")).toBe(12);
  expect(minuteOf("1441")).toBeUndefined();
});

test("the show's clock runs as fast as it was told, and stands when it is over", () => {
  const beganAt = "2026-11-11T12:00:00Z";
  expect(showSeconds({ beganAt, endedAt: null, speed: 60 }, Date.parse("2026-11-11T12:00:10Z"))).toBe(600);
  expect(showSeconds({ beganAt, endedAt: "2026-11-11T12:00:05Z", speed: 60 }, Date.parse("2026-11-11T13:00:00Z"))).toBe(300);
  expect(wallSeconds(120, 60)).toBe(120);
});

test("the picture holds every cue, game and drill inside its width", () => {
  const report = {
    rehearsal: { beganAt: "2026-11-11T12:00:00Z", endedAt: "2026-11-11T12:00:50Z", speed: 60, totalMinutes: 40 },
    cues: [
      { cueId: "a", title: "开场", dueMinute: 0, minutes: 20, startedMinute: 0 },
      { cueId: "b", title: "收尾", dueMinute: 20, minutes: 20, startedMinute: 25 },
      { cueId: "c", title: "没讲到", dueMinute: 40, minutes: 0, startedMinute: null },
    ],
    games: [{ runId: "g", title: "抽奖", startedMinute: 10, endedMinute: 15 }],
    drills: [
      { id: "d", kind: "stock_out", minute: 5, state: "handled", beganAt: "2026-11-11T12:00:05Z", closedAt: "2026-11-11T12:00:15Z" },
      { id: "e", kind: "host_absent", minute: 30, state: "planned", beganAt: null, closedAt: null },
    ],
  } as unknown as Report;
  const { minutes, rows } = picture(report, 0, (kind) => kind);
  expect(minutes).toBe(50);
  expect(rows.map(({ bars }) => bars.length)).toEqual([3, 2, 1, 1]);
  expect(rows[1]?.bars[0]).toMatchObject({ from: 0, to: 0.5 });
  expect(rows[3]?.bars[0]).toMatchObject({ from: 0.1, to: 0.3, tone: "handled" });
  for (const bar of rows.flatMap(({ bars }) => bars)) expect(bar.from >= 0 && bar.to <= 1 && bar.from <= bar.to).toBe(true);
});
