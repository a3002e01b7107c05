/** In which band of the 5 × 5 matrix a risk lies; the bands are the server's own. */
export type Level = "low" | "medium" | "high" | "extreme";

const FROM: readonly [score: number, level: Level][] = [
  [15, "extreme"],
  [8, "high"],
  [4, "medium"],
  [0, "low"],
];

export function levelOf(probability: number, impact: number): Level {
  return FROM.find(([score]) => probability * impact >= score)?.[1] ?? "low";
}

export const TONES = { low: "plain", medium: "jade", high: "amber", extreme: "red" } as const;
