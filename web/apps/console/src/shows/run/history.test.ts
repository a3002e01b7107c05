import { expect, test } from "vitest";

import { begin, redo, rest, step, undo } from "./history";

test("undo goes back through every step and redo forward again", () => {
  let history = begin(0);
  for (const n of [1, 2, 3]) history = step(history, n);
  history = undo(undo(history));
  expect(history.now).toBe(1);
  expect(redo(redo(redo(history))).now).toBe(3);
  expect(undo(undo(undo(history))).now).toBe(0);
});

test("a new step forgets what was undone", () => {
  const history = step(undo(step(step(begin(0), 1), 2)), 9);
  expect(redo(history).now).toBe(9);
  expect(undo(history).now).toBe(1);
});

test("typing about the same thing is one step, until there is a rest", () => {
  let history = step(step(step(begin(""), "a", "title"), "ab", "title"), "abc", "title");
  expect(undo(history).now).toBe("");
  history = step(rest(history), "abcd", "title");
  expect(undo(history).now).toBe("abc");
});

test("no change is no step, and history has an end", () => {
  const first = begin({});
  expect(step(first, first.now)).toBe(first);
  let history = begin(0);
  for (let n = 1; n <= 300; n += 1) history = step(history, n);
  expect(history.past.length).toBe(200);
});
