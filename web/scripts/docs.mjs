// The API's page, served from here: Swagger UI's files beside the two applications.
import { cpSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const from = fileURLToPath(new URL("../node_modules/swagger-ui-dist/", import.meta.url));
const to = fileURLToPath(new URL("../dist/docs/", import.meta.url));

mkdirSync(to, { recursive: true });
for (const name of ["swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "swagger-ui.css"]) {
  cpSync(from + name, to + name);
}
