import { expect, test } from "vitest";

import { blank, copyOf, coverage, endOf, gaps, inOrder, insert, marked, moveTo, overlapping, pack, putOf, reorder, resizeTo, runOfPut, saysForbidden, snap, sumOf, without, type RunCue } from "./timeline";

const cue = (id: string, begin: number, minutes: number, part: Partial<RunCue> = {}): RunCue => ({ ...blank("product"), id, title: id, begin, minutes, ...part });
const three = [cue("a", 0, 5), cue("b", 5, 10), cue("c", 15, 5)];
const times = (run: readonly RunCue[]) => run.map(({ id, begin, minutes }) => `${id}${begin}+${minutes}`).join(" ");
/** Plans of all kinds, the same at each run of the tests. */
const many = Array.from({ length: 60 }, (_, seed) => Array.from({ length: 1 + (seed % 9) }, (_, at) => cue(`q${at}`, (seed * 37 + at * 53) % 200, 1 + ((seed * 7 + at * 11) % 40))));

test("a cue snaps to whole minutes between the start and the last one", () => {
  expect([snap(2.4), snap(2.5), snap(-3), snap(9999)]).toEqual([2, 3, 0, 1440]);
});

test("a moved cue stands where it was put and leaves the others alone", () => {
  expect(times(moveTo(three, "a", 20.2))).toBe("b5+10 c15+5 a20+5");
  for (const run of many) expect(moveTo(run, "q0", 77).filter(({ id }) => id !== "q0")).toEqual(inOrder(run.filter(({ id }) => id !== "q0")));
});

test("a resized cue is never shorter than a minute, and may push what follows", () => {
  expect(times(resizeTo(three, "b", 0))).toBe("a0+5 b5+1 c15+5");
  expect(times(resizeTo(three, "a", 8, true))).toBe("a0+8 b8+10 c18+5");
  expect(times(resizeTo(three, "gone", 8))).toBe(times(three));
});

test("overlaps are found on both sides, and ends may touch", () => {
  expect(overlapping(three).size).toBe(0);
  expect([...overlapping(moveTo(three, "c", 14))].sort()).toEqual(["b", "c"]);
});

test("closing up leaves no gap, no overlap and the same minutes", () => {
  for (const run of many) {
    const packed = pack(run);
    expect(overlapping(packed).size).toBe(0);
    expect(gaps(packed, 0)).toEqual([]);
    expect(sumOf(packed)).toBe(sumOf(run));
    expect(packed.map(({ id }) => id)).toEqual(inOrder(run).map(({ id }) => id));
  }
});

test("another place in the order closes up around the cue", () => {
  expect(times(reorder(three, "c", 0))).toBe("c0+5 a5+5 b10+10");
  expect(times(reorder(three, "a", 99))).toBe("b0+10 c10+5 a15+5");
});

test("a new cue comes after the chosen one and the later ones make room", () => {
  const { begin: _, ...fresh } = cue("n", 0, 4);
  expect(times(insert(three, fresh, "a"))).toBe("a0+5 n5+4 b9+10 c19+5");
  expect(times(insert(three, fresh, null))).toBe("a0+5 b5+10 c15+5 n20+4");
});

test("gaps are told up to the planned end", () => {
  expect(gaps([cue("a", 2, 3), cue("b", 10, 5)], 20)).toEqual([{ from: 0, to: 2 }, { from: 5, to: 10 }, { from: 15, to: 20 }]);
  expect(gaps([], 20)).toEqual([]);
  expect(gaps([cue("a", 0, 30)], 20)).toEqual([]);
});

test("deleting and copying leave other cues as they are", () => {
  expect(times(without(three, "b"))).toBe("a0+5 c15+5");
  expect(copyOf(three[0]!).id).not.toBe("a");
});

test("how long a hero is talked about counts product and promotion cues", () => {
  const run = [cue("a", 0, 5, { productIds: ["x"] }), cue("b", 5, 3, { kind: "promotion", productIds: ["x", "y"] }), cue("c", 8, 9, { kind: "break", productIds: ["y"] })];
  expect([...coverage(run, ["x", "y", "z"])]).toEqual([["x", 8], ["y", 3], ["z", 0]]);
});

test("forbidden words are marked whatever their case or width, the longest first", () => {
  expect(marked("全网最好的１００％天然", ["最好", "最好的", "100%"])).toEqual([
    { text: "全网", bad: false },
    { text: "最好的", bad: true },
    { text: "１００％", bad: true },
    { text: "天然", bad: false },
  ]);
  expect(marked("plain", [])).toEqual([{ text: "plain", bad: false }]);
  expect(marked("", ["x"])).toEqual([]);
  expect(saysForbidden(cue("第一名", 0, 1, { points: "THE BEST", forbidden: ["第一", "the best"] }))).toEqual(["第一", "THE BEST"]);
});

test("what is sent names the first of the goods to pin, and comes back as it was", () => {
  const run = [cue("a", 3, 5, { productIds: ["x", "y"], claims: [{ text: " soft ", evidence: "" }] })];
  const [put] = putOf(run);
  expect(put).toMatchObject({ startsMinute: 3, productId: "x", productIds: ["x", "y"], promotionId: null, claims: [{ text: "soft", evidence: "" }] });
  expect(endOf(runOfPut([put!])[0]!)).toBe(8);
  expect(putOf([{ ...run[0]!, pin: false }])[0]!.productId).toBeNull();
});

test("cues of a sheet without a time follow the one before", () => {
  const put = putOf(three).map((each) => ({ ...each, startsMinute: null }));
  expect(times(runOfPut(put))).toBe("a0+5 b5+10 c15+5");
});
