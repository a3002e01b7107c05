import { expect, test } from "vitest";

import { merchantIn } from "./place";

test("the first part of the path names the merchant", () => {
  expect(merchantIn("/qinghe/live/0192")).toBe("qinghe");
  expect(merchantIn("/qinghe")).toBe("qinghe");
});

test("pages of the default merchant's shop are not merchants", () => {
  expect(["/", "/orders/1", "/live/0192", "/sign-in", "/Not-A-Slug"].map(merchantIn)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});
