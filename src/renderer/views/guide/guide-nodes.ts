// The guide as elements: headings that can be led to, pictures of the program, and links that stay in the program where they can.
import type { Tokens } from 'marked';
import { h, type VNode } from 'vue';
import { RouterLink } from 'vue-router';
import { linkNode, markdownNodes, type Child, type Drawings } from '../../components/markdown-nodes.js';
import { headingId, type Guide } from './read-guide.js';

type DrawChildren = Parameters<NonNullable<Drawings['link']>>[1];

/** Apart from the ids of the window itself, such as `settings`. */
export const elementId = (section: string): string => `guide-${section}`;

/** `addressOf` gives where a picture is, by its name without folder and ending; undefined where there is none. */
export function guideNodes(guide: Guide, addressOf: (name: string) => string | undefined): Child[] {
  return markdownNodes(guide.tokens, {
    heading: drawHeading,
    link: drawLink,
    image: (image) => drawPicture(image, addressOf),
    list: (list, children) =>
      h(
        list.ordered ? 'ol' : 'ul',
        { class: `space-y-1 pl-5 ${list.ordered ? 'list-decimal' : 'list-disc'}` },
        list.items.map((item) => h('li', children(item.tokens))),
      ),
  });
}

/** The page's heading stands for the first. */
function drawHeading({ depth, text, tokens }: Tokens.Heading, children: DrawChildren): Child[] {
  if (depth === 1) return [];
  const look =
    depth === 2
      ? 'scroll-mt-12 border-t border-line pt-4 text-lg font-semibold outline-none'
      : 'scroll-mt-12 pt-1 font-semibold outline-none';
  return [h(`h${depth}`, { id: elementId(headingId(text)), tabindex: -1, class: look }, children(tokens))];
}

/** Other pages of the documentation are not in the program: they are named. */
function drawLink(link: Tokens.Link, children: DrawChildren): Child | Child[] {
  if (link.href.startsWith('#')) {
    const to = { name: 'guide', params: { section: link.href.slice(1) } };
    return h(RouterLink, { to, class: 'text-accent underline' }, () => children(link.tokens));
  }
  if (/^[\w-]+\.md(#|$)/.test(link.href))
    return [...children(link.tokens), ' (', h('span', { class: 'font-mono text-xs' }, `docs/${link.href}`), ')'];
  return linkNode(link, children);
}

/** Its room is kept until it is loaded, so that a section that was led to stays where it is. */
function drawPicture({ href, text }: Tokens.Image, addressOf: (name: string) => string | undefined): VNode | string {
  const name = /^images\/([\w-]+)\.png$/.exec(href)?.[1];
  const src = name === undefined ? undefined : addressOf(name);
  if (src === undefined) return `[picture: ${text}]`;
  return h('img', { src, alt: text, width: 1280, height: 800, loading: 'lazy', class: 'h-auto w-full rounded-md border border-line' });
}
