// The names that columns and fields have in published caption sets.

/** Best first. */
const CAPTION_NAMES = [
  ...['caption', 'captions', 'comment', 'sentence', 'sentences', 'text', 'texts', 'prompt', 'prompts', 'description', 'raw'],
  ...['caption_text', 'alt_text', 'alttext', 'alt', 'long_caption', 'short_caption', 'caption_str'],
];
/** `caption_0`, `Caption 3`, `sentence1`: one of several columns of the same kind. */
const NUMBERED = /^(caption|comment|sentence|text|prompt|description)s?_?\d+$/;
const CAPTION_PART = /(^|_)(caption|prompt|description|sentence)s?(_|$)/;
const IMAGE_NAMES = [
  ...['file_name', 'filename', 'image_name', 'image', 'img', 'image_file', 'image_path', 'img_path', 'filepath', 'path'],
  ...['image_id', 'img_id', 'imgid', 'image_url', 'url', 'key', 'id'],
];

/** `"Image Name"` is `image_name`. */
export function plainName(name: string): string {
  return name
    .trim()
    .replace(/^["']|["']$/g, '')
    .trim()
    .toLowerCase()
    .replace(/[\s.-]+/g, '_');
}

/** How surely a column of this name holds captions: 0 for the surest, null for not by its name. */
function captionRank(name: string): number | null {
  const plain = plainName(name);
  const index = CAPTION_NAMES.indexOf(plain);
  if (index >= 0) return index;
  if (NUMBERED.test(plain)) return CAPTION_NAMES.length;
  return CAPTION_PART.test(plain) ? CAPTION_NAMES.length + 1 : null;
}

/** `caption`, `text`, `caption_2`: not only a name with such a word in it. */
export function isExactCaptionName(name: string): boolean {
  const rank = captionRank(name);
  return rank !== null && rank <= CAPTION_NAMES.length;
}

/** Columns of the surest name; of numbered ones all. */
export function findCaptionNames(names: readonly string[]): string[] {
  const ranked = names.flatMap((name) => {
    const rank = captionRank(name);
    return rank === null ? [] : [{ name, rank }];
  });
  const best = Math.min(...ranked.map(({ rank }) => rank));
  const found = ranked.filter(({ rank }) => rank === best).map(({ name }) => name);
  return found[0] !== undefined && NUMBERED.test(plainName(found[0])) ? found : found.slice(0, 1);
}

/** The column that says which image a caption is of. */
export function findImageName(names: readonly string[]): string | null {
  for (const requested of IMAGE_NAMES) {
    const found = names.find((name) => plainName(name) === requested);
    if (found !== undefined) return found;
  }
  return names.find((name) => plainName(name).endsWith('_file_name')) ?? null;
}
