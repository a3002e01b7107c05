/** What people do on pages, reported in small batches; never waits, never complains. */
import { newKey } from "@xinbo/api";

import { collect } from "./calls";

export type PageKind = "product.exposed" | "product.clicked" | "page.viewed" | "cart.added" | "checkout.begun";

export interface Behaviour {
  id: string;
  type: PageKind;
  at: string;
  showId: string | null;
  productId: string | null;
}

const EVERY_MS = 3000;
let waiting: Behaviour[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function track(type: PageKind, about: { showId?: string | null; productId?: string | null } = {}): void {
  waiting.push({ id: newKey(), type, at: new Date().toISOString(), showId: about.showId ?? null, productId: about.productId ?? null });
  timer ??= setTimeout(flush, EVERY_MS);
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  const events = waiting.splice(0, 100);
  waiting = waiting.slice(-100);
  if (events.length > 0) void report(events);
}

async function report(events: Behaviour[]): Promise<void> {
  try {
    await collect(events);
  } catch {
    // Figures may miss a little; what people do here must not wait for them.
  }
}

addEventListener("pagehide", flush);
addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
