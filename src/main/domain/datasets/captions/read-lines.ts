// The lines of a text that comes piece by piece: a million captions are never a million strings at once.

/** What is longer is cut, so that a file without line ends does not become one string; no format has such lines. */
export const MAX_LINE_LENGTH = 100_000;

/** Takes pieces of a text and gives the lines that are complete. A lone CR ends a line too. */
export class LineSplitter {
  #rest = '';

  /** The lines that end in this piece, without their ends. */
  *push(text: string): Generator<string> {
    const all = this.#rest + text;
    // A CR at the end may be the first half of a line end.
    const usableLength = all.endsWith('\r') ? all.length - 1 : all.length;
    const lineEnd = /\r\n|\n|\r/g;
    let from = 0;
    for (let match = lineEnd.exec(all); match && match.index < usableLength; match = lineEnd.exec(all)) {
      yield all.slice(from, match.index);
      from = lineEnd.lastIndex;
    }
    this.#rest = shorten(all.slice(from));
  }

  /** The last line, where it has no end. */
  *end(): Generator<string> {
    const rest = this.#rest;
    this.#rest = '';
    if (rest === '') return;
    yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
  }
}

/** Keeps a CR at the end. */
function shorten(line: string): string {
  if (line.length <= MAX_LINE_LENGTH + 1) return line;
  return line.slice(0, MAX_LINE_LENGTH + 1) + (line.endsWith('\r') ? '\r' : '');
}

/** All lines of a text that is at hand. */
export function splitLines(text: string): string[] {
  const splitter = new LineSplitter();
  return [...splitter.push(text), ...splitter.end()];
}
