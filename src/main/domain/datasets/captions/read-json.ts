// The records of a JSON document that comes piece by piece: the elements of its list, or of the lists in its object. Never the whole document.
import { TokenParser, Tokenizer, TokenType } from '@streamparser/json';
import { AppError } from '../../../../shared/errors.js';
import { formatCount } from '../../../../shared/format.js';
import { invalidDataset } from './decode-text.js';

export interface JsonRecord {
  /** The key of the list in the document's object; null where the document is the list. */
  listKey: string | null;
  value: unknown;
}

/** A document that is deeper, or has more in one record, is no caption set, and would need memory without end. */
const MAX_DEPTH = 32;
const MAX_TOKENS_PER_RECORD = 100_000;
/** Faster than without by half; a buffer for texts makes it slower. */
const NUMBER_BUFFER_BYTES = 64;

const OPENING: readonly TokenType[] = [TokenType.LEFT_BRACE, TokenType.LEFT_BRACKET];
const CLOSING: readonly TokenType[] = [TokenType.RIGHT_BRACE, TokenType.RIGHT_BRACKET];

/** In batches, one for each piece of text. Throws `dataset-invalid` where the JSON is broken. */
export async function* readJsonRecords(texts: AsyncIterable<string>, root: '[' | '{', sourceName: string): AsyncGenerator<JsonRecord[]> {
  let batch: JsonRecord[] = [];
  const reader = new RecordReader(root, sourceName, (record) => batch.push(record));
  for await (const text of texts) {
    reader.write(text);
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
  reader.end();
}

class RecordReader {
  readonly #tokenizer = new Tokenizer({ numberBufferSize: NUMBER_BUFFER_BYTES });
  readonly #parser: TokenParser;
  #depth = 0;
  #tokensOfRecord = 0;
  #offset = 0;

  constructor(
    root: '[' | '{',
    private readonly sourceName: string,
    take: (record: JsonRecord) => void,
  ) {
    this.#parser = new TokenParser({ paths: [root === '[' ? '$.*' : '$.*.*'], keepStack: false });
    this.#parser.onValue = ({ value, parent, stack }) => {
      this.#tokensOfRecord = 0;
      if (!Array.isArray(parent)) return;
      const key = stack.at(-1)?.key;
      take({ listKey: typeof key === 'string' ? key : null, value });
    };
    this.#tokenizer.onToken = (token) => {
      this.#offset = token.offset;
      if (OPENING.includes(token.token)) this.#depth++;
      else if (CLOSING.includes(token.token)) this.#depth--;
      if (this.#depth > MAX_DEPTH) throw this.#refuse(`is nested deeper than ${MAX_DEPTH} levels`);
      if (++this.#tokensOfRecord > MAX_TOKENS_PER_RECORD) throw this.#refuse('has a record too large for a caption');
      this.#parser.write(token);
    };
    // What comes after the document may only be blank.
    this.#parser.onEnd = () => this.#tokenizer.end();
    this.#tokenizer.onError = (error) => this.#fail(error);
    this.#parser.onError = (error) => this.#fail(error);
  }

  write(text: string): void {
    this.#tokenizer.write(text);
  }

  end(): void {
    if (!this.#parser.isEnded) throw this.#refuse('is JSON that ends in the middle', 'The file may be cut off: get it again.');
  }

  /** Refusals pass as they are; what the library says about bytes and states is of no use to anyone. */
  #fail(error: Error): never {
    if (error instanceof AppError) throw error;
    if (this.#parser.isEnded) {
      throw this.#refuse(
        'has something after its JSON document',
        'With one object per line it is JSON Lines: start each line with its object.',
      );
    }
    throw this.#refuse('is JSON that can’t be read', 'The file may be damaged or cut off: get it again, or write it again as valid JSON.');
  }

  #refuse(problem: string, hint?: string): AppError {
    return invalidDataset(this.sourceName, `${problem} (near byte ${formatCount(this.#offset)})`, hint);
  }
}
