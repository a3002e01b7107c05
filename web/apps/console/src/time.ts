/** Moments as the fields of a form have them: local, to the minute. */

/** An ISO moment for a `datetime-local` field; empty for none. */
export function toLocal(iso: string | null): string {
  if (!iso) return "";
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What such a field holds as an ISO moment; `null` for empty or impossible. */
export function fromLocal(text: string): string | null {
  const at = new Date(text);
  return text === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The name of this device's time zone, such as `Asia/Shanghai (GMT+8)`. */
export function zoneName(locale: string): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const short = new Intl.DateTimeFormat(locale, { timeZoneName: "shortOffset" }).formatToParts(new Date()).find(({ type }) => type === "timeZoneName")?.value ?? "";
  return `${timeZone} (${short})`;
}
