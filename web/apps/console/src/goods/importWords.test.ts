// @vitest-environment node
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { errorKey, partOf, stepOf } from "./importWords";

const at = (error: string) => ({ row: 2, column: "Price", value: "x", error });
const counts = { errorCount: 0, creates: 1, updates: 0 };

test("a known error has its own sentence, an unknown one a general sentence", () => {
  const known = (key: string) => key === "imports.errors.PriceNegative";
  expect(errorKey(at("PriceNegative"), known)).toBe("imports.errors.PriceNegative");
  expect(errorKey(at("MadeUp"), known)).toBe("imports.errors.other");
});

test("a checked file is ready, wrong, or has nothing to change", () => {
  expect(stepOf(null)).toBe("choose");
  expect(stepOf({ state: "checking", ...counts })).toBe("checking");
  expect(stepOf({ state: "checked", ...counts })).toBe("ready");
  expect(stepOf({ state: "checked", ...counts, errorCount: 3 })).toBe("bad");
  expect(stepOf({ state: "checked", ...counts, creates: 0 })).toBe("nothing");
  expect(stepOf({ state: "applied", ...counts })).toBe("applied");
});

test("progress is unknown until the rows are counted, and never more than whole", () => {
  expect(partOf({ rows: 0, done: 0 })).toBeUndefined();
  expect(partOf({ rows: 4, done: 1 })).toBe(0.25);
  expect(partOf({ rows: 4, done: 9 })).toBe(1);
});

test("every error that the server can name has words", () => {
  const folder = fileURLToPath(new URL("../../../../../src/xinbo/commerce/imports/", import.meta.url));
  const files = ["_rules/cells.py", "_service/planning.py", "_service/variants.py", "_service/grouping.py", "_service/reading.py"];
  const named = files.flatMap((file) => [...readFileSync(folder + file, "utf8").matchAll(/"((?:Sku|Handle|Title|Option|Options|Price|Stock|Status|Too|Product|Value|Formula)[A-Z]\w+)"/g)].map((match) => match[1] ?? ""));
  const words = (JSON.parse(readFileSync(fileURLToPath(new URL("../messages/zh-Hans.json", import.meta.url)), "utf8")) as { imports: { errors: Record<string, string> } }).imports.errors;
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((name) => !(name in words))).toEqual([]);
});
