import { readFileSync } from "node:fs";

/** What Python and the browser must agree on; see tests/overlay/vectors. */
export const vectors = (name) => JSON.parse(readFileSync(new URL(`../overlay/vectors/${name}.json`, import.meta.url), "utf8"));
