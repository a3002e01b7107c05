import { expect, test } from "vitest";

import { keyTarget, moved } from "./reorder";

test("a thing moves to its new place and the others keep their order", () => {
  expect(moved(["a", "b", "c", "d"], 0, 2)).toEqual(["b", "c", "a", "d"]);
  expect(moved(["a", "b", "c", "d"], 3, 1)).toEqual(["a", "d", "b", "c"]);
});

test("a place beyond the ends is the end, and an unknown thing moves nothing", () => {
  expect(moved(["a", "b"], 0, 9)).toEqual(["b", "a"]);
  expect(moved(["a", "b"], 1, -4)).toEqual(["b", "a"]);
  expect(moved(["a", "b"], 7, 0)).toEqual(["a", "b"]);
});

test("arrows move by one, Home and End to the ends, other keys do nothing", () => {
  expect(keyTarget("ArrowUp", 2, 4)).toBe(1);
  expect(keyTarget("ArrowUp", 0, 4)).toBe(0);
  expect(keyTarget("ArrowDown", 3, 4)).toBe(3);
  expect(keyTarget("Home", 3, 4)).toBe(0);
  expect(keyTarget("End", 0, 4)).toBe(3);
  expect(keyTarget("Enter", 0, 4)).toBeNull();
});
