import { expect, test } from "vitest";

import { choicesOf, type PayMethod } from "./methods";

const methods: PayMethod[] = [
  { name: "alipay", sandbox: false, ways: ["wap", "page"] },
  { name: "wechatpay", sandbox: false, ways: ["wap", "qr", "jsapi"] },
  { name: "inside", sandbox: false, ways: ["jsapi"] },
  { name: "sandbox", sandbox: true, ways: ["here"] },
];
const ways = (phone: boolean) => Object.fromEntries(choicesOf(methods, phone).map(({ provider, way }) => [provider, way]));

test("a phone goes to mobile pages, a desk to pages and codes", () => {
  expect(ways(true)).toEqual({ alipay: "wap", wechatpay: "wap", sandbox: "here" });
  expect(ways(false)).toEqual({ alipay: "page", wechatpay: "qr", sandbox: "here" });
});
