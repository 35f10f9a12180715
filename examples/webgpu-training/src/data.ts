/** Points around four centres, as features of a linear classifier. The same points every time. */

export const classes = 4;
/** x, y, and 1 for the bias. */
export const features = 3;

export interface Points {
  /** Row-major, `features` a point. */
  readonly x: Float32Array;
  readonly labels: Int32Array;
}

export function points(count: number): Points {
  const x = new Float32Array(count * features);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const label = i % classes;
    const turn = (label / classes) * 2 * Math.PI;
    const [angle, radius] = [i * 2.399963, 0.8 * Math.sqrt(((i * 0.618034) % 1) + 0.01)]; // a sunflower's seeds
    x[i * features] = 2 * Math.cos(turn) + radius * Math.cos(angle);
    x[i * features + 1] = 2 * Math.sin(turn) + radius * Math.sin(angle);
    x[i * features + 2] = 1;
    labels[i] = label;
  }
  return { x, labels };
}
