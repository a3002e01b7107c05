import { expect, test } from "vitest";

import { patience, secondText, waited } from "./waiting";

const question = { firstAt: "2026-11-11T12:00:00Z", soonAt: "2026-11-11T12:02:00Z", lateAt: "2026-11-11T12:05:00Z" };
const at = (time: string) => Date.parse(`2026-11-11T${time}Z`);

test("a question that waits turns amber, then red", () => {
  expect(patience(question, at("12:01:59"))).toBe("calm");
  expect(patience(question, at("12:02:00"))).toBe("soon");
  expect(patience(question, at("12:05:00"))).toBe("late");
});

test("waiting is told as a clock does, and never below nought", () => {
  expect(waited(question.firstAt, at("12:03:07"))).toBe("3:07");
  expect(waited(question.firstAt, at("11:59:00"))).toBe("0:00");
  expect(secondText(3723)).toBe("1:02:03");
});
