// A note as elements. The text comes from people and imported files.
import { lexer } from 'marked';
import { h } from 'vue';
import { markdownNodes, type Child } from '../../components/markdown-nodes.js';

/** Reading takes as long as the square of some texts: what is longer is shown as it is written. */
const MAX_READ_LENGTH = 10_000;

/** Elements for a whole note; the text as it is where it can't be read. */
export function noteNodes(markdown: string): Child[] {
  const asWritten = (): Child[] => [h('p', { class: 'whitespace-pre-wrap' }, markdown)];
  if (markdown.length > MAX_READ_LENGTH) return asWritten();
  try {
    return markdownNodes(lexer(markdown, { gfm: true, breaks: true }));
  } catch {
    // Thousands of marks within one another are more than the stack holds.
    return asWritten();
  }
}
