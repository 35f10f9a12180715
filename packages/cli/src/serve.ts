/** The loop of `isoloss eval`: lines in, answers out, in order, with back-pressure on both sides. */
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { andThen, isLossError, LossError } from "@isoloss/core";
import { type Answer, answerText } from "./answer.ts";
import type { Evaluator } from "./evaluator.ts";
import { type Line, lineBunches } from "./lines.ts";
import { readRequest } from "./request.ts";

/** Answers are handed on when this many characters are waiting, and whenever the next input is waited for. */
const FLUSH = 1 << 16;

/** The line of an answer. One of more characters than a string holds cannot be written, and is refused. */
function lineOf(answer: Answer): string {
  try {
    return `${answerText(answer)}\n`;
  } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    const message = `the answer is too long to be written as a line: ${e.message}`;
    return `${answerText({ id: answer.id, error: { code: "unsupported", message } })}\n`;
  }
}

/** Answers every line of `input` on `output`; resolves to whether every line was a request. */
export async function serve(input: Readable, output: Writable, evaluator: Evaluator): Promise<boolean> {
  let line = 0;
  let good = true;
  let waiting = "";

  const answerLine = (text: Line): Answer | Promise<Answer> => {
    try {
      if (text === undefined)
        throw new LossError("request", "no request: a line of more characters than a string holds");
      return evaluator.answer(readRequest(JSON.parse(text), text));
    } catch (e) {
      if (!isLossError(e) && !(e instanceof SyntaxError)) throw e;
      good = false;
      return { id: null, line, error: { code: "request", message: e.message } };
    }
  };
  const flush = async (): Promise<void> => {
    const text = waiting;
    waiting = "";
    if (text !== "" && !output.write(text)) await once(output, "drain");
  };

  for await (const bunch of lineBunches(input)) {
    for (const text of bunch) {
      line++;
      const answer = andThen(answerLine(text), lineOf) as string | Promise<string>;
      const written = typeof answer === "string" ? answer : await answer;
      if (waiting.length + written.length >= FLUSH) await flush();
      waiting += written;
    }
    await flush();
  }
  return good;
}
