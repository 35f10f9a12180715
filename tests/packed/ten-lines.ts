// Ten lines of a user's own: compiled and run in an empty folder where the packed tarballs are installed.
import * as torchStyle from "@isoloss/adapter-torch-style";
import * as backendCpu from "@isoloss/backend-cpu";
import * as core from "@isoloss/core";

console.log(JSON.stringify({ loaded: [core, backendCpu, torchStyle].every((module) => typeof module === "object") }));
