// Opens the desktop's browser signed in. The address with its token is never an argument, which every user of the machine can read: the
// browser is given a page in a folder of this user alone that leads there.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const COMMANDS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** A browser that has not read the page by then never will. */
const KEEP_PAGE_MS = 120_000;

/**
 * Asks the desktop to open an address of this program. Where there is no desktop nothing happens: the address is printed as well. Returns
 * the function that removes the page, to be called when the address was used; it goes by itself after two minutes.
 */
export function openBrowser(url: string): () => void {
  const [command, ...args] = COMMANDS[process.platform] ?? ['xdg-open'];
  const hasDesktop = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (!hasDesktop) return () => undefined;
  const folder = mkdtempSync(join(folderForPages(), 'dedgeai-sign-in-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const page = join(folder, 'sign-in.html');
  writeFileSync(page, signInPage(url), { mode: 0o600 });
  const child = spawn(command, [...args, page], { stdio: 'ignore', detached: true });
  child.once('error', remove);
  child.unref();
  const timer = setTimeout(remove, KEEP_PAGE_MS).unref();
  return () => {
    clearTimeout(timer);
    remove();
  };
}

/** A browser that is a snap sees neither /tmp nor folders whose names start with a dot. */
function folderForPages(): string {
  return existsSync('/snap/bin') ? homedir() : tmpdir();
}

/** `url` is made of this program's own characters: no quote, bracket or ampersand is in it. */
function signInPage(url: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${url}">
<title>DEdgeAI Control Center</title>
<p><a href="${url}">Open DEdgeAI Control Center</a></p>
`;
}
