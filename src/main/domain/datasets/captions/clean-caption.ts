// A caption as it is kept: without what can't be seen or would turn other text around.
import type { Caption } from './caption-layout.js';

/** Longer ones are malformed: the longest caption of Flickr8k has 199 characters. */
export const MAX_CAPTION_LENGTH = 2000;
const MAX_IMAGE_NAME_LENGTH = 255;

/** Control characters become spaces; marks that turn the direction of text or can't be seen are dropped. */
export function cleanText(text: string): string {
  // Most captions need nothing of it: ASCII without control characters.
  if (/^[ -~]*$/.test(text)) return text.trim();
  return text
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
    .trim();
}

/** Null for one that is too long. An image's name that is no such name is left out. */
export function makeCaption(text: string, imageName: string | null): Caption | null {
  if (text.length > MAX_CAPTION_LENGTH) return null;
  const cleanName = imageName === null ? '' : cleanText(imageName);
  return { text: cleanText(text), imageName: cleanName === '' || cleanName.length > MAX_IMAGE_NAME_LENGTH ? null : cleanName };
}
