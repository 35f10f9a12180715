/** What changed from one release of PyTorch to another, one row a change, over the records of 1.7. */
import type { Row } from "@isoloss/core";

export const changes: readonly Row[] = [];
