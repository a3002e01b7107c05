/** How money, time and counts are written, by locale. */

/** An amount in minor units, cut where the type size changes: `¥` `1,299` `.00`. */
export function moneyParts(minor: number, currency: string, locale: string): { sign: string; whole: string; cents: string } {
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).formatToParts(minor / 100);
  const text = (...types: string[]) => parts.filter((part) => types.includes(part.type)).map((part) => part.value).join("");
  return { sign: text("minusSign") + text("currency"), whole: text("integer", "group"), cents: text("decimal", "fraction") };
}

/** An amount in minor units as one string, for labels and messages. */
export function moneyText(minor: number, locale: string, currency = "CNY"): string {
  const { sign, whole, cents } = moneyParts(minor, currency, locale);
  return sign + whole + cents;
}

/** Seconds as `04:09`, with hours only when there are some: `1:04:09`. */
export function clockText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** A moment as people say it: time alone today, day and time this year, else the whole date. */
export function momentText(at: string | number, locale: string, now = Date.now()): string {
  const moment = new Date(at);
  const today = new Date(now);
  const time = { hour: "2-digit", minute: "2-digit", hour12: false } as const;
  if (moment.toDateString() === today.toDateString()) return moment.toLocaleTimeString(locale, time);
  const day = moment.getFullYear() === today.getFullYear() ? ({ month: "short", day: "numeric" } as const) : ({ year: "numeric", month: "short", day: "numeric" } as const);
  return moment.toLocaleString(locale, { ...day, ...time });
}

/** A phone number as people read it: a mainland mobile number as `138 0000 0000`, any other as it is kept. */
export function phoneText(phone: string): string {
  const mainland = /^(?:\+86)?(1\d{2})([\d*]{4})(\d{4})$/.exec(phone.replace(/[ -]/g, ""));
  return mainland ? mainland.slice(1).join(" ") : phone;
}

/** A count with separators: `2,318`. */
export function countText(count: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(count);
}
