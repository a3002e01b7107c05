/** What a question is about, and the way from a card to the form that it fills in. */
import type { TalkCard, TalkKind } from "@xinbo/api";

export const KINDS: readonly TalkKind[] = ["product", "order", "logistics", "other"];

/** What is most likely asked about where the sheet was opened. */
export const kindFor = (productId: string | null, orderId: string | null): TalkKind => (orderId ? "order" : productId ? "product" : "other");

/** The form of after-sales, filled in as the agent did. */
export function afterSalesPath({ orderId, position, quantity, asked, reason }: Pick<TalkCard, "orderId" | "position" | "quantity" | "asked" | "reason">): string {
  const query = new URLSearchParams({ line: String(position ?? 0), pieces: String(quantity ?? 1), ...(asked && { kind: asked }), ...(reason && { reason }) });
  return `/orders/${orderId ?? ""}/after-sales?${query.toString()}`;
}

export interface Filled {
  kind?: string;
  reason?: string;
  line?: number;
  pieces?: number;
}

/** Read such an address back; anything odd in it is left out. */
export function filled(query: Record<string, unknown>): Filled | undefined {
  const count = (value: unknown) => (typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : undefined);
  const [line, pieces] = [count(query.line), count(query.pieces)];
  if (line === undefined || pieces === undefined) return undefined;
  return { line, pieces, ...(typeof query.kind === "string" && { kind: query.kind }), ...(typeof query.reason === "string" && { reason: query.reason }) };
}
