import "@xinbo/ui/tokens.css";
import "@xinbo/ui/base.css";
import "./console.css";

import { applyTheme, preferredLocale } from "@xinbo/ui";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";

import App from "./App.vue";
import { queryClient } from "./queries";
import { router } from "./router";
import { words } from "./words";

applyTheme();
await words.setLocale(preferredLocale(), false);
createApp(App).use(words.i18n).use(VueQueryPlugin, { queryClient }).use(router).mount("#app");
