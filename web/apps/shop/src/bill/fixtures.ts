import type { AskCheckout, Checkout } from "@xinbo/api";

/** A bill as the server would write it, for tests: these prices, nothing off unless it is said. */
export function checkoutOf(ask: Pick<AskCheckout, "lines">, prices: Readonly<Record<string, number>>, changes: Partial<Checkout> = {}): Checkout {
  const lines = ask.lines.map(({ skuId, quantity }, position) => {
    const price = prices[skuId] ?? 0;
    return { position, skuId, quantity, price, listPrice: price, adjustments: [], points: 0, payable: price * quantity };
  });
  const goods = lines.reduce((sum, { payable }) => sum + payable, 0);
  const total = changes.total ?? goods;
  return {
    lines: lines.map(({ position: _, points: __, ...line }) => ({ ...line, productId: "p", title: line.skuId, options: [], pictureUrl: null, unit: "pc", kind: "retail", endsAt: null, perPerson: null, left: 50, gift: false })),
    bill: { lines, gifts: [], freight: 0, freightOff: 0, points: 0, pointsOff: 0, goods, off: goods - total, couponId: null, total, steps: [] },
    coupons: [], couponId: null, pointsBalance: 0, pointsMost: 0, fenPer100: 100, freightKnown: true, notDelivered: [],
    deposit: 0, balance: 0, balanceFrom: null, balanceUntil: null, shipsBy: null, total, currency: "CNY",
    ...changes,
  };
}
