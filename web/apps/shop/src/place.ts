/** Where this page is: which merchant's shop, from the first part of the address. */

/** First parts of a path that are pages or the server's own, never a merchant. */
const TAKEN = new Set(["live", "replay", "products", "cart", "checkout", "orders", "sign-in", "me", "console", "api", "assets", "icons", "files", "media", "dev", "blobs", "healthz"]);

/** The merchant's slug in a path such as `/qinghe/live/…`; `undefined` for the default merchant. */
export function merchantIn(path: string): string | undefined {
  const first = path.split("/")[1] ?? "";
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(first) && !TAKEN.has(first) ? first : undefined;
}

export const merchant = merchantIn(location.pathname);
/** What every route's path begins with. */
export const base = merchant ? `/${merchant}/` : "/";
