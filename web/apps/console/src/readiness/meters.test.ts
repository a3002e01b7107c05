import { expect, test } from "vitest";

import { clips, loudness, meterOf, microphoneOf, quantile, SILENCE, stabilityOf, uploadOf } from "./meters";

test("a full square wave is 0 dBFS, half of it 6 dB less, silence as quiet as it gets", () => {
  expect(loudness([1, -1, 1, -1])).toBeCloseTo(0);
  expect(loudness([0.5, -0.5])).toBeCloseTo(-6.02, 1);
  expect(loudness([0, 0])).toBe(SILENCE);
  expect(loudness([])).toBe(SILENCE);
});

test("overdriven samples are noticed", () => {
  expect([clips([0.2, -1]), clips([0.2, -0.98])]).toEqual([true, false]);
});

test("speech is what stands out, noise what stays", () => {
  const at = (level: number, clipped = false) => ({ level, clipped });
  const heard = microphoneOf([-60, -58, -61, -20].map((level) => at(level)), [at(-55), at(-22), at(-20), at(-18, true)]);
  expect(heard).toEqual({ level: -18, noise: -60, clipped: 0.25 });
});

test("jitter is how much the delay differs from one request to the next", () => {
  expect(stabilityOf([10, 10, 10, 10])).toEqual({ delay: 10, jitter: 0, lost: 0, tries: 4 });
  expect(stabilityOf([10, 30, null, 10])).toEqual({ delay: 10, jitter: 20, lost: 0.25, tries: 4 });
  expect(stabilityOf([null])).toEqual({ delay: 0, jitter: 0, lost: 1, tries: 1 });
});

test("speed is the middle of several tries, and the slowest is told", () => {
  expect(uploadOf([{ bytes: 1_000_000, ms: 1000 }, { bytes: 1_000_000, ms: 500 }, { bytes: 1_000_000, ms: 4000 }])).toEqual({ mbps: 8, least: 2 });
});

test("quantiles and the meter stay within bounds", () => {
  expect([quantile([], 0.5), quantile([3, 1, 2], 0.5), quantile([3, 1, 2], 1)]).toEqual([0, 2, 3]);
  expect([meterOf(-100), meterOf(-30), meterOf(3)]).toEqual([0, 0.5, 1]);
});
