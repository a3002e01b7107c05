import { expect, test } from "vitest";

import { createWords, preferredLocale } from ".";
import { clockText, moneyParts, momentText, phoneText } from "./format";

test("the kept locale wins over the browser's", () => {
  expect(preferredLocale(["en-GB"], "zh-Hant")).toBe("zh-Hant");
});

test("each Chinese reader gets the script they read", () => {
  expect(preferredLocale(["zh-TW"], null)).toBe("zh-Hant");
  expect(preferredLocale(["zh-HK", "en"], null)).toBe("zh-Hant");
  expect(preferredLocale(["zh-CN"], null)).toBe("zh-Hans");
  expect(preferredLocale(["fr-FR", "en-GB"], null)).toBe("en");
  expect(preferredLocale(["fr-FR"], null)).toBe("zh-Hans");
});

test("changing the locale loads its words and marks the document", async () => {
  const words = createWords({ "/m/en.json": () => Promise.resolve({ shop: { hello: "Hello {name}" } }) });
  await words.setLocale("en", false);
  const t = words.i18n.global.t as (key: string, facts?: object) => string;
  expect(t("shop.hello", { name: "Ann" })).toBe("Hello Ann");
  expect(t("ui.retry")).toBe("Try again");
  expect(document.documentElement.lang).toBe("en");
});

test("money is cut where the type size changes", () => {
  expect(moneyParts(129900, "CNY", "zh-Hans")).toEqual({ sign: "¥", whole: "1,299", cents: ".00" });
  expect(moneyParts(-505, "CNY", "en").sign).toBe("-¥");
});

test("clocks show hours only when there are some", () => {
  expect([clockText(9), clockText(249), clockText(3849), clockText(-1)]).toEqual(["00:09", "04:09", "1:04:09", "00:00"]);
});

test("a mainland number is read in three groups, and no other is touched", () => {
  expect(["+8613800000000", "13800000000", "138****0000", "+86 138 0000 0000"].map(phoneText)).toEqual(["138 0000 0000", "138 0000 0000", "138 **** 0000", "138 0000 0000"]);
  expect(["+85261234567", "+441632960001", "010-12345678", "1"].map(phoneText)).toEqual(["+85261234567", "+441632960001", "010-12345678", "1"]);
});

test("a moment of today is a time alone", () => {
  const now = new Date(2026, 10, 11, 20, 0).getTime();
  expect(momentText(new Date(2026, 10, 11, 12, 5).getTime(), "en", now)).toBe("12:05");
  expect(momentText(new Date(2026, 9, 1, 12, 5).getTime(), "en", now)).toContain("Oct");
});
