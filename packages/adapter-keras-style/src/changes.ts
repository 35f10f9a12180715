/** What changed from TensorFlow 2.3 to Keras 3.15: one row a change of behaviour. The only file that knows releases. */
import type { Row } from "@isoloss/core";
import type { EntryName } from "./names.ts";

export const changes: readonly Row<EntryName>[] = [];
