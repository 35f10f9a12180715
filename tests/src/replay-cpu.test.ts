import { replayOn } from "./replay-suite.ts";

replayOn("cpu");
replayOn("cpu:js");
