/** Amounts as people type them. */

/** Yuan typed into a field as fen; `null` where it is no amount. Full-width digits and commas are fine. */
export function toFen(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[,\s¥]/g, "");
  if (!/^\d{1,8}(\.\d{0,2})?$/.test(plain)) return null;
  return Math.round(Number(plain) * 100);
}

/** Fen as the text of a field: no separators, cents only where there are some. */
export function fromFen(minor: number): string {
  return minor % 100 === 0 ? String(minor / 100) : (minor / 100).toFixed(2);
}

/** A number of pieces typed into a field; `null` where it is none. */
export function toPieces(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
  return /^\d{1,7}$/.test(plain) ? Number(plain) : null;
}
