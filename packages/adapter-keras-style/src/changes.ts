/** What changed from TensorFlow 2.3 to Keras 3.15, in order. These rows, and the names and saved forms that a release has, are all that knows releases. */
import type { Row } from "@isoloss/core";
import { changes2 } from "./changes-2.ts";
import { changes3 } from "./changes-3.ts";
import type { EntryName } from "./names.ts";

export const changes: readonly Row<EntryName>[] = [...changes2, ...changes3];
