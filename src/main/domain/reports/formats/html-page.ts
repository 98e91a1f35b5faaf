// The frame of an HTML report: one file without a single reference to anything outside.
import { chartColorVariables } from '../../../../shared/chart-colors.js';
import { Html, html } from './html.js';

const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #151a21; --soft: #4f5967; --line: #d8dde3; --grid: #e3e7ec; --card: #f5f7f9;
  --reference: #4f5967; ${chartColorVariables('light')}
  --warn: #7d5200; --warn-ground: #fff3dc; --bad: #ab2018; --bad-ground: #fde8e8; --good: #14703c;
  --good-ground: #e3f5e9; }
@media screen and (prefers-color-scheme: dark) { :root { --ground: #14171b; --text: #e7ebf0; --soft: #a7b1be; --line: #333a42;
  --grid: #2a3037; --card: #1d2126; --reference: #a7b1be; ${chartColorVariables('dark')}
  --warn: #f0bb55; --warn-ground: #3a2a10; --bad: #ff8f86;
  --bad-ground: #401a1a; --good: #5fd292; --good-ground: #15341f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.soft { color: var(--soft); } .badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-weight: 600; font-size: .85rem; }
.warn { color: var(--warn); background: var(--warn-ground); } .bad { color: var(--bad); background: var(--bad-ground); }
.good { color: var(--good); background: var(--good-ground); }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; }
.figure { background: var(--card); border-radius: .5rem; padding: .6rem .8rem; } .figure b { display: block; font-size: 1.25rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; } caption { text-align: left; color: var(--soft); padding: .3rem 0; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .75rem; }
.gallery figure { margin: 0; } .gallery img { width: 100%; height: auto; border-radius: .4rem; display: block; }
.side-by-side img { width: 100%; min-width: 8rem; height: auto; border-radius: .4rem; display: block; } .side-by-side td { font-size: .8rem; }
.chart { margin: 1rem 0; max-width: 48rem; } .caveats { padding-left: 1.2rem; } h1, p, li, pre { overflow-wrap: anywhere; } td, th { overflow-wrap: break-word; max-width: 32rem; } th.number { white-space: normal; }
figcaption { font-size: .8rem; color: var(--soft); overflow-wrap: anywhere; }
svg { display: block; max-width: 100%; height: auto; } svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
pre { background: var(--card); padding: .8rem; border-radius: .5rem; overflow-x: auto; }
@page { margin: 18mm 15mm; }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } h2 { break-after: avoid; } figure, tr, .figure { break-inside: avoid; }
  pre { white-space: pre-wrap; } .scroll { overflow: visible; } .badge { border: 1px solid; } }
`;

export function badge(kind: 'warn' | 'bad' | 'good', text: string): Html {
  return html`<span class="badge ${kind}">${text}</span>`;
}

/** A whole document. The policy in it forbids everything but its own style and inline pictures, should something slip through. */
export function htmlPage(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}
