/** Where the media engine is, seen from this page. */
const DEFAULT_PORT = 8200;

/** The address of a playlist: as it is when it is whole, else on the media engine. */
export function playbackUrl(path: string | null | undefined, mediaUrl?: string | null, page: { protocol: string; hostname: string } = location): string | null {
  if (!path) return null;
  if (/^https?:/.test(path)) return path;
  return (mediaUrl?.replace(/\/$/, "") ?? `${page.protocol}//${page.hostname}:${DEFAULT_PORT}`) + path;
}
