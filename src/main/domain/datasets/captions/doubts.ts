// Whether a caption that was found looks like something else.
import type { DoubtReason } from '../../../../shared/dataset.js';
import type { Separator } from './caption-layout.js';
import { hasLetters, isFileName, isMarkup, startsWithFileName } from './value-kinds.js';

/** `sharedSeparator` is one that all lines have where lines are taken as captions. Null for a caption like any other. */
export function findDoubt(text: string, sharedSeparator: Separator | null): DoubtReason | null {
  if (isFileName(text) || startsWithFileName(text)) return 'file-name';
  // A tab has become a space by now.
  if (sharedSeparator === '\t' || (sharedSeparator !== null && text.includes(sharedSeparator))) return 'shared-delimiter';
  if (isMarkup(text)) return 'markup';
  return hasLetters(text) ? null : 'no-letters';
}
