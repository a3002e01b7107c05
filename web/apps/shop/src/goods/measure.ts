/** Prices by measure, counted in the browser where a price other than the list price is shown. */
import type { UnitPrice } from "@xinbo/api";

/** What a piece at `price` (fen) costs by measure, rounded half up, as the server rounds. */
export const perMeasure = (price: number, { per, content }: Pick<UnitPrice, "per" | "content">): number =>
  Math.floor((2 * price * per + content) / (2 * content));
