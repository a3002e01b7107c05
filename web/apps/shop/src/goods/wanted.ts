/** What somebody looks for, kept in the address so that it can be shared and gone back to. */
import type { Attribute, Category, Sort } from "@xinbo/api";
import type { LocationQuery, LocationQueryRaw } from "vue-router";

import type { Wanted } from "@shop/calls";

export const sorts: Sort[] = ["relevance", "newest", "price_up", "price_down"];

const text = (value: LocationQuery[string] | undefined): string => (Array.isArray(value) ? (value[0] ?? "") : (value ?? ""));
const texts = (value: LocationQuery[string] | undefined): string[] => (Array.isArray(value) ? value : value ? [value] : []).filter((each): each is string => Boolean(each)).slice(0, 20);
const fen = (value: string): number | undefined => (/^\d{1,8}(\.\d{1,2})?$/.test(value) ? Math.round(Number(value) * 100) : undefined);

export function wantedOf(query: LocationQuery): Wanted {
  const sort = sorts.find((each) => each === text(query["sort"]));
  const [q, category, brand] = [text(query["q"]).slice(0, 60), text(query["category"]), text(query["brand"])];
  const [priceFrom, priceTo] = [fen(text(query["from"])), fen(text(query["to"]))];
  const attribute = texts(query["attribute"]);
  return {
    ...(q && { q }), ...(category && { category }), ...(brand && { brand }), ...(attribute.length && { attribute }),
    ...(priceFrom !== undefined && { priceFrom }), ...(priceTo !== undefined && { priceTo }),
    ...(text(query["stock"]) && { inStock: true }), ...(sort && { sort }),
  };
}

export function queryOf({ q, category, brand, attribute, priceFrom, priceTo, inStock, sort }: Wanted): LocationQueryRaw {
  return {
    ...(q && { q }), ...(category && { category }), ...(brand && { brand }), ...(attribute?.length && { attribute }),
    ...(priceFrom !== undefined && { from: String(priceFrom / 100) }), ...(priceTo !== undefined && { to: String(priceTo / 100) }),
    ...(inStock && { stock: "1" }), ...(sort && sort !== "relevance" && { sort }),
  };
}

/** How many filters are set, search words and order aside. */
export const filtersOf = ({ brand, attribute, priceFrom, priceTo, inStock }: Wanted): number =>
  Number(Boolean(brand)) + (attribute?.length ?? 0) + Number(priceFrom !== undefined || priceTo !== undefined) + Number(Boolean(inStock));

/** The way to a category from the root, itself last. */
export function wayTo(categories: readonly Category[], id: string | null | undefined): Category[] {
  const at = categories.find((each) => each.id === id);
  return at ? at.path.map((each) => categories.find((known) => known.id === each)).filter((each) => each !== undefined).reverse() : [];
}

/** The attributes that hold in a category, the root's first. */
export const attributesOf = (categories: readonly Category[], id: string | null | undefined): Attribute[] => wayTo(categories, id).flatMap(({ attributes }) => attributes);
