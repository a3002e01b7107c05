/** What samples and times amount to: loudness, delay, jitter, speed. Pure. */

/** As quiet as it gets: digital silence has no logarithm. */
export const SILENCE = -100;

/** Loudness of samples of -1 to 1 in dBFS: root of the mean square. */
export function loudness(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at += 1) sum += (samples[at] ?? 0) ** 2;
  const root = Math.sqrt(sum / Math.max(1, samples.length));
  return root > 0 ? Math.max(SILENCE, 20 * Math.log10(root)) : SILENCE;
}

/** Whether the microphone is overdriven somewhere in these samples. */
export function clips(samples: ArrayLike<number>): boolean {
  for (let at = 0; at < samples.length; at += 1) if (Math.abs(samples[at] ?? 0) >= 0.99) return true;
  return false;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))] ?? 0;
}

export interface Heard {
  level: number;
  clipped: boolean;
}

/** Speech over noise: what stands out while somebody speaks, what stays while nobody does. */
export function microphoneOf(quiet: readonly Heard[], spoken: readonly Heard[]): { level: number; noise: number; clipped: number } {
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    level: round(quantile(spoken.map(({ level }) => level), 0.9)),
    noise: round(quantile(quiet.map(({ level }) => level), 0.3)),
    clipped: spoken.length ? spoken.filter(({ clipped }) => clipped).length / spoken.length : 0,
  };
}

/** Times there and back in milliseconds; null: lost. */
export function stabilityOf(times: readonly (number | null)[]): { delay: number; jitter: number; lost: number; tries: number } {
  const came = times.filter((time) => time !== null);
  const steps = came.slice(1).map((time, at) => Math.abs(time - (came[at] ?? time)));
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    delay: round(quantile(came, 0.5)),
    jitter: round(steps.reduce((sum, step) => sum + step, 0) / Math.max(1, steps.length)),
    lost: (times.length - came.length) / Math.max(1, times.length),
    tries: Math.max(1, times.length),
  };
}

/** Speeds in megabits a second, of several tries. */
export function uploadOf(tries: readonly { bytes: number; ms: number }[]): { mbps: number; least: number } {
  const speeds = tries.map(({ bytes, ms }) => (bytes * 8) / 1000 / Math.max(1, ms));
  const round = (value: number) => Math.round(value * 100) / 100;
  return { mbps: round(quantile(speeds, 0.5)), least: round(Math.min(...speeds)) };
}

/** How far a meter stands, 0 to 1: -60 dBFS and below is nothing. */
export const meterOf = (level: number): number => Math.min(1, Math.max(0, (level + 60) / 60));
