/** The command as it is installed: a process of its own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../bin/isoloss.js", import.meta.url));
const request = (id: string): string =>
  `{"id":"${id}","loss":"MSELoss","inputs":{"input":{"dtype":"float32","shape":[2],"data":[3,5]},"target":{"dtype":"float32","shape":[2],"data":[1,1]}},"grad":["input"]}\n`;

function start(args: readonly string[], node: readonly string[] = []) {
  const child = spawn(process.execPath, [...node, bin, ...args], { stdio: "pipe" });
  const done = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (t: string) => {
    texts.out += t;
  });
  child.stderr.setEncoding("utf8").on("data", (t: string) => {
    texts.err += t;
  });
  return { child, done, texts };
}
async function run(args: readonly string[], input: string) {
  const { child, done, texts } = start(args);
  child.stdin.end(input);
  return { status: await done, ...texts };
}

describe("isoloss eval", () => {
  it("answers every line, and ends well", async () => {
    const { status, out } = await run(["eval", "--profile", "torch@2.13"], request("a") + request("b"));
    const gradient = { dtype: "float32", shape: [2], data: [2, 4] };
    const value = { dtype: "float32", shape: [], data: [10] };
    expect(
      out
        .trim()
        .split("\n")
        .map((l) => JSON.parse(l)),
    ).toEqual(["a", "b"].map((id) => ({ id, value, grads: { input: gradient } })));
    expect(status).toBe(0);
  });
  it("ends with 1 where a line was no request, and has answered the others", async () => {
    const { status, out } = await run(["eval", "--profile", "torch@2.13"], `nonsense\n${request("a")}`);
    expect(
      out
        .trim()
        .split("\n")
        .map((l) => JSON.parse(l).id),
    ).toEqual([null, "a"]);
    expect(status).toBe(1);
  });
  it("takes the backend from the command line, and the request's before it", async () => {
    // No GPU computes in float64, if there is one.
    const own = request("b").replace("{", '{"backend":"onnx:webgpu",').replaceAll("float32", "float64");
    const { status, out } = await run(
      ["eval", "--profile", "torch@2.13", "--backend", "onnx:wasm"],
      request("a") + own,
    );
    const [a, b] = out
      .trim()
      .split("\n")
      .map((l) => JSON.parse(l));
    expect([a.value?.data, b.error?.code, status]).toEqual([[10], "unsupported", 0]);
  });
  it("refuses a backend that is not known before it reads anything", async () => {
    const { status, err } = await run(["eval", "--backend", "gpu"], "");
    expect(status).toBe(1);
    expect(err).toContain("onnx:wasm");
  });
  it("ends quietly when nobody reads the answers any more", async () => {
    const { child, done, texts } = start(["eval", "--profile", "torch@2.13"]);
    child.stdin.on("error", () => {}); // the command is gone before all is written
    child.stdin.end(request("a").repeat(20_000));
    child.stdout.once("data", () => child.stdout.destroy());
    await done;
    expect(texts.err).toBe("");
  });
  it("does not hold the stream in memory", async () => {
    const { child, done, texts } = start(["eval", "--profile", "torch@2.13"], ["--max-old-space-size=40"]);
    let answers = 0;
    child.stdout.on("data", (t: string) => {
      answers += t.split("\n").length - 1;
      texts.out = "";
    });
    const long = request("x".repeat(1000));
    for (let i = 0; i < 60_000; i++)
      if (!child.stdin.write(long)) await new Promise((r) => child.stdin.once("drain", r));
    child.stdin.end();
    expect([await done, texts.err]).toEqual([0, ""]);
    expect(answers).toBe(60_000);
  }, 120_000);
});

describe("isoloss export", () => {
  it("ends with 2 where an option is missing or not known, and with 0 where it is asked for help", async () => {
    const { status, err } = await run(["export", "MSELoss", "--profile", "torch@2.13"], "");
    expect([status, err]).toEqual([2, expect.stringContaining("--out")]);
    expect((await run(["export", "MSELoss", "--nope"], "")).status).toBe(2);
    expect((await run(["export", "--help"], "")).status).toBe(0);
  });
});
