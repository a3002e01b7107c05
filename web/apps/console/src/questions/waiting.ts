/** How long a question waits, and when that is too long. */
export type Patience = "calm" | "soon" | "late";

export interface Waits {
  firstAt: string;
  soonAt: string;
  lateAt: string;
}

export function patience(question: Waits, now: number): Patience {
  if (now >= Date.parse(question.lateAt)) return "late";
  return now >= Date.parse(question.soonAt) ? "soon" : "calm";
}

/** Minutes and seconds as a clock shows them, hours where there are some. */
export function waited(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  return secondText(seconds);
}

/** A second of the programme as a clock shows it: 1:02:03. */
export function secondText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
