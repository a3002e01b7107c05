/** What the server says about a product file, as keys of our words. */
import type { ProductImport, RowError } from "@console/types";

/** The key of an error's sentence; names that we have no words for get a general one. */
export function errorKey(error: RowError, known: (key: string) => boolean): string {
  const key = `imports.errors.${error.error}`;
  return known(key) ? key : "imports.errors.other";
}

export type Step = "choose" | "checking" | "bad" | "ready" | "nothing" | "applying" | "applied" | "failed";

/** Where an import stands, as a page shows it. */
export function stepOf(state: Pick<ProductImport, "state" | "errorCount" | "creates" | "updates"> | null): Step {
  if (!state) return "choose";
  if (state.state !== "checked") return state.state;
  if (state.errorCount > 0) return "bad";
  return state.creates + state.updates === 0 ? "nothing" : "ready";
}

/** How far it is, 0 to 1; `undefined` while the number of rows is not known. */
export function partOf({ rows, done }: Pick<ProductImport, "rows" | "done">): number | undefined {
  return rows > 0 ? Math.min(1, done / rows) : undefined;
}
