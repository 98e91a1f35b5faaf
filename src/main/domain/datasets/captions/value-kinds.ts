// What a value looks like: a file name, a number, prose. The detection and the doubts are built of it.

const FILE_NAME = /^[^\s"'<>|]+\.(jpe?g|png|webp|gif|bmp|tiff?|avif|heic|svg|txt|json|csv|npy|pt|mp4)(#\d+)?$/i;
/** A file name at the start, and a delimiter or a number after it: a row that was not taken apart. */
const STARTS_WITH_FILE_NAME = /^["']?[^\s"'<>|,;]+\.(jpe?g|png|webp|gif|bmp|tiff?)["']?\s*(#\d|[|,;\t])/i;
const URL = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;
const PATH = /^(\.{0,2}\/|[a-z]:\\)\S+$/i;
const NUMBER = /^[+-]?\d+([.,]\d+)*%?$/;
/** One word with a digit in it: `COCO_val2014_000000391895`, a hash, a date. */
const IDENTIFIER = /^(?=\S*\d)[\w:./#-]+$/;
const WORD = /\p{L}[\p{L}\p{M}'’-]*/gu;
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

export function isFileName(value: string): boolean {
  return FILE_NAME.test(value) || URL.test(value) || PATH.test(value);
}

export function startsWithFileName(value: string): boolean {
  return STARTS_WITH_FILE_NAME.test(value);
}

export function hasLetters(value: string): boolean {
  return /\p{L}/u.test(value);
}

/** Says which thing, but nothing about it. */
export function isKey(value: string): boolean {
  return isFileName(value) || NUMBER.test(value) || IDENTIFIER.test(value);
}

/** At least two words, and not a file's name. */
export function isProse(value: string): boolean {
  if (isFileName(value) || startsWithFileName(value)) return false;
  return (value.match(WORD)?.length ?? 0) >= 2 || (value.match(UNSPACED)?.length ?? 0) >= 3;
}

/** JSON or a tag with its end, not a prompt in brackets. */
export function isMarkup(value: string): boolean {
  return /^[[{\]},"]*\s*"[\w$ .-]+"\s*:|^[\]}],?$|^\s*[[{]\s*("|$)|<\/[a-z][\w:-]*>|^<(\?xml|!doctype|!--|[a-z]+(\s[^<>]*)?\/>)/i.test(
    value,
  );
}

/** Share of the values that are so; 0 of none. */
export function shareOf(values: readonly string[], is: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(is).length / values.length;
}
