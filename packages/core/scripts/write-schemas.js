// Writes schemas/ from the built package: node packages/core/scripts/write-schemas.js
import { writeFileSync } from "node:fs";

import { jsonSchemas } from "../dist/index.js";

for (const [name, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(new URL(`../schemas/${name}`, import.meta.url), `${JSON.stringify(schema, undefined, 2)}\n`);
}
