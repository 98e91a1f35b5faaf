// The guide's Markdown, read once: its sections, and what is drawn of it.
import { lexer, type Token } from 'marked';

export interface Guide {
  tokens: readonly Token[];
  /** In their order; `id` is the one that GitHub gives the heading. */
  sections: readonly { id: string; title: string }[];
}

export function readGuide(markdown: string): Guide {
  const tokens = lexer(markdown, { gfm: true });
  const sections = tokens.flatMap((token) =>
    token.type === 'heading' && token['depth'] === 2 ? [{ id: headingId(String(token['text'])), title: String(token['text']) }] : [],
  );
  return { tokens, sections };
}

/** As GitHub makes it of a heading's words. */
export function headingId(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} -]/gu, '')
    .replaceAll(' ', '-');
}
