/** What the forms of sending work out by themselves. */
import type { OrderLine } from "@xinbo/api";

import type { TrackKind } from "./calls";

/** Pieces of a line that still have to be sent. */
export const leftOf = (line: Pick<OrderLine, "quantity" | "shipped" | "withdrawn">) => line.quantity - line.shipped - line.withdrawn;

/** A tracking number as carriers write it: capitals, without gaps or full-width characters. */
export const canonical = (number: string) => number.normalize("NFKC").replace(/[\s\-_.]+/g, "").toUpperCase();

/** Whether it can be a number at all, and whether it looks like one of that carrier's. */
export function judge(number: string, pattern: string | undefined): "empty" | "wrong" | "odd" | "fine" {
  const plain = canonical(number);
  if (plain === "") return "empty";
  if (!/^[0-9A-Z]{5,40}$/.test(plain)) return "wrong";
  return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(plain) ? "fine" : "odd";
}

const tones: Partial<Record<TrackKind, "plain" | "jade" | "amber" | "red">> = { delivered: "plain", exception: "amber", refused: "red", returning: "red", returned: "red", lost: "red" };
/** The soft colour of where a parcel stands; words stand beside it always. */
export const trackTone = (kind: TrackKind) => tones[kind] ?? "jade";
