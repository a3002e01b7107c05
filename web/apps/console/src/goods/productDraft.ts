/** A product while it is edited: variants as rows, options as columns. */
import { newKey, type Attribute, type Product } from "@xinbo/api";

import { fromFen, toFen, toPieces } from "@console/amounts";
import type { ProductStatus, PutProduct } from "@console/types";

export interface VariantDraft {
  key: string;
  id: string | null;
  code: string;
  options: string[];
  price: string;
  barcode: string;
  pictureId: string;
  /** Pieces on hand as typed; empty leaves them as they are. */
  stock: string;
  /** What it weighs when it is sent. */
  grams: string;
  /** Its own net content; empty = the product's. */
  content: string;
}
export interface ProductDraft {
  handle: string;
  title: string;
  subtitle: string;
  description: string;
  unit: string;
  status: ProductStatus;
  optionNames: string[];
  skus: VariantDraft[];
  categoryId: string;
  brand: string;
  /** As typed, by key. */
  attributes: Record<string, string>;
  /** What the category asks for; none known yet = leave all as it is. */
  asked: readonly Attribute[];
  content: string;
  contentUnit: string;
}

export const emptyVariant = (options: number): VariantDraft => ({ key: newKey(), id: null, code: "", options: Array.from({ length: options }, () => ""), price: "", barcode: "", pictureId: "", stock: "", grams: "", content: "" });

export function productDraft(product: Product | null, unit: string, asked: readonly Attribute[] = []): ProductDraft {
  if (!product) return { handle: "", title: "", subtitle: "", description: "", unit, status: "draft", optionNames: [], skus: [emptyVariant(0)], categoryId: "", brand: "", attributes: {}, asked: [], content: "", contentUnit: "" };
  const { handle, title, subtitle, description, status, optionNames, skus } = product;
  return {
    handle, title, subtitle, description, status, unit: product.unit,
    optionNames: [...optionNames],
    skus: skus.map((sku) => ({ key: sku.id, id: sku.id, code: sku.code, options: [...sku.options], price: fromFen(sku.price), barcode: sku.barcode, pictureId: sku.pictureId ?? "", stock: "", grams: sku.grams ? String(sku.grams) : "", content: String(sku.content ?? "") })),
    categoryId: product.categoryId ?? "", brand: product.brand, attributes: Object.fromEntries(Object.entries(product.attributes).map(([key, value]) => [key, String(value)])),
    asked, content: String(product.content ?? ""), contentUnit: product.contentUnit ?? "",
  };
}

/** Add an option such as “colour”: every variant gets a place for its value. */
export function withOption(draft: ProductDraft): ProductDraft {
  return { ...draft, optionNames: [...draft.optionNames, ""], skus: draft.skus.map((sku) => ({ ...sku, options: [...sku.options, ""] })) };
}
export function withoutOption(draft: ProductDraft, at: number): ProductDraft {
  const less = <T>(list: T[]) => list.filter((_, place) => place !== at);
  return { ...draft, optionNames: less(draft.optionNames), skus: draft.skus.map((sku) => ({ ...sku, options: less(sku.options) })) };
}

/** What is wrong, by field: `title`, `unit`, `option:1`, `sku:0:price`; the value names its sentence under `product.faults`. */
export function productFaults(draft: ProductDraft): Map<string, string> {
  const faults = new Map<string, string>();
  if (!draft.title.trim()) faults.set("title", "titleMissing");
  if (!draft.unit.trim()) faults.set("unit", "unitMissing");
  draft.optionNames.forEach((name, at) => {
    if (!name.trim()) faults.set(`option:${at}`, "optionMissing");
    else if (draft.optionNames.indexOf(name) < at) faults.set(`option:${at}`, "optionTwice");
  });
  const codes = draft.skus.map(({ code }) => code.trim());
  const kinds = draft.skus.map(({ options }) => JSON.stringify(options.map((value) => value.trim())));
  draft.skus.forEach((sku, at) => {
    const code = codes[at] ?? "";
    if (!code) faults.set(`sku:${at}:code`, "codeMissing");
    else if (!/^\S+( \S+)*$/.test(code)) faults.set(`sku:${at}:code`, "codeSpaces");
    else if (codes.indexOf(code) < at) faults.set(`sku:${at}:code`, "codeTwice");
    if (toFen(sku.price) === null) faults.set(`sku:${at}:price`, "price");
    if (sku.stock.trim() && toPieces(sku.stock) === null) faults.set(`sku:${at}:stock`, "stock");
    if (sku.options.some((value) => !value.trim())) faults.set(`sku:${at}:options`, "valueMissing");
    else if (kinds.indexOf(kinds[at] ?? "") < at) faults.set(`sku:${at}:options`, "variantTwice");
    if (!whole(sku.grams)) faults.set(`sku:${at}:grams`, "whole");
    if (!whole(sku.content) || (sku.content.trim() && !draft.contentUnit)) faults.set(`sku:${at}:content`, "content");
  });
  if (!whole(draft.content) || Boolean(draft.content.trim()) !== Boolean(draft.contentUnit)) faults.set("content", "content");
  for (const { key, kind, required } of draft.asked) {
    const said = draft.attributes[key]?.trim() ?? "";
    if (required && !said && kind !== "bool") faults.set(`attribute:${key}`, "attributeMissing");
    else if (kind === "number" && said && !Number.isFinite(Number(said))) faults.set(`attribute:${key}`, "notANumber");
  }
  return faults;
}

/** Whether a cell is empty or a whole number from 1 on. */
const whole = (text: string) => /^([1-9]\d{0,6})?$/.test(text.trim());
const orNull = (text: string) => (text.trim() ? Number(text) : null);

/** What is said, by the category's own kinds; what it does not ask for any more is left out. */
function attributesOf({ attributes, asked }: ProductDraft): PutProduct["attributes"] & object {
  const found: Record<string, string | number | boolean> = {};
  for (const { key, kind, required } of asked) {
    const said = attributes[key]?.trim() ?? "";
    if (kind === "bool") {
      if (said || required) found[key] = said === "true";
    } else if (said) found[key] = kind === "number" ? Number(said) : said;
  }
  return found;
}

export function putProductOf(draft: ProductDraft): PutProduct {
  return {
    handle: draft.handle.trim() || null,
    title: draft.title.trim(),
    subtitle: draft.subtitle.trim(),
    description: draft.description,
    unit: draft.unit.trim(),
    status: draft.status,
    optionNames: draft.optionNames.map((name) => name.trim()),
    skus: draft.skus.map(({ id, code, options, price, barcode, pictureId, grams, content }) => ({ id, code: code.trim(), options: options.map((value) => value.trim()), price: toFen(price) ?? 0, barcode: barcode.trim(), pictureId: pictureId || null, grams: Number(grams.trim() || 0), content: orNull(content) })),
    categoryId: draft.categoryId || null,
    brand: draft.brand.trim(),
    attributes: attributesOf(draft),
    content: orNull(draft.content),
    contentUnit: (draft.contentUnit || null) as NonNullable<PutProduct["contentUnit"]> | null,
  };
}
