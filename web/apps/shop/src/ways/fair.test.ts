// @vitest-environment node
import { expect, test } from "vitest";

import { agrees } from "./fair";

// Made by the server's `commitment("5eed", UUID(int=7), [300, 200])`.
const bargain = {
  id: "00000000-0000-0000-0000-000000000007", seed: "5eed", cuts: [300, 200], helps: [{ name: "A", cut: 300, at: "" }],
  commitment: "acb890739374998009e23dd6b7ca4e8c0f8cdda56de23aaeb12af9c8aaaa657f",
};

test("cuts that are those of the start agree with the checksum", async () => {
  expect(await agrees(bargain)).toBe(true);
});

test("a cut that was tilted, before or after, does not", async () => {
  expect(await agrees({ ...bargain, cuts: [200, 300] })).toBe(false);
  expect(await agrees({ ...bargain, helps: [{ name: "A", cut: 299, at: "" }] })).toBe(false);
});
