/** Where this page is: which merchant's shop, from the first part of the address. */

/** First parts of a path that are pages or the server's own, never a merchant. */
const TAKEN = new Set(["live", "replay", "products", "cart", "checkout", "orders", "flash", "groups", "bargains", "coupons", "sign-in", "me", "console", "api", "assets", "icons", "files", "media", "dev", "blobs", "healthz"]);

/** The merchant's slug in a path such as `/qinghe/live/…`; `undefined` for the default merchant. */
export function merchantIn(path: string): string | undefined {
  const first = path.split("/")[1] ?? "";
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(first) && !TAKEN.has(first) ? first : undefined;
}

/** The key under which the merchant last visited is kept. */
const KEPT = "xinbo.merchant";

/** Keep the merchant visited as the one where an installed shop starts; an unknown one is forgotten. */
export function rememberMerchant(slug: string, known: boolean): void {
  try {
    if (known) localStorage.setItem(KEPT, slug);
    else if (localStorage.getItem(KEPT) === slug) localStorage.removeItem(KEPT);
  } catch {
    // Storage may be refused in a private window: the shop then starts at the default merchant.
  }
}

/** Where an installed shop, whose start is always `/`, should rather begin: at the merchant last visited. */
export function betterStart(path: string, standalone: boolean): string | undefined {
  if (path !== "/" || !standalone) return undefined;
  try {
    const kept = merchantIn(`/${localStorage.getItem(KEPT) ?? ""}`);
    return kept && `/${kept}/`;
  } catch {
    return undefined;
  }
}

export const merchant = merchantIn(location.pathname);
/** What every route's path begins with. */
export const base = merchant ? `/${merchant}/` : "/";
