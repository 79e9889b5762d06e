// Writes docs/codes.md from the built package: node packages/core/scripts/write-codes.js
import { readFileSync, writeFileSync } from "node:fs";

import { codesPage } from "../dist/errors/codes-page.js";

const source = readFileSync(new URL("../src/errors/codes.ts", import.meta.url), "utf8");
writeFileSync(new URL("../../../docs/codes.md", import.meta.url), codesPage(source));
