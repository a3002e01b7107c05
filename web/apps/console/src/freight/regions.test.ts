import { expect, test } from "vitest";

import { covers, loadProvinces, toggled } from "./regions";

test("every province has cities", async () => {
  const provinces = await loadProvinces();
  expect(provinces.length).toBeGreaterThan(30);
  expect(provinces.every(({ cities }) => cities.length > 0)).toBe(true);
});

test("a whole province takes the place of its cities", () => {
  const one = toggled([], ["浙江省", "杭州市"], true);
  expect(covers(one, ["浙江省", "杭州市"])).toBe(true);
  expect(covers(one, ["浙江省", "宁波市"])).toBe(false);
  const all = toggled(one, ["浙江省"], true);
  expect(all).toEqual([["浙江省"]]);
  expect(covers(all, ["浙江省", "宁波市"])).toBe(true);
  expect(toggled(all, ["浙江省"], false)).toEqual([]);
});
