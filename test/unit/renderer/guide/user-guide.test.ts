// docs/user-guide.md, which the window shows too: every view has its section, and whatever the guide leads to is there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { walkTokens, type Token, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { createSSRApp } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { renderToString } from 'vue/server-renderer';
import { guideNodes } from '../../../../src/renderer/views/guide/guide-nodes.js';
import { GUIDE_SECTIONS } from '../../../../src/renderer/views/guide/guide-sections.js';
import { headingId, readGuide } from '../../../../src/renderer/views/guide/read-guide.js';
import { WINDOW_VIEWS } from '../../../../src/shared/window-commands.js';

const DOCS = join(import.meta.dirname, '../../../../docs');
const markdown = readFileSync(join(DOCS, 'user-guide.md'), 'utf8');
const guide = readGuide(markdown);
const tokens: Token[] = [];
void walkTokens([...guide.tokens], (token) => void tokens.push(token));
const hrefs = (type: 'link' | 'image'): string[] => tokens.flatMap((token) => (token.type === type ? [(token as Tokens.Link).href] : []));

async function html(text: string, addressOf = (name: string): string | undefined => `assets/${name}.png`): Promise<string> {
  const app = createSSRApp(() => guideNodes(readGuide(text), addressOf));
  const routes = [{ path: '/guide/:section?', name: 'guide', component: {} }];
  app.use(createRouter({ history: createMemoryHistory(), routes }));
  return (await renderToString(app)).replace(/<!--.*?-->/g, '');
}

describe("the user's guide", () => {
  it('has the sections that help leads to, and no others', () => {
    expect(guide.sections.map(({ id }) => id)).toEqual(GUIDE_SECTIONS);
  });

  it('has a section that says where each view of the navigation is', () => {
    for (const { key, label } of WINDOW_VIEWS) expect(markdown, label).toMatch(new RegExp(`\`g\` \`${key}\``));
  });

  it('has no two headings of one id', () => {
    const ids = guide.tokens.flatMap((token) => (token.type === 'heading' ? [headingId(String(token['text']))] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leads to sections and pages that exist', () => {
    const ids = new Set(guide.sections.map(({ id }) => id));
    expect(hrefs('link').length).toBeGreaterThan(10);
    for (const href of hrefs('link')) {
      if (href.startsWith('#')) expect(ids, href).toContain(href.slice(1));
      else if (!/^https:/.test(href)) expect(existsSync(join(DOCS, href)), href).toBe(true);
    }
  });

  it('shows pictures that exist, light and dark, each with words for who does not see it', () => {
    expect(hrefs('image').length).toBeGreaterThan(5);
    for (const href of hrefs('image')) {
      expect(existsSync(join(DOCS, href)), href).toBe(true);
      expect(existsSync(join(DOCS, href.replace('.png', '-dark.png'))), `${href} in the dark theme`).toBe(true);
    }
    for (const token of tokens) if (token.type === 'image') expect((token as Tokens.Image).text.length).toBeGreaterThan(5);
  });
});

describe('the guide in the window', () => {
  it('has headings that can be led to, and leaves the first to the page', async () => {
    const shown = await html('# User guide\n\n## Table V\n\n### Add nodes');
    expect(shown).not.toContain('<h1');
    expect(shown).toMatch(/<h2 id="guide-table-v" tabindex="-1"[^>]*>Table V<\/h2>/);
    expect(shown).toContain('id="guide-add-nodes"');
  });

  it('leads to its sections within the window, names other pages, and opens the web apart', async () => {
    const shown = await html('[there](#table-v) [history](history.md#queries) [paper](https://example.org/)');
    expect(shown).toMatch(/href="\/guide\/table-v"[^>]*>there</);
    expect(shown).toMatch(/history \(<span[^>]*>docs\/history.md#queries<\/span>\)/);
    expect(shown).toMatch(/href="https:\/\/example.org\/" target="_blank" rel="noopener noreferrer"/);
  });

  it('shows its pictures, and no others', async () => {
    expect(await html('![Table V](images/table-v.png)')).toMatch(/<img src="assets\/table-v.png" alt="Table V"/);
    expect(await html('![x](https://example.org/p.png) ![y](images/../p.png)')).not.toContain('<img');
    expect(await html('![gone](images/gone.png)', () => undefined)).toContain('[picture: gone]');
  });

  it('takes no markup over', async () => {
    expect(await html('<script>alert(1)</script>')).not.toContain('<script');
  });
});
