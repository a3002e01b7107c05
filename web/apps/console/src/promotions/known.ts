/** What is known of the SKUs and products that a promotion names, so that its form can show them. */
import type { Product } from "@xinbo/api";
import { reactive } from "vue";

import * as calls from "@console/calls";
import type { Promotion } from "@console/types";

export interface KnownSku { skuId: string; title: string; options: readonly string[]; picture: string | null; listPrice: number }
export interface Known {
  skus: Map<string, KnownSku>;
  products: Map<string, string>;
  learn: (products: readonly Product[]) => void;
}

export function useKnown(promotion: Promotion | undefined): Known {
  const known: Known = reactive({
    skus: new Map(),
    products: new Map(),
    learn: (products: readonly Product[]) => {
      for (const product of products) {
        known.products.set(product.id, product.title);
        for (const sku of product.skus) known.skus.set(sku.id, { skuId: sku.id, title: product.title, options: sku.options, picture: product.pictures[0]?.thumbUrl ?? null, listPrice: sku.price });
      }
    },
  });
  for (const { skuId, title, options, pictureUrl, listPrice } of [...(promotion?.items ?? []), ...(promotion?.named ?? [])]) known.skus.set(skuId, { skuId, title, options, picture: pictureUrl, listPrice });
  const rule = promotion?.rule;
  if (rule && "goods" in rule) for (const id of rule.goods.products) void calls.getProduct(id).then((product) => known.learn([product])).catch(() => known.products.set(id, "—"));
  return known;
}
