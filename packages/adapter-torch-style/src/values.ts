/** Refusals that read data. */
import {
  type DType,
  decoder,
  firstOutside,
  LossError,
  refuseValues,
  type TypedArray,
  type ValueRefusal,
} from "@isoloss/core";

/** Every element must lie in [0, 1]; NaN does not. */
export const inUnitInterval = (name: string): ValueRefusal =>
  refuseValues(({ inputs }) => {
    const tensor = inputs[name];
    const data = tensor && (ArrayBuffer.isView(tensor.data) ? tensor.data : tensor.data.data);
    if (!tensor || !data) return undefined;
    const i = outside(data, tensor.dtype);
    if (i < 0) return undefined;
    const found = decoder(tensor.dtype)(Number(data[i]));
    return new LossError("value", `all elements of ${name} should be between 0 and 1, element ${i} is ${found}`);
  });

/** Where the first element lies that is not in [0, 1]. In bits −0 is the one number that looks negative and is not. */
function outside(data: TypedArray, dtype: DType): number {
  if (dtype === "float64") return outsideWide(data as Float64Array);
  if (dtype === "float32")
    return firstOutside(new Int32Array(data.buffer, data.byteOffset, data.length), 0x3f800000, -(2 ** 31));
  return firstOutside(new Int32Array(data as Uint16Array), dtype === "float16" ? 0x3c00 : 0x3f80, 0x8000);
}
function outsideWide(data: Float64Array): number {
  for (let i = 0; i < data.length; i++) {
    const x = data[i] as number;
    if (!(x >= 0 && x <= 1)) return i;
  }
  return -1;
}
