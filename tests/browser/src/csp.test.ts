/** The CPU backend under a content security policy with neither `unsafe-eval` nor `wasm-unsafe-eval`. */
import { expect, it } from "vitest";
import { type Report, report } from "./csp-page.ts";

/** Runs `report` in a frame with a policy. */
async function reportUnder(policy: string): Promise<Report> {
  const frame = document.createElement("iframe");
  const module = new URL("./csp-page.ts", import.meta.url).href;
  const answer = new Promise<Report>((resolve, reject) => {
    addEventListener("message", ({ data, source }) => {
      if (source !== frame.contentWindow) return;
      if ("error" in data) reject(new Error(data.error));
      else resolve(data);
    });
  });
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}">
    <script type="module" nonce="test">
      try { parent.postMessage((await import("${module}")).report(), "*"); }
      catch (e) { parent.postMessage({ error: String(e) }, "*"); }
    </script>`;
  document.body.append(frame);
  try {
    return await answer;
  } finally {
    frame.remove();
  }
}

it("runs without WebAssembly where the policy forbids it, and gives the same bits", async () => {
  const here = report();
  expect([here.engine, here.forbidden]).toEqual(["wasm", []]);
  const there = await reportUnder("script-src 'self' 'nonce-test'");
  expect(there.forbidden).toEqual(["eval", "wasm"]);
  expect(there.engine).toBe("js");
  expect(there.outputs).toEqual(here.outputs);
});

it("uses WebAssembly where the policy allows that and no eval", async () => {
  const there = await reportUnder("script-src 'self' 'nonce-test' 'wasm-unsafe-eval'");
  expect([there.engine, there.forbidden]).toEqual(["wasm", ["eval"]]);
  expect(there.outputs).toEqual(report().outputs);
});
