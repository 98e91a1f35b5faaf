// A drawing as SVG without script, font or reference. Colors are the page's variables, so that it is right in light, dark and print.
import { assertNever } from '../../../../shared/errors.js';
import { AREA_OPACITY, type DrawnItem, type Drawing, FONT_PX, type Ink, markerOutline, type Point } from '../../../../shared/drawing.js';
import { colorOfInk } from '../charts/ink-colors.js';
import { type Html, html } from './html.js';

const TITLE_PX = 26;

export function drawingSvg({ title, width, height, items }: Drawing): Html {
  const shapes = items.map((item) => itemSvg(item, variableOf));
  return html`<svg viewBox="0 0 ${width} ${Math.ceil(height)}" role="img" aria-label="${title}">${shapes}</svg>`;
}

/** A file of its own, for papers and slides: on white, in the colors of the light page, with its title above. */
export function drawingSvgFile({ title, width, height, items }: Drawing): string {
  const shapes = items.map((item) => itemSvg(item, colorOfInk));
  const whole = Math.ceil(height) + TITLE_PX;
  const svg = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${whole}"
    width="${width}"
    height="${whole}"
    font-family="sans-serif"
    font-size="${FONT_PX}"
    role="img"
    aria-label="${title}"
  >
    <rect width="${width}" height="${whole}" fill="#ffffff" />
    <text x="8" y="17" font-size="14" font-weight="bold" fill="${colorOfInk('text')}">${title}</text>
    <g transform="translate(0 ${TITLE_PX})">${shapes}</g>
  </svg>`;
  return `${svg.text}\n`;
}

function variableOf(ink: Ink): string {
  return `var(--${ink})`;
}

function itemSvg(item: DrawnItem, color: (ink: Ink) => string): Html {
  switch (item.kind) {
    case 'rect':
      return html`<rect
        x="${px(item.x)}"
        y="${px(item.y)}"
        width="${px(item.width)}"
        height="${px(item.height)}"
        fill="${color(item.ink)}"
      />`;
    case 'line': {
      const dash = item.dash?.length ? html` stroke-dasharray="${item.dash.join(' ')}"` : null;
      return html`<polyline points="${pairs(item.points)}" fill="none" stroke="${color(item.ink)}" stroke-width="${item.width}" ${dash} />`;
    }
    case 'area':
      return html`<polygon points="${pairs(item.points)}" fill="${color(item.ink)}" fill-opacity="${AREA_OPACITY}" />`;
    case 'marker':
      return html`<polygon points="${pairs(markerOutline(item.shape, item.at))}" fill="${color(item.ink)}" />`;
    case 'text': {
      const turn = item.isUpright ? html` transform="rotate(-90 ${px(item.x)} ${px(item.y)})"` : null;
      const [x, y] = [px(item.x), px(item.y)];
      return html`<text x="${x}" y="${y}" text-anchor="${item.anchor}" style="fill:${color(item.ink)}" ${turn}>${item.text}</text>`;
    }
    default:
      return assertNever(item);
  }
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function pairs(points: readonly Point[]): string {
  return points.map(([x, y]) => `${px(x)},${px(y)}`).join(' ');
}
