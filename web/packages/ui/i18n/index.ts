/** The words of an app: three locales, loaded one at a time, the choice kept on this device. */
import { createI18n, type I18n } from "vue-i18n";

export const locales = ["zh-Hans", "zh-Hant", "en"] as const;
export type Locale = (typeof locales)[number];
/** Each locale's own name for itself, for the switch. */
export const localeNames: Record<Locale, string> = { "zh-Hans": "\u7b80\u4f53\u4e2d\u6587", "zh-Hant": "\u7e41\u9ad4\u4e2d\u6587", en: "English" };

/** A tree of messages, as in the JSON files. */
export interface Messages {
  [key: string]: string | Messages;
}
/** What `import.meta.glob("./messages/*.json", { import: "default" })` gives. */
export type MessageFiles = Record<string, () => Promise<unknown>>;

const KEPT = "xinbo.locale";
const own: MessageFiles = import.meta.glob("../messages/*.json", { import: "default" });

/** The locale to begin with: the kept one, else the first of the browser's that we speak. */
export function preferredLocale(languages: readonly string[] = navigator.languages, kept: string | null = keptLocale()): Locale {
  if (isLocale(kept)) return kept;
  for (const language of languages) {
    const tag = language.toLowerCase();
    if (/^zh-(hant|tw|hk|mo)/.test(tag)) return "zh-Hant";
    if (tag.startsWith("zh")) return "zh-Hans";
    if (tag.startsWith("en")) return "en";
  }
  return "zh-Hans";
}

/** The i18n plugin, and how to change its locale. Await `setLocale` once before mounting. */
export interface Words {
  i18n: I18n;
  setLocale: (locale: Locale, keep?: boolean) => Promise<void>;
}

/** Make the words of an app out of its own message files and those of this package. */
export function createWords(files: MessageFiles): Words {
  const i18n = createI18n({ legacy: false, locale: "zh-Hans", missingWarn: false, fallbackWarn: false, messages: {} });
  const global = i18n.global as unknown as {
    locale: { value: string };
    availableLocales: string[];
    setLocaleMessage: (locale: string, messages: Messages) => void;
  };

  async function setLocale(locale: Locale, keep = true): Promise<void> {
    if (!global.availableLocales.includes(locale)) {
      const [shared, app] = await Promise.all([load(own, locale), load(files, locale)]);
      global.setLocaleMessage(locale, merged(shared, app));
    }
    global.locale.value = locale;
    document.documentElement.lang = locale;
    if (keep) keepLocale(locale);
  }

  return { i18n: i18n as unknown as I18n, setLocale };
}

/** An app may add to what this package says, as with problems that only it meets. */
function merged(shared: Messages, app: Messages): Messages {
  const all: Messages = { ...shared };
  for (const [key, value] of Object.entries(app)) {
    const ours = all[key];
    all[key] = typeof value === "object" && typeof ours === "object" ? merged(ours, value) : value;
  }
  return all;
}

async function load(files: MessageFiles, locale: Locale): Promise<Messages> {
  const path = Object.keys(files).find((name) => name.endsWith(`/${locale}.json`));
  return path ? ((await files[path]?.()) as Messages) : {};
}

function isLocale(text: string | null): text is Locale {
  return (locales as readonly (string | null)[]).includes(text);
}

function keptLocale(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // Storage may be refused in a private window; the browser's language then decides.
  }
}

function keepLocale(locale: Locale): void {
  try {
    localStorage.setItem(KEPT, locale);
  } catch {
    // Nothing to keep it in: the choice lasts as long as the page.
  }
}
