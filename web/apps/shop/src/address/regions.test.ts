import { expect, test } from "vitest";

import { loadRegions } from "./regions";

test("names and codes of regions lead to each other", async () => {
  const regions = await loadRegions();
  const names = regions.names("330000", "330100", "330106");
  expect(names).toHaveLength(3);
  expect(regions.codes(names)).toEqual(["330000", "330100", "330106"]);
});

test("a region that is not known leaves the rest open", async () => {
  const regions = await loadRegions();
  expect(regions.codes(["Atlantis", "x", "y"])).toEqual(["", "", ""]);
});

test("every city has districts to choose from, or none to ask for", async () => {
  const regions = await loadRegions();
  expect(regions.provinces.length).toBeGreaterThan(30);
  expect(regions.cities("110000").length).toBeGreaterThan(0);
  expect(regions.districts("330100").length).toBeGreaterThan(5);
});
