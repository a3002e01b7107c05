import type { Product, StageItem, Stock } from "@xinbo/api";

/** A variant as the buying sheet needs it, wherever it is bought. */
export interface BuyableSku {
  id: string;
  options: string[];
  price: number;
  listPrice: number;
  left: number;
  pictureUrl: string | null;
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
    skus: item.skus.map((sku) => ({ ...sku, left: left[sku.id] ?? sku.left })),
  };
}

/** A product of the shop, with what the general stock has left. */
export function fromProduct(product: Product, stock: readonly Stock[]): Buyable {
  const left = new Map(stock.map((each) => [each.skuId, each.left]));
  return {
    productId: product.id,
    title: product.title,
    subtitle: product.subtitle,
    unit: product.unit,
    optionNames: product.optionNames,
    pictures: product.pictures.map(({ url, alt }) => ({ url, alt })),
    skus: product.skus.map((sku) => ({ ...sku, listPrice: sku.price, left: left.get(sku.id) ?? 0 })),
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
