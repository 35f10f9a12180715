import { replayOn } from "./replay-suite.ts";

replayOn("onnx:wasm");
