import { expect, test } from "vitest";

import { troubleOf } from "./useCamera";

const named = (name: string) => Object.assign(new Error(name), { name });

test("each way in which a browser gives no camera has its own words", () => {
  expect(troubleOf(named("NotAllowedError"))).toBe("refused");
  expect(troubleOf(named("NotFoundError"))).toBe("none");
  expect(troubleOf(named("OverconstrainedError"))).toBe("none");
  expect(troubleOf(named("NotReadableError"))).toBe("busy");
  expect(troubleOf(named("Strange"))).toBe("other");
  expect(troubleOf("no error at all")).toBe("other");
});
