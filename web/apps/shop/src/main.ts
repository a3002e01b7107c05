import "@xinbo/ui/tokens.css";
import "@xinbo/ui/base.css";

import { applyTheme, preferredLocale } from "@xinbo/ui";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";

import App from "./App.vue";
import { betterStart } from "./place";
import { queryClient } from "./queries";
import { router } from "./router";
import { words } from "./words";

const start = betterStart(location.pathname, matchMedia("(display-mode: standalone)").matches);
if (start) location.replace(start);

applyTheme();
await words.setLocale(preferredLocale(), false);
createApp(App).use(words.i18n).use(VueQueryPlugin, { queryClient }).use(router).mount("#app");

if (import.meta.env.PROD && "serviceWorker" in navigator) void keepShell();

/** Have the service worker keep what this page was made of, so that it starts without a network. */
async function keepShell(): Promise<void> {
  try {
    await navigator.serviceWorker.register("/sw.js");
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    active?.postMessage({ keep: loaded.filter((url) => new URL(url).pathname.startsWith("/assets/")) });
  } catch {
    // Not over a safe connection, or refused: the shop works without, it only needs the network.
  }
}
