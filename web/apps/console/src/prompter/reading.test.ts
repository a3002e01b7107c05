import { expect, test } from "vitest";

import { linesOf, partsOf, secondsLeft, sized, SIZES } from "./reading";

test("empty lines are not read", () => {
  expect(linesOf(" a \n\n b")).toEqual(["a", "b"]);
});

test("forbidden words are marked, the longest first, as they are written", () => {
  expect(partsOf("a best, the very best (ever)", ["best", "very best", "(ever)"])).toEqual([
    { text: "a ", banned: false },
    { text: "best", banned: true },
    { text: ", the ", banned: false },
    { text: "very best", banned: true },
    { text: " ", banned: false },
    { text: "(ever)", banned: true },
  ]);
  expect(partsOf("plain", [])).toEqual([{ text: "plain", banned: false }]);
});

test("a cue runs over, and a rehearsal's clock runs faster", () => {
  const cue = { startedAt: "2026-11-11T12:00:00Z", minutes: 5 };
  const at = (seconds: number) => Date.parse(cue.startedAt) + seconds * 1000;
  expect(secondsLeft(cue, at(60), 1)).toBe(240);
  expect(secondsLeft(cue, at(60), 10)).toBe(-300);
  expect(secondsLeft(null, at(0), 1)).toBeNull();
  expect(secondsLeft({ startedAt: null, minutes: 5 }, at(0), 1)).toBeNull();
});

test("letters grow and shrink within what there is", () => {
  expect(sized(60, 1)).toBe(80);
  expect(sized(SIZES[0], -1)).toBe(SIZES[0]);
  expect(sized(104, 1)).toBe(104);
});
