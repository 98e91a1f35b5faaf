// The least of a template language: text is escaped unless it is Html already, so nothing that came from outside can become markup.
import { withoutOverrides } from '../../../../shared/foreign-text.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | Html | null | readonly Html[];

function render(value: Value): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return withoutOverrides(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  if (typeof value === 'number') return String(value);
  return value.map((part) => part.text).join('');
}

/** Tag for templates: html`<td>${text}</td>`. Attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.map((part, index) => part + (index < values.length ? render(values[index] ?? null) : '')).join(''));
}

/** A table that scrolls sideways where it is too wide: `heads` are its `<th>`s, `rows` its `<tr>`s. */
export function htmlTable({ caption, heads, rows }: { caption?: Html; heads: Html; rows: Html | readonly Html[] }): Html {
  const title = caption
    ? html`<caption>
        ${caption}
      </caption>`
    : null;
  return html`<div class="scroll">
    <table>
      ${title}
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
