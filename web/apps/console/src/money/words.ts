/** What accounts and providers are called. */
import { useI18n } from "vue-i18n";

/** Words for the parts of an account's name, such as `clearing:alipay`; what has none stays as it is. */
export function useMoneyWords() {
  const { t, te } = useI18n();
  const word = (key: string, text: string) => (te(`money.${key}.${text}`) ? t(`money.${key}.${text}`) : text);
  const provider = (name: string) => word("provider", name);
  function account(name: string): string {
    const [head = name, tail] = name.split(":");
    return tail ? `${word("account", head)} · ${provider(tail)}` : word("account", head);
  }
  return { account, provider, kind: (name: string) => word("kind", name), unit: (name: string) => word("unit", name) };
}

/** Whether a unit is a currency: three capitals. */
export const isCurrency = (unit: string): boolean => /^[A-Z]{3}$/.test(unit);

/** The day in China that a moment belongs to, some days later: `2026-11-21`. */
export function chinaDay(moment: number, days = 0): string {
  return new Date(moment + (8 + days * 24) * 3_600_000).toISOString().slice(0, 10);
}

/** When a day in China begins. */
export const dayStart = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();
