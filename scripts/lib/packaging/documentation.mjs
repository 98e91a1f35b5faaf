// README and docs of a package as pages of HTML: every system shows those, and few have a program for Markdown. Help, Documentation opens
// the first; nothing in them is fetched from anywhere.
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromProject } from '../paths.mjs';

const STYLE = `body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
pre { overflow-x: auto; padding: 0.75rem; background: #8882; } code { font-size: 0.9em; }
table { border-collapse: collapse; } th, td { padding: 0.25rem 0.6rem; border: 1px solid #8886; text-align: left; vertical-align: top; }
img { max-width: 100%; } :root { color-scheme: light dark; }`;
/** Pages that a package has; links to anything else of the checkout lead nowhere there. */
const PAGES = () => ['README.md', 'CHANGELOG.md', ...markdownIn('docs'), ...markdownIn('docs/adr')];

/** Writes the pages and their pictures below `dir`, under the paths they have in the checkout. */
export async function writeDocumentation(dir) {
  const { Marked } = await import('marked');
  const pages = new Set(PAGES());
  for (const page of pages) {
    const target = join(dir, toHtml(page));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, render(new Marked({ gfm: true }), page, pages));
  }
  cpSync(fromProject('docs/images'), join(dir, 'docs/images'), { recursive: true });
}

function render(marked, page, pages) {
  marked.use({
    renderer: {
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const target = resolveLink(href, page, pages);
        return target === null ? text : `<a href="${escapeHtml(target)}">${text}</a>`;
      },
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
    },
  });
  const markdown = readFileSync(fromProject(page), 'utf8');
  const title = /^# (.*)$/m.exec(markdown)?.[1] ?? page;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>
${marked.parse(markdown)}</body></html>
`;
}

/** Null for what is not in the package: the words stay, the link goes. */
function resolveLink(href, page, pages) {
  if (/^(https?:|#)/.test(href)) return href;
  const [path, anchor] = href.split('#');
  const target = join(dirname(page), path);
  if (!pages.has(target)) return null;
  return `${toHtml(path)}${anchor ? `#${anchor}` : ''}`;
}

function markdownIn(folder) {
  return readdirSync(fromProject(folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function toHtml(path) {
  return path.replace(/\.md$/, '.html');
}

/** As code hosts make them of headings. */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
