// Markdown as elements. marked only reads it, and what it finds becomes elements named here, with text in them: no markup of the text's own is
// ever taken over, no picture is loaded, and a link leads to a web address or nowhere, unless the caller draws these otherwise.
import type { MarkedToken, Token, Tokens } from 'marked';
import { h, type VNode } from 'vue';

export type Child = VNode | string;
type DrawChildren = (tokens: readonly Token[] | undefined) => Child[];
type TokenOf<Type> = Extract<MarkedToken, { type: Type }>;
/** Kinds of token that a place draws in its own way. */
export type Drawings = {
  [Type in MarkedToken['type']]?: (token: TokenOf<Type>, children: DrawChildren) => Child | Child[];
};

/** Elements for tokens of marked's lexer. Throws a RangeError for thousands of marks within one another. */
export function markdownNodes(tokens: readonly Token[], drawings: Drawings = {}): Child[] {
  return drawChildren(tokens);

  function drawChildren(inner: readonly Token[] | undefined): Child[] {
    return (inner ?? []).flatMap((token) => {
      const known = token as MarkedToken;
      const draw = drawings[known.type] as ((token: MarkedToken, children: DrawChildren) => Child | Child[]) | undefined;
      return draw ? draw(known, drawChildren) : nodeOf(known, drawChildren);
    });
  }
}

function nodeOf(token: MarkedToken, children: DrawChildren): Child | Child[] {
  switch (token.type) {
    case 'paragraph':
      return h('p', children(token.tokens));
    // The page has its own headings: those of a text in it are no part of its outline.
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
      return h('code', { class: 'rounded-sm border border-line-strong bg-sunken px-1 font-mono text-xs' }, token.text);
    case 'list':
      return listNode(token, children);
    case 'table':
      return tableNode(token, children);
    case 'link':
      return linkNode(token, children);
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

function listNode(list: Tokens.List, children: DrawChildren): VNode {
  const items = list.items.map((item) => h('li', children(item.tokens)));
  if (!list.ordered) return h('ul', { class: 'list-disc space-y-0.5 pl-5' }, items);
  return h('ol', { class: 'list-decimal space-y-0.5 pl-5', start: list.start === '' ? 1 : list.start }, items);
}

function tableNode({ header, rows }: Tokens.Table, children: DrawChildren): VNode {
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

/** A link to a web address; the words alone of any other. */
export function linkNode({ href, tokens }: Tokens.Link, children: DrawChildren): Child | Child[] {
  const isWeb = URL.canParse(href) && ['http:', 'https:'].includes(new URL(href).protocol);
  if (!isWeb) return children(tokens);
  return h('a', { class: 'text-accent underline', href, target: '_blank', rel: 'noopener noreferrer' }, children(tokens));
}
