/** Where host and guests stand in the composed picture. Pure, so that it can be tested without a canvas. */
import type { Layout } from "./calls";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Place extends Box {
  /** -1 is the host; else the guest's place in the list. */
  who: number;
}

/** More would be too small to see on a phone. */
export const MOST_SEEN = 3;
const GAP = 0.025;
const SMALL = 0.32;

/** Places of those who are seen, in the order in which they are drawn. `guests` is how many send a picture. */
export function placesOf(layout: Layout, guests: number, width: number, height: number): Place[] {
  const seen = Math.min(guests, MOST_SEEN);
  const whole = { x: 0, y: 0, width, height };
  const who = Array.from({ length: seen }, (_, index) => index);
  if (seen === 0 || layout === "host_only") return [{ ...whole, who: -1 }];
  if (layout === "picture_in_picture") return [{ ...whole, who: -1 }, ...who.map((each) => ({ ...small(each, width, height), who: each }))];
  return tiles(layout === "guest_only" ? who : [-1, ...who], width, height);
}

/** Rows in a tall picture, columns in a wide one; without seams, to the last pixel. */
function tiles(who: number[], width: number, height: number): Place[] {
  const tall = height >= width;
  const edge = (index: number) => Math.round(((tall ? height : width) * index) / who.length);
  return who.map((each, index) => {
    const [from, size] = [edge(index), edge(index + 1) - edge(index)];
    return tall ? { x: 0, y: from, width, height: size, who: each } : { x: from, y: 0, width: size, height, who: each };
  });
}

/** Small pictures stand in a column in the upper right: goods and chat are below. */
function small(index: number, width: number, height: number): Box {
  const side = Math.min(width, height);
  const [w, h] = height >= width ? [side * SMALL, side * SMALL * 1.25] : [side * SMALL * 1.25, side * SMALL];
  const gap = side * GAP;
  return { x: Math.round(width - w - gap), y: Math.round(gap * 2 + index * (h + gap)), width: Math.round(w), height: Math.round(h) };
}

/** The part of a picture that fills a box of another shape: the middle of it. */
export function crop(from: { width: number; height: number }, into: { width: number; height: number }): Box {
  const scale = Math.min(from.width / into.width, from.height / into.height);
  const [width, height] = [into.width * scale, into.height * scale];
  return { x: (from.width - width) / 2, y: (from.height - height) / 2, width, height };
}
