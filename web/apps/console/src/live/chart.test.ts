import { expect, test } from "vitest";

import { minutesOf, namedMarks, roundTop } from "./chart";

const point = (at: string, online: number, gmvPaid = 0) => ({ at: `2026-11-11T12:${at}Z`, online, orders: gmvPaid > 0 ? 1 : 0, gmvPaid, messages: 1 });

test("points are gathered by the minute: the most viewers, the sum of the sales", () => {
  const rows = minutesOf({ points: [point("00:10", 4, 9900), point("00:50", 9, 100), point("01:00", 2)] });
  expect(rows).toMatchObject([{ online: 9, gmvPaid: 10_000, orders: 2, messages: 2 }, { online: 2, gmvPaid: 0 }]);
});

test("a minute without points stands as an empty one", () => {
  expect(minutesOf({ points: [point("00:10", 4), point("02:10", 4)] })).toHaveLength(3);
  expect(minutesOf({ points: [] })).toEqual([]);
});

test("a pin that came with its cue is one mark, and unknown ids are none", () => {
  const marks = [
    { at: "2026-11-11T12:00:00Z", kind: "cue", label: "c1" },
    { at: "2026-11-11T12:00:00.500Z", kind: "pin", label: "p1" },
    { at: "2026-11-11T12:05:00Z", kind: "pin", label: "p1" },
    { at: "2026-11-11T12:06:00Z", kind: "pin", label: "gone" },
    { at: "2026-11-11T12:07:00Z", kind: "video", label: "live" },
  ];
  const names = new Map([["c1", "Story"], ["p1", "Cream"]]);
  expect(namedMarks(marks, names, (kind) => kind).map(({ text }) => text)).toEqual(["Story", "Cream", "video.live"]);
});

test("an axis ends at a round number above the highest value, in whole steps", () => {
  expect(roundTop(14, 4)).toEqual({ max: 15, step: 5 });
  expect(roundTop(0, 4)).toEqual({ max: 4, step: 1 });
  expect(roundTop(83_200, 10_000)).toEqual({ max: 100_000, step: 25_000 });
  for (const most of [1, 7, 99, 2318, 86_240_00]) expect(roundTop(most, 4).max).toBeGreaterThanOrEqual(most);
});
