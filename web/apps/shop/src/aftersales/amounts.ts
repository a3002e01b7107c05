/** Amounts as people type them. */

/** Yuan typed into a field as fen; `null` where it is no amount. */
export function fenOf(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[,\s\u00a5]/g, "");
  return /^\d{1,8}(\.\d{0,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

/** Fen as the text of a field: cents only where there are some. */
export function yuanOf(fen: number): string {
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2);
}
