import { expect, test } from "vitest";

import { csvText } from "./csv";

test("cells with commas and quotes come back whole, and no cell runs as a formula", () => {
  expect(csvText([["a,b", 'say "so"', -3], ["=1+1", "plain", 2]])).toBe('\ufeff"a,b","say ""so""",-3\r\n\'=1+1,plain,2\r\n');
});
