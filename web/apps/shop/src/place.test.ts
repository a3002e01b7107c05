import { beforeEach, expect, test } from "vitest";

import { betterStart, merchantIn, rememberMerchant } from "./place";

beforeEach(() => localStorage.clear());

test("the first part of the path names the merchant", () => {
  expect(merchantIn("/qinghe/live/0192")).toBe("qinghe");
  expect(merchantIn("/qinghe")).toBe("qinghe");
});

test("pages of the default merchant's shop are not merchants", () => {
  expect(["/", "/orders/1", "/live/0192", "/sign-in", "/Not-A-Slug"].map(merchantIn)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test("an installed shop starts at the merchant last visited", () => {
  expect(betterStart("/", true)).toBeUndefined();
  rememberMerchant("qinghe", true);
  expect(betterStart("/", true)).toBe("/qinghe/");
});

test("a tab starts where it was opened, and so does every other page", () => {
  rememberMerchant("qinghe", true);
  expect([betterStart("/", false), betterStart("/cart", true), betterStart("/other/", true)]).toEqual([undefined, undefined, undefined]);
});

test("a merchant that is not known is forgotten, another one stays", () => {
  rememberMerchant("qinghe", true);
  rememberMerchant("nobody", false);
  expect(betterStart("/", true)).toBe("/qinghe/");
  rememberMerchant("qinghe", false);
  expect(betterStart("/", true)).toBeUndefined();
});
