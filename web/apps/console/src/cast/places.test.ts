import { describe, expect, it } from "vitest";

import { layouts } from "./calls";
import { crop, MOST_SEEN, placesOf } from "./places";

const sizes = [[720, 1280], [1280, 720], [321, 181]] as const;

describe("the composed picture", () => {
  it("is the host's alone while no guest sends a picture, whatever the layout", () => {
    for (const layout of layouts) expect(placesOf(layout, 0, 720, 1280)).toEqual([{ x: 0, y: 0, width: 720, height: 1280, who: -1 }]);
  });

  it("is filled to the last pixel by whoever stands side by side, and nobody overlaps", () => {
    for (const layout of ["side_by_side", "guest_only"] as const) {
      for (const [width, height] of sizes) {
        for (const guests of [1, 2, 3]) {
          const places = placesOf(layout, guests, width, height);
          expect(places).toHaveLength(guests + (layout === "side_by_side" ? 1 : 0));
          expect(places.reduce((sum, each) => sum + each.width * each.height, 0)).toBe(width * height);
        }
      }
    }
  });

  it("stacks people in a tall picture and sets them in a row in a wide one", () => {
    expect(placesOf("side_by_side", 1, 720, 1280).map(({ y }) => y)).toEqual([0, 640]);
    expect(placesOf("side_by_side", 1, 1280, 720).map(({ x }) => x)).toEqual([0, 640]);
  });

  it("keeps a small guest within the picture, above the goods and clear of the next one", () => {
    for (const [width, height] of sizes) {
      const [host, ...guests] = placesOf("picture_in_picture", MOST_SEEN, width, height);
      expect(host).toEqual({ x: 0, y: 0, width, height, who: -1 });
      for (const [index, guest] of guests.entries()) {
        expect(guest.x).toBeGreaterThan(0);
        expect(guest.x + guest.width).toBeLessThanOrEqual(width);
        if (index > 0) expect(guest.y).toBeGreaterThanOrEqual((guests[index - 1]?.y ?? 0) + (guests[index - 1]?.height ?? 0));
      }
    }
  });

  it("shows three guests at most", () => {
    expect(placesOf("guest_only", 9, 720, 1280)).toHaveLength(MOST_SEEN);
  });

  it("fills a box with the middle of a picture, without bending it", () => {
    expect(crop({ width: 1280, height: 720 }, { width: 360, height: 720 })).toEqual({ x: 460, y: 0, width: 360, height: 720 });
    expect(crop({ width: 720, height: 1280 }, { width: 720, height: 640 })).toEqual({ x: 0, y: 320, width: 720, height: 640 });
  });
});
