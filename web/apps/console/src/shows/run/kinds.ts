/** How each kind of cue is drawn: never by colour alone. */
import type { IconName } from "@xinbo/ui";

import type { CueKind } from "@console/types";

export const KIND_ICONS: Record<CueKind, IconName> = { product: "bag", interaction: "chat", promotion: "ticket", story: "receipt", guest: "people", break: "clock" };

/** Minutes after the start as people say them: 1:05. */
export const minuteText = (minute: number) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;

/** `1:05`, `1：05` or plain minutes, as minutes; `null` for anything else. */
export function minuteOf(text: string): number | null {
  const said = text.trim();
  if (/^\d{1,4}$/.test(said)) return Number(said);
  const [, hours, minutes] = /^(\d{1,2})[:\uff1a]([0-5]\d)$/.exec(said) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}
