import type { OffersHere, PriceHere, Special } from "@xinbo/api";

/** The terms of a group, a pre-sale and a bargain, told apart by what they say. */
export type GroupOffer = Special & { terms: Extract<Special["terms"], { size: number }> };
export type PresaleOffer = Special & { terms: Extract<Special["terms"], { deposit: number }> };
export type BargainOffer = Special & { terms: Extract<Special["terms"], { floor: number }> };

const cheapest = <T extends { price: number; left: number }>(all: readonly T[]): T | undefined =>
  [...all].sort((a, b) => Number(b.left > 0) - Number(a.left > 0) || a.price - b.price)[0];

/** The price that a product's page leads with: the lowest of what can be bought, and whether others cost more. */
export function leadPrice(here: Pick<OffersHere, "prices">): { lead: PriceHere | undefined; more: boolean } {
  const lead = cheapest(here.prices);
  return { lead, more: here.prices.some(({ price }) => price > (lead?.price ?? price)) };
}

/** Special offers of a product by kind; of each the one to lead with comes first. */
export function waysOf(here: Pick<OffersHere, "specials">) {
  const of = <T extends Special>(has: (offer: Special) => offer is T) =>
    here.specials.filter(has).sort((a, b) => Number(b.left > 0) - Number(a.left > 0) || a.price - b.price);
  return {
    groups: of((offer): offer is GroupOffer => "size" in offer.terms),
    presales: of((offer): offer is PresaleOffer => "deposit" in offer.terms),
    bargains: of((offer): offer is BargainOffer => "floor" in offer.terms),
  };
}

/** How many hours or whole days a span is, as people say it. */
export function spanOf(hours: number): { unit: "hours" | "days"; n: number } {
  return hours % 24 === 0 && hours > 24 ? { unit: "days", n: hours / 24 } : { unit: "hours", n: hours };
}
