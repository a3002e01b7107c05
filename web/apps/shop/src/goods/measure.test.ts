import { expect, test } from "vitest";

import { perMeasure } from "./measure";

test("a price by measure is rounded half up, as the server rounds", () => {
  expect(perMeasure(9900, { per: 100, content: 30 })).toBe(33000);
  expect(perMeasure(5, { per: 100, content: 1000 })).toBe(1);
  expect(perMeasure(1000, { per: 1, content: 3 })).toBe(333);
});
