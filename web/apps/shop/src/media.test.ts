import { expect, test } from "vitest";

import { playbackUrl } from "./media";

const page = { protocol: "http:", hostname: "192.168.1.8" };

test("a whole address is played as it is", () => {
  expect(playbackUrl("https://cdn.test/a.m3u8", null, page)).toBe("https://cdn.test/a.m3u8");
});

test("a path is on the media engine that the server named, else on the page's own host", () => {
  expect(playbackUrl("/hls/a/live.m3u8", "http://media.test:9000/", page)).toBe("http://media.test:9000/hls/a/live.m3u8");
  expect(playbackUrl("/hls/a/live.m3u8", null, page)).toBe("http://192.168.1.8:8200/hls/a/live.m3u8");
});

test("no picture has no address", () => {
  expect(playbackUrl(null)).toBeNull();
});
