#!/usr/bin/env node
import { createCommand } from "../dist/index.js";

await createCommand().parseAsync();
