import { defineConfig } from "vite";

import { appConfig } from "../../vite.shared";

export default defineConfig(appConfig({ name: "console", base: "/console/", port: 5174 }));
