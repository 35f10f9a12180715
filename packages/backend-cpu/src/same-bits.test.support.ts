/** Whether two results are the same to the bit, all NaNs being equal, and a backend that insists on it between two others. */
import {
  type Backend,
  type DType,
  decoder,
  type Kernel,
  type Node,
  type Program,
  print,
  type TypedArray,
} from "@isoloss/core";

/** −0 and 0 are told apart. */
export function sameBits(a: TypedArray, b: TypedArray, dtype: DType): boolean {
  if (a.length !== b.length) return false;
  const decode = decoder(dtype);
  for (let i = 0; i < a.length; i++) if (!Object.is(decode(Number(a[i])), decode(Number(b[i])))) return false;
  return true;
}

/** Runs every program on both and throws where their bits differ; answers with what the first says. */
export function agreeing(first: Backend<"sync">, second: Backend<"sync">): Backend<"sync"> {
  return {
    ...first,
    compile(program: Program): Kernel<"sync"> {
      const [a, b] = [first.compile(program), second.compile(program)];
      return {
        run(feeds, extents, parameters, outputs) {
          const x = a.run(feeds, extents, parameters, outputs);
          const y = b.run(feeds, extents, parameters);
          program.outputs.forEach((o: Node, i) => {
            if (!sameBits(x[i] as TypedArray, y[i] as TypedArray, o.dtype))
              throw new Error(
                `${first.name} and ${second.name} differ in output ${i} for ${extents}\n${print(program.outputs)}`,
              );
          });
          return x;
        },
        dispose() {
          a.dispose();
          b.dispose();
        },
      };
    },
  };
}
