// The part of Markdown that texts of reports may use: paragraphs, lists of one level, strong words and code. Everything else is plain text.

export interface Words {
  kind: 'plain' | 'strong' | 'code';
  text: string;
}

export type TextPart = { kind: 'paragraph'; words: Words[] } | { kind: 'list'; items: Words[][] };

export function parseText(text: string): TextPart[] {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const lines = part.split('\n');
      if (!lines.every((line) => line.startsWith('- '))) return { kind: 'paragraph', words: parseWords(lines.join(' ')) };
      return { kind: 'list', items: lines.map((line) => parseWords(line.slice(2))) };
    });
}

export function parseWords(text: string): Words[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      if (/^\*\*[^*]+\*\*$/.test(piece)) return { kind: 'strong', text: piece.slice(2, -2) };
      if (/^`[^`]+`$/.test(piece)) return { kind: 'code', text: piece.slice(1, -1) };
      return { kind: 'plain', text: piece };
    });
}
