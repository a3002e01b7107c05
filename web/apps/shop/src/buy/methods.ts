/** Which ways to pay suit this device. */
import type { components } from "@xinbo/api";

export type PayMethod = components["schemas"]["Method"];
export type Way = components["schemas"]["Way"];

/** A provider, and how to come to its till from here. */
export interface Choice {
  provider: string;
  way: Way;
  sandbox: boolean;
}

const onPhone: Way[] = ["here", "wap", "page", "qr"];
const atDesk: Way[] = ["here", "page", "qr", "wap"];

/** One choice for each provider: on a phone its mobile page, at a desk its page or a code to scan. */
export function choicesOf(methods: readonly PayMethod[], phone: boolean): Choice[] {
  return methods.flatMap(({ name, sandbox, ways }) => {
    const way = (phone ? onPhone : atDesk).find((each) => ways.includes(each));
    return way ? [{ provider: name, way, sandbox }] : [];
  });
}
