import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import type { UserConfig } from "vite";

/** Build flags that keep what no app uses out of every bundle. */
export const flags = {
  __VUE_OPTIONS_API__: false,
  __VUE_PROD_DEVTOOLS__: false,
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  __VUE_I18N_LEGACY_API__: false,
  __VUE_I18N_FULL_INSTALL__: false,
  __INTLIFY_PROD_DEVTOOLS__: false,
};

/** The build of one app: where it is served from, where it is written, which port it develops on. */
export function appConfig(app: { name: "shop" | "console"; base: string; port: number }): UserConfig {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const backend = process.env.XINBO_WEB_URL ?? "http://127.0.0.1:8000";
  return {
    root: here(`apps/${app.name}`),
    base: app.base,
    plugins: [vue()],
    define: flags,
    resolve: { alias: { [`@${app.name}`]: here(`apps/${app.name}/src`) } },
    server: { port: app.port, proxy: { "/api": backend, "/blobs": backend } },
    build: {
      outDir: here(`dist/${app.name}`),
      emptyOutDir: true,
      target: ["es2022", "chrome107", "safari16"],
      manifest: true,
      modulePreload: { polyfill: false },
    },
  };
}
