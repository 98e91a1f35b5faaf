import { describe, expect, it } from 'vitest';
import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { noteNodes } from '../../../../src/renderer/views/history/note-nodes.js';
import { HOSTILE_TEXTS } from '../../../support/hostile-texts.js';

const html = async (markdown: string): Promise<string> =>
  (await renderToString(createSSRApp(() => noteNodes(markdown)))).replace(/<!--.*?-->/g, '');

describe('a note', () => {
  it('has emphasis, lists, tables, code and links of the web', async () => {
    const shown = await html('**cooler** room\n\n- one\n- [x] two\n\n| a |\n| - |\n| 1 |\n\n`x<y`\n\n[paper](https://example.org/a?b=1&c)');
    for (const part of [
      '<strong>cooler</strong>',
      '<li>one</li>',
      '☑ two',
      '<td',
      'x&lt;y</code>',
      'href="https://example.org/a?b=1&amp;c"',
    ]) {
      expect(shown).toContain(part);
    }
  });

  it('shows markup as what it is, leads to no script and loads no picture', async () => {
    const shown = await html(
      '<img src=x onerror=alert(1)> <script>alert(1)</script>\n\n[x](javascript:alert(1)) ![secret](https://example.org/p.png)',
    );
    expect(shown).not.toMatch(/<(script|img)/);
    expect(shown).not.toContain('javascript:');
    expect(shown).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(shown).toContain('[picture: secret]');
  });

  it.each(HOSTILE_TEXTS)('is harmless when it is %j', async (text) => {
    const shown = await html(text);
    expect(shown).not.toMatch(/<(script|img|iframe|svg|style|object|embed|form|input|base|meta|link)\b/i);
    expect(shown).not.toMatch(/<[^>]*\s(on\w+|style|src|srcdoc)=/i);
    expect(shown.match(/href="(?!https?:)/g)).toBeNull();
  });

  it('is shown as it is written where reading it would take too long or too deep', async () => {
    expect(await html('_a_'.repeat(20_000))).toContain('_a__a_');
    expect(await html('>'.repeat(9_000))).toContain('&gt;');
  });
});
