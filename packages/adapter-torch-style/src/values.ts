/** Refusals that read data. */
import { decoder, LossError, refuseValues, type ValueRefusal } from "@isoloss/core";

/** Every element must lie in [0, 1]; NaN does not. */
export const inUnitInterval = (name: string): ValueRefusal =>
  refuseValues(({ inputs }) => {
    const tensor = inputs[name];
    if (!tensor || !ArrayBuffer.isView(tensor.data)) return undefined;
    const { data, dtype } = tensor;
    const decode = decoder(dtype);
    const isPlain = dtype === "float32" || dtype === "float64";
    const i = isPlain ? outside(data as Float32Array) : data.findIndex((x) => !isInside(decode(Number(x))));
    if (i < 0) return undefined;
    const message = `all elements of ${name} should be between 0 and 1, element ${i} is ${decode(Number(data[i]))}`;
    return new LossError("value", message);
  });

const isInside = (x: number): boolean => x >= 0 && x <= 1;
/** A loop of its own: it runs over whole inputs, in every call. */
function outside(data: Float32Array | Float64Array): number {
  for (let i = 0; i < data.length; i++) if (!isInside(data[i] as number)) return i;
  return -1;
}
