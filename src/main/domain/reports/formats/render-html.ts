// A report as one HTML file without script or reference: it opens without a network, anywhere, and prints.
import { nameAxis, type ChartDescription } from '../../../../shared/chart-description.js';
import { assertNever } from '../../../../shared/errors.js';
import {
  nameColumn,
  nameMark,
  type ReportBlock,
  type ReportDocument,
  type ReportImage,
  type ReportImageGrid,
  type ReportMark,
  type ReportTable,
} from '../../../../shared/report-document.js';
import { drawChart } from '../charts/draw-chart.js';
import { drawingSvg } from './chart-svg.js';
import { cleanDocument } from './clean-document.js';
import { type Html, html, htmlTable } from './html.js';
import { badge, htmlPage } from './html-page.js';
import type { ReportPictures } from './pictures.js';
import { parseText, parseWords, type Words } from '../../../../shared/text-parts.js';

export function renderHtml(original: ReportDocument, pictures: ReportPictures): string {
  const document = cleanDocument(original);
  const caveats = document.caveats.map(({ mark, text }) => html`<li>${markBadge(mark)} ${text}</li>`);
  const facts = document.facts.map(({ label, value }) => html`<div class="figure"><span class="soft">${label}</span><b>${value}</b></div>`);
  const body = html`<h1>${document.title}</h1>
    <p class="soft">${document.subtitle}</p>
    ${
      caveats.length > 0
        ? html`<ul class="caveats">
            ${caveats}
          </ul>`
        : null
    }
    ${facts.length > 0 ? html`<div class="figures">${facts}</div>` : null} ${document.blocks.map((block) => blockHtml(block, pictures))}`;
  return htmlPage(`${document.title}: DEdgeAI report`, body);
}

function markBadge(mark: ReportMark): Html {
  return badge(mark === 'invalid' ? 'bad' : 'warn', nameMark(mark));
}

function blockHtml(block: ReportBlock, pictures: ReportPictures): Html {
  switch (block.kind) {
    case 'heading':
      return html`<h2>${block.text}</h2>`;
    case 'text':
      return html`${parseText(block.text).map((part) =>
        part.kind === 'list'
          ? html`<ul>
              ${part.items.map((words) => html`<li>${wordsHtml(words)}</li>`)}
            </ul>`
          : html`<p>${wordsHtml(part.words)}</p>`,
      )}`;
    case 'table':
      return tableHtml(block);
    case 'chart': {
      const note = block.note === undefined ? '' : `. ${block.note}`;
      return html`<figure class="chart">
        ${drawingSvg(drawChart(block.chart))}
        <figcaption>${describeChart(block.chart)}${note}</figcaption>
      </figure>`;
    }
    case 'images':
      return imagesHtml(block, pictures);
    case 'image-grid':
      return gridHtml(block, pictures);
    case 'code':
      return html`<p class="soft">${block.caption}</p>
        <pre>${block.text}</pre>`;
    case 'notes':
      return html`<ul class="soft">
        ${block.items.map((item) => html`<li>${wordsHtml(parseWords(item))}</li>`)}
      </ul>`;
    default:
      return assertNever(block);
  }
}

/** `Title: value (unit)` */
export function describeChart(chart: ChartDescription): string {
  if (chart.kind === 'bars') return `${chart.title}: ${nameAxis(chart.value)}`;
  return chart.title;
}

function wordsHtml(words: readonly Words[]): Html[] {
  return words.map(({ kind, text }) => {
    if (kind === 'strong') return html`<strong>${text}</strong>`;
    return kind === 'code' ? html`<code>${text}</code>` : html`${text}`;
  });
}

function tableHtml({ caption, columns, rows }: ReportTable): Html {
  const classOf = (column: number): Html => (columns[column]?.align === 'right' ? html` class="number"` : html``);
  const cellHtml = (cell: ReportTable['rows'][number][number], column: number): Html => {
    const marks = (cell.marks ?? []).map((mark) => html` ${markBadge(mark)}`);
    return column === 0
      ? html`<th scope="row" ${classOf(column)}>${cell.text}${marks}</th>`
      : html`<td${classOf(column)}>${cell.text}${marks}</td>`;
  };
  return htmlTable({
    caption: html`${caption}`,
    heads: html`${columns.map((column, index) => html`<th${classOf(index)}>${nameColumn(column)}</th>`)}`,
    rows: rows.map(
      (row) =>
        html`<tr>
          ${row.map(cellHtml)}
        </tr>`,
    ),
  });
}

function pictureHtml({ sha256, alt }: Pick<ReportImage, 'sha256' | 'alt'>, pictures: ReportPictures): Html {
  const picture = pictures.get(sha256);
  const source = picture && `data:${picture.mediaType};base64,${Buffer.from(picture.bytes).toString('base64')}`;
  return source
    ? html`<img src="${source}" alt="${alt}" loading="lazy" />`
    : html`<span class="soft">Not shown: the image is missing or damaged.</span>`;
}

function imagesHtml({ caption, images }: Extract<ReportBlock, { kind: 'images' }>, pictures: ReportPictures): Html {
  const figures = images.map(({ sha256, caption: words, alt, marks }) => {
    return html`<figure>
      ${pictureHtml({ sha256, alt }, pictures)}
      <figcaption>${marks.map(markBadge)} ${words}</figcaption>
    </figure>`;
  });
  return html`<p class="soft">${caption}</p>
    <div class="gallery">${figures}</div>`;
}

function gridHtml({ caption, columns, rows }: ReportImageGrid, pictures: ReportPictures): Html {
  const cellHtml = (image: ReportImage | null): Html =>
    image === null
      ? html`<td class="soft">No image</td>`
      : html`<td>
          ${pictureHtml(image, pictures)}
          <span class="soft">${image.marks.map(markBadge)} ${image.caption}</span>
        </td>`;
  const table = htmlTable({
    caption: html`${caption}`,
    heads: html`<th>Prompt</th>
      ${columns.map(({ title, marks }) => html`<th>${title} ${marks.map(markBadge)}</th>`)}`,
    rows: rows.map(
      ({ title, cells }) =>
        html`<tr>
          <th scope="row">${title}</th>
          ${cells.map(cellHtml)}
        </tr>`,
    ),
  });
  return html`<div class="side-by-side">${table}</div>`;
}
