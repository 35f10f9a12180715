import { testBackend } from "@isoloss/conformance";
import { createCpuBackend } from "./index.ts";
import { agreeing } from "./same-bits.test.support.ts";

// Both engines follow contributing/numerics.md to the bit; exp, log and log1p are this package's own.
const tolerance = {
  exact: true,
  float64: { relative: 1e-13, absolute: 1e-14 },
  float32: { relative: 2e-6, absolute: 1e-6 },
  float16: { relative: 2e-3, absolute: 1e-3 },
  bfloat16: { relative: 2e-2, absolute: 1e-2 },
};

testBackend(createCpuBackend({ engine: "js" }), { tolerance });
testBackend(agreeing(createCpuBackend({ engine: "wasm" }), createCpuBackend({ engine: "js" })), { tolerance });
