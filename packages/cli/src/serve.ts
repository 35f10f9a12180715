/** The loop of `isoloss eval`: lines in, answers out, in order, with back-pressure on both sides. */
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { andThen, isLossError } from "@isoloss/core";
import { type Answer, answerText } from "./answer.ts";
import type { Evaluator } from "./evaluator.ts";
import { readRequest } from "./request.ts";

/** Answers are handed on when this many characters are waiting, and whenever the next input is waited for. */
const FLUSH = 1 << 16;

/** The lines of a stream, in bunches as they arrive; the last need not end. */
async function* lineBunches(input: Readable): AsyncGenerator<string[]> {
  const decoder = new StringDecoder("utf8");
  let open: string[] = []; // the pieces of a line whose end has not come
  for await (const chunk of input) {
    const pieces = decoder.write(chunk as Buffer).split("\n");
    const last = pieces.pop() as string;
    if (pieces.length) {
      pieces[0] = open.join("") + pieces[0];
      open = [];
      yield pieces;
    }
    open.push(last);
  }
  const rest = open.join("") + decoder.end();
  if (rest !== "") yield [rest];
}

/** Answers every line of `input` on `output`; resolves to whether every line was a request. */
export async function serve(input: Readable, output: Writable, evaluator: Evaluator): Promise<boolean> {
  let line = 0;
  let good = true;
  let waiting = "";

  const answerLine = (text: string): Answer | Promise<Answer> => {
    try {
      return evaluator.answer(readRequest(JSON.parse(text)));
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
      const answer = andThen(answerLine(text), answerText) as string | Promise<string>;
      waiting += `${typeof answer === "string" ? answer : await answer}\n`;
      if (waiting.length >= FLUSH) await flush();
    }
    await flush();
  }
  return good;
}
