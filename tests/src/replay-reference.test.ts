import { replayOn } from "./replay-suite.ts";

replayOn("reference");
