/** What Keras warns of. */
import type { Call } from "@isoloss/core";

/** One class along the last axis leaves a categorical cross-entropy nothing to tell apart. */
export const oneClass = ({ inputs: { y_pred } }: Call): string | false =>
  y_pred?.shape.at(-1) === 1 &&
  `In loss categorical_crossentropy, expected y_pred.shape to be (batch_size, num_classes) with num_classes > 1. Received: y_pred.shape=(${y_pred.shape.join(", ")}${y_pred.shape.length === 1 ? "," : ""}). Consider using 'binary_crossentropy' if you only have 2 classes.`;
