// A note as elements. The text comes from people and imported files: marked only reads it, and what it finds becomes elements named here, with
// text in them. No markup of the note's own is ever taken over, no picture is loaded, and a link leads to a web address or nowhere.
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { h, type VNode } from 'vue';

type Child = VNode | string;

/** Reading takes as long as the square of some texts: what is longer is shown as it is written. */
const MAX_READ_LENGTH = 10_000;

/** Elements for a whole note; the text as it is where it can't be read. */
export function noteNodes(markdown: string): Child[] {
  const asWritten = (): Child[] => [h('p', { class: 'whitespace-pre-wrap' }, markdown)];
  if (markdown.length > MAX_READ_LENGTH) return asWritten();
  try {
    return children(lexer(markdown, { gfm: true, breaks: true }));
  } catch {
    // Thousands of marks within one another are more than the stack holds.
    return asWritten();
  }
}

function children(tokens: readonly Token[] | undefined): Child[] {
  return (tokens ?? []).flatMap((token) => nodeOf(token as MarkedToken));
}

function nodeOf(token: MarkedToken): Child | Child[] {
  switch (token.type) {
    case 'paragraph':
      return h('p', children(token.tokens));
    // The page has its own headings: those of a note are no part of its outline.
    case 'heading':
      return h('p', { class: 'font-semibold' }, children(token.tokens));
    case 'strong':
      return h('strong', children(token.tokens));
    case 'em':
      return h('em', children(token.tokens));
    case 'del':
      return h('del', children(token.tokens));
    case 'blockquote':
      return h('blockquote', { class: 'border-l-3 border-line-strong pl-2 text-muted' }, children(token.tokens));
    case 'code':
      return h('pre', { class: 'overflow-x-auto rounded-md bg-sunken p-2 font-mono text-xs', tabindex: 0 }, token.text);
    case 'codespan':
      return h('code', { class: 'rounded-sm bg-sunken px-1 font-mono text-xs' }, token.text);
    case 'list':
      return listNode(token);
    case 'table':
      return tableNode(token);
    case 'link':
      return linkNode(token);
    case 'hr':
      return h('hr', { class: 'border-line' });
    case 'br':
      return h('br');
    case 'text':
      return token.tokens ? children(token.tokens) : token.text;
    case 'escape':
      return token.text;
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ ';
    case 'space':
    case 'def':
      return [];
    // A picture is named, markup is shown as what it is.
    case 'image':
      return token.text === '' ? '[picture]' : `[picture: ${token.text}]`;
    default:
      return token.raw;
  }
}

function listNode(list: Tokens.List): VNode {
  const items = list.items.map((item) => h('li', children(item.tokens)));
  if (!list.ordered) return h('ul', { class: 'list-disc space-y-0.5 pl-5' }, items);
  return h('ol', { class: 'list-decimal space-y-0.5 pl-5', start: list.start === '' ? 1 : list.start }, items);
}

function tableNode({ header, rows }: Tokens.Table): VNode {
  const look = 'border border-line px-2 py-0.5 text-left align-top';
  return h('table', { class: 'border-collapse' }, [
    h(
      'thead',
      h(
        'tr',
        header.map((cell) => h('th', { class: look, scope: 'col' }, children(cell.tokens))),
      ),
    ),
    h(
      'tbody',
      rows.map((row) =>
        h(
          'tr',
          row.map((cell) => h('td', { class: look }, children(cell.tokens))),
        ),
      ),
    ),
  ]);
}

function linkNode({ href, tokens }: Tokens.Link): Child | Child[] {
  const isWeb = URL.canParse(href) && ['http:', 'https:'].includes(new URL(href).protocol);
  if (!isWeb) return children(tokens);
  return h('a', { class: 'text-accent underline', href, target: '_blank', rel: 'noopener noreferrer' }, children(tokens));
}
