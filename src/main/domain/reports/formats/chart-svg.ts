// A drawing as SVG without script, font or reference. Colors are the page's variables, so that it is right in light, dark and print.
import { assertNever } from '../../../../shared/errors.js';
import { type DrawnItem, type Drawing, type Ink, markerOutline, type Point } from '../../../../shared/drawing.js';
import { type Html, html } from './html.js';

export function drawingSvg({ title, width, height, items }: Drawing): Html {
  return html`<svg viewBox="0 0 ${width} ${Math.ceil(height)}" role="img" aria-label="${title}">${items.map(itemSvg)}</svg>`;
}

function itemSvg(item: DrawnItem): Html {
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

function color(ink: Ink): string {
  return `var(--${ink})`;
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function pairs(points: readonly Point[]): string {
  return points.map(([x, y]) => `${px(x)},${px(y)}`).join(' ');
}
