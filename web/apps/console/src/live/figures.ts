/** The strip of figures: which, how each is written, and what stands beside it. */
import { clockText, countText, moneyText } from "@xinbo/ui";

import type { LiveNumbers, ShowPlan } from "@console/types";

export interface Figure {
  /** Its words: `live.figures.<key>`, its definition: `live.definitions.<key>`. */
  key: string;
  value: string;
  /** A second, smaller figure; its words are `live.figures.<key>Aside` with `{n}`. */
  aside?: string;
  /** What the show is to reach, as text. */
  target?: string;
  /** Where it stands against what was due by now: 1 is on time. */
  pace?: number;
  /** The one that is furthest behind. */
  worst?: boolean;
}

/** How far behind a figure must be before it is marked. */
const BEHIND = 0.9;

type Targets = ShowPlan["targets"];

/**
 * Put the show's targets beside its figures. `share`: how much of the planned time is over, 0 to 1;
 * what is due grows evenly with it. Only the one that is furthest behind is marked.
 */
export function againstTargets(figures: Figure[], numbers: LiveNumbers, targets: Targets, share: number, locale: string): Figure[] {
  const reached: Record<string, [number, number | null | undefined]> = {
    gmv: [numbers.gmvPaid, targets.gmv],
    orders: [numbers.paidOrders, targets.orders],
    views: [numbers.viewers, targets.viewers],
    online: [numbers.peak, targets.peak],
    messages: [numbers.messages, targets.comments],
    likes: [numbers.likes, targets.likes],
  };
  const due = Math.min(1, Math.max(share, 0));
  const beside = figures.map((figure): Figure => {
    const [value, target] = reached[figure.key] ?? [0, null];
    if (!target) return figure;
    const text = figure.key === "gmv" ? shortMoney(target, locale) : countText(target, locale);
    return { ...figure, target: text, ...(due > 0 && { pace: value / (target * due) }) };
  });
  const behind = beside.filter(({ pace }) => pace !== undefined && pace < BEHIND);
  const worst = behind.reduce<Figure | null>((low, figure) => (low === null || (figure.pace ?? 1) < (low.pace ?? 1) ? figure : low), null);
  return beside.map((figure) => (figure === worst ? { ...figure, worst: true } : figure));
}

/** A share as a percentage with one decimal; a dash where there is nothing to divide by. */
export function percentText(part: number, whole: number, locale: string): string {
  if (whole <= 0) return "–";
  return new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(part / whole);
}

/** A large amount without its cents; below ¥10,000 they still tell something. */
export function shortMoney(minor: number, locale: string): string {
  const text = moneyText(minor, locale);
  return Math.abs(minor) >= 1_000_000 ? text.replace(/[.,]\d{2}$/, "") : text;
}

/** The figures in their order. `online` is what the room says each second, fresher than the count. */
export function figuresOf(numbers: LiveNumbers, online: number | null, likes: number, locale: string): Figure[] {
  const count = (value: number) => countText(value, locale);
  return [
    { key: "online", value: count(online ?? numbers.online), aside: count(Math.max(numbers.peak, online ?? 0)) },
    { key: "views", value: count(numbers.views), aside: count(numbers.viewers) },
    { key: "averageWatch", value: clockText(numbers.averageWatch) },
    { key: "interaction", value: percentText(numbers.interactionRate, numbers.viewers > 0 ? 1 : 0, locale) },
    { key: "likes", value: count(Math.max(likes, numbers.likes)) },
    { key: "messages", value: count(numbers.messages) },
    { key: "clicks", value: count(numbers.productClicks) },
    { key: "orders", value: count(numbers.paidOrders), aside: count(numbers.orders) },
    { key: "gmv", value: shortMoney(numbers.gmvPaid, locale) },
    { key: "conversion", value: percentText(numbers.conversion, numbers.viewers > 0 ? 1 : 0, locale), aside: count(numbers.buyers) },
  ];
}
