import type { AskCheckout, OffersHere, Product, Special, StageItem } from "@xinbo/api";

/** A variant as the buying sheet needs it, wherever it is bought. */
export interface BuyableSku {
  id: string;
  options: string[];
  price: number;
  listPrice: number;
  left: number;
  pictureUrl: string | null;
  /** The offer that was chosen for it, where it is bought in a special way. */
  offerId?: string;
  /** What a piece's deposit is, of a pre-sale. */
  deposit?: number;
  /** Most pieces that this shopper may still take; no limit where it is not said. */
  most?: number | undefined;
}

/** A special way of buying that the shopper chose: in a group, with a deposit, at a bargained price. */
export interface Way {
  kind: "group_buy" | "presale" | "bargain";
  /** The group to join; without one a group is opened. */
  groupId?: string | undefined;
  /** The bargain whose price it is. */
  bargainId?: string | undefined;
}

/** A product as the buying sheet needs it: in a show at the show's price, else at the list price. */
export interface Buyable {
  productId: string;
  title: string;
  subtitle: string;
  unit: string;
  optionNames: string[];
  pictures: { url: string; alt: string }[];
  skus: BuyableSku[];
  /** Bought in a special way: alone, not from the bag, and without coupons or points. */
  way?: Way | undefined;
}

/** What an order says of the way that was chosen; `null` where it is bought plainly. */
export function chosenOf(item: Pick<Buyable, "way">, sku: Pick<BuyableSku, "offerId">): NonNullable<AskCheckout["chosen"]> | null {
  if (!item.way || !sku.offerId) return null;
  return { offerId: sku.offerId, groupId: item.way.groupId ?? null, bargainId: item.way.bargainId ?? null };
}

/** A product on a show's shelf, with the stock that the room's socket told last. */
export function fromStage(item: StageItem, left: Readonly<Record<string, number>> = {}, product?: Product): Buyable {
  const pictures = product?.pictures.map(({ url, alt }) => ({ url, alt })) ?? [];
  return {
    productId: item.productId,
    title: item.title,
    subtitle: item.subtitle,
    unit: item.unit,
    optionNames: item.optionNames,
    pictures: pictures.length > 0 ? pictures : item.pictureUrl ? [{ url: item.pictureUrl, alt: item.title }] : [],
    skus: item.skus.map((sku) => ({ ...sku, left: item.soldOut ? 0 : (left[sku.id] ?? sku.left) })),
  };
}

/** A product of the shop at what it costs this reader now; a variant that is not sold has nothing left. */
export function fromOffers(product: Product, here: Pick<OffersHere, "prices">): Buyable {
  const prices = new Map(here.prices.map((each) => [each.skuId, each]));
  return {
    ...about(product),
    skus: product.skus.map((sku) => {
      const now = prices.get(sku.id);
      const most = now && now.perPerson !== null ? Math.max(0, now.perPerson - now.taken) : undefined;
      return { ...sku, price: now?.price ?? sku.price, listPrice: sku.price, left: now?.left ?? 0, ...(most !== undefined && { most }) };
    }),
  };
}

/** A product bought in a special way: only the variants that can be, at what that costs; a bargain's price is its owner's. */
export function fromSpecials(product: Product, specials: readonly Special[], way: Way, price?: number): Buyable {
  const offers = new Map(specials.filter(({ kind }) => kind === way.kind).map((each) => [each.skuId, each]));
  return {
    ...about(product),
    way,
    skus: product.skus.flatMap((sku) => {
      const offer = offers.get(sku.id);
      if (!offer) return [];
      const most = way.kind === "bargain" ? 1 : (offer.perPerson ?? undefined);
      return [{ ...sku, offerId: offer.id, price: price ?? payable(offer), listPrice: sku.price, left: offer.left, ...("deposit" in offer.terms && { deposit: offer.terms.deposit }), ...(most !== undefined && { most }) }];
    }),
  };
}

/** What a special offer costs in all: a deposit that counts for more than itself makes the whole cheaper. */
export function payable({ price, terms }: Pick<Special, "price" | "terms">): number {
  return "deposit" in terms ? price - (terms.worth - terms.deposit) : price;
}

function about(product: Product): Omit<Buyable, "skus"> {
  return {
    productId: product.id,
    title: product.title,
    subtitle: product.subtitle,
    unit: product.unit,
    optionNames: product.optionNames,
    pictures: product.pictures.map(({ url, alt }) => ({ url, alt })),
  };
}

/** The variant to begin with: the first that can be bought, else the first. */
export function firstChoice(skus: readonly BuyableSku[]): BuyableSku | undefined {
  return skus.find(({ left }) => left > 0) ?? skus[0];
}

/** The lowest price of a product and whether others cost more. */
export function priceFrom(skus: readonly { price: number }[]): { price: number; more: boolean } {
  const prices = skus.map(({ price }) => price);
  const price = prices.length > 0 ? Math.min(...prices) : 0;
  return { price, more: prices.some((each) => each > price) };
}

/** What can be chosen at each option, given what is chosen at the others. */
export function optionChoices(item: Pick<Buyable, "optionNames" | "skus">, chosen: readonly string[]) {
  return item.optionNames.map((name, at) => {
    const values = [...new Set(item.skus.map(({ options }) => options[at] ?? ""))];
    return {
      name,
      values: values.map((value) => {
        const fits = item.skus.filter(({ options }) => options.every((option, other) => (other === at ? option === value : option === chosen[other])));
        return { value, chosen: chosen[at] === value, exists: fits.length > 0, soldOut: fits.every(({ left }) => left <= 0) };
      }),
    };
  });
}

/** The variant that has this value at one option and as many of the others as it can. */
export function skuWith(item: Pick<Buyable, "skus">, chosen: readonly string[], at: number, value: string): BuyableSku | undefined {
  const having = item.skus.filter(({ options }) => options[at] === value);
  const alike = ({ options }: BuyableSku) => options.filter((option, other) => option === chosen[other]).length;
  return [...having].sort((a, b) => alike(b) - alike(a) || Number(b.left > 0) - Number(a.left > 0))[0];
}
