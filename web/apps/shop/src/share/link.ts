import { base } from "@shop/place";

/** The whole address of a page of this shop, as friends need it. */
export function linkTo(path: string): string {
  return new URL(base + path.replace(/^\//, ""), location.origin).href;
}
