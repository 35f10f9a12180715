/** Refusals that read data. */
import { decoder, LossError, refuseValues, type ValueRefusal } from "@isoloss/core";

/** Every element must lie in [0, 1]; NaN does not. */
export const inUnitInterval = (name: string): ValueRefusal =>
  refuseValues(({ inputs }) => {
    const tensor = inputs[name];
    if (!tensor || !ArrayBuffer.isView(tensor.data)) return undefined;
    const { data } = tensor;
    const decode = decoder(tensor.dtype);
    for (let i = 0; i < data.length; i++) {
      const x = decode(Number(data[i]));
      if (!(x >= 0 && x <= 1))
        return new LossError("value", `all elements of ${name} should be between 0 and 1, element ${i} is ${x}`);
    }
    return undefined;
  });
