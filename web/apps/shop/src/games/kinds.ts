import type { GameCard } from "@xinbo/api";
import type { IconName } from "@xinbo/ui";

/** The icon of each kind of game. */
export const iconOf: Record<GameCard["kind"], IconName> = { lottery: "gift", rain: "packet", poll: "poll", quiz: "quiz", guess: "tag", check_in: "check" };

/** Whether one can still get in, on the server's clock. */
export const isOpen = (card: GameCard, now: number): boolean => card.state === "open" && new Date(card.closesAt).getTime() > now;

/** Yuan typed into a field as fen; `null` where it is no amount. */
export function fenOf(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[,\s¥]/g, "");
  return /^\d{1,7}(\.\d{0,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}
