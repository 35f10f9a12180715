/** The lines of a stream as `isoloss eval` reads them: in bunches as they arrive, never all at once. */
import { constants } from "node:buffer";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** A line of more characters than a string holds is read past, and stands as undefined. */
export type Line = string | undefined;

/** The lines of a stream, in bunches as they arrive; the last need not end. */
export async function* lineBunches(input: Readable, longest = constants.MAX_STRING_LENGTH): AsyncGenerator<Line[]> {
  const decoder = new StringDecoder("utf8");
  let open: string[] = []; // the pieces of a line whose end has not come
  let length = 0;
  const hold = (piece: string): void => {
    length += piece.length;
    if (length <= longest) open.push(piece);
    else open = [];
  };
  const close = (): Line => {
    const line = length <= longest ? open.join("") : undefined;
    open = [];
    length = 0;
    return line;
  };
  for await (const chunk of input) {
    const pieces: Line[] = decoder.write(chunk as Buffer).split("\n");
    const last = pieces.pop() as string;
    if (pieces.length) {
      hold(pieces[0] as string);
      pieces[0] = close();
      yield pieces;
    }
    hold(last);
  }
  hold(decoder.end());
  if (length) yield [close()];
}
