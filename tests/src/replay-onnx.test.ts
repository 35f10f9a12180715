import { replayOn } from "./replay-suite.ts";

replayOn("onnx:wasm");
replayOn("onnx:node");
