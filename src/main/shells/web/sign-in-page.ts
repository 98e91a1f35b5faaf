// What a browser sees that is not signed in, or not any more: what happened, the two steps, and a field for the address. No script; the words
// are those of the window (src/renderer/layout/SessionExpired.vue).
import { createHash } from 'node:crypto';
import { securityHeaders } from '../window-files/security-headers.js';

const STYLE = `
:root { color-scheme: light dark; --canvas: #f3f5f7; --ink: #151a21; --muted: #4f5967; --line: #768291; --surface: #fff; --accent: #0a5aa8; --on-accent: #fff; --danger: #ab2018 }
@media (prefers-color-scheme: dark) { :root { --canvas: #0f1317; --ink: #e7ebf0; --muted: #a7b1be; --line: #748193; --surface: #171c22; --accent: #6db3f8; --on-accent: #06182b; --danger: #ff8f86 } }
body { margin: 0; background: var(--canvas); color: var(--ink); font: 14px/22px system-ui, sans-serif }
main { box-sizing: border-box; max-width: 40rem; margin: 12vh auto 0; padding: 1rem }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 .5rem }
p, ol { margin: 0 0 1rem } ol { padding-left: 1.5rem }
.program { color: var(--muted); margin: 0 } .error { color: var(--danger); margin: .25rem 0 0 }
label { display: block; font-weight: 600 }
input { box-sizing: border-box; width: 100%; height: 32px; padding: 0 8px; border: 1px solid var(--line); border-radius: 5px; background: var(--surface); color: var(--ink); font: inherit }
button { margin-top: .75rem; height: 32px; padding: 0 12px; border: 0; border-radius: 5px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
`;
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** Its form leads to an address of this computer, which may be another port's. */
const POLICY = (securityHeaders()['content-security-policy'] ?? '')
  .replace("style-src 'self'", `style-src ${STYLE_HASH}`)
  .replace("form-action 'none'", "form-action 'self' http://127.0.0.1:* http://localhost:*");

/** `error`: what was wrong with the address that was sent. */
export function signInPage(error: string | null): Response {
  const complaint = error === null ? '' : `<p class="error" id="error" role="alert">${error}</p>`;
  const described = error === null ? '' : ' aria-invalid="true" aria-describedby="error"';
  const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in · DEdgeAI Control Center</title><style>${STYLE}</style></head>
<body><main>
<p class="program">DEdgeAI Control Center</p>
<h1>This browser is not signed in</h1>
<p>The program was started again since this address was opened, or the address was used already: each works once. Nothing is lost; what was started is stored.</p>
<ol>
<li>In the terminal where the program runs, copy the address that it printed last. It ends with <code>?token=…</code></li>
<li>Paste it here and open it.</li>
</ol>
<form action="/" method="get">
<label for="address">New address</label>
<input id="address" name="address" required autofocus autocomplete="off" spellcheck="false" placeholder="http://127.0.0.1:PORT/?token=…"${described}>
${complaint}
<button>Open</button>
</form>
</main></body></html>
`;
  return new Response(page, {
    status: 401,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': POLICY },
  });
}
