import { expect, test } from "vitest";

import { levelOf } from "./levels";

test("the corners and the edges of the bands are where the server has them", () => {
  expect([levelOf(1, 1), levelOf(1, 5), levelOf(2, 5), levelOf(3, 5), levelOf(5, 5)]).toEqual(["low", "medium", "high", "extreme", "extreme"]);
});

test("a likelier risk is never in a lower band", () => {
  const order = ["low", "medium", "high", "extreme"];
  for (let impact = 1; impact <= 5; impact += 1) for (let probability = 2; probability <= 5; probability += 1) expect(order.indexOf(levelOf(probability, impact))).toBeGreaterThanOrEqual(order.indexOf(levelOf(probability - 1, impact)));
});
