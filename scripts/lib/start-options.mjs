import { isAbsolute, resolve } from 'node:path';
import { Failure } from './failure.mjs';
import { parseNpmOptions } from './npm-options.mjs';

export const START_HELP = `Usage: npm start -- [options]

Opens the DEdgeAI Control Center: the desktop program, or, where that cannot open, the same window in the browser.

  --web          open in the browser even where the desktop program works
  --port PORT    port of the browser's window on 127.0.0.1 (default 8765, or a free one); implies --web
  --no-open      print the address instead of opening the browser; implies --web
  --data DIR     where testbeds, runs and images are kept
  --electron     try again, with more patience, to fetch the desktop program's binary
  --help         show this`;

/** The launcher's options; `dataDir` is absolute, relative to where npm was called. Throws a Failure that names what is wrong. */
export function parseStartOptions(args, callerDir) {
  const values = parseNpmOptions('npm start', args, {
    web: { type: 'boolean' },
    port: { type: 'string' },
    data: { type: 'string' },
    'no-open': { type: 'boolean' },
    electron: { type: 'boolean' },
  });
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new Failure(`--port ${values.port} is not a port.`, 'Give a number from 0 (any free port) to 65535.');
  }
  if (values.data === '') throw new Failure('--data needs a folder.', 'For example: npm start -- --data ./lab-data');
  return {
    help: values.help === true,
    web: values.web === true || port !== null || values['no-open'] === true,
    insistOnElectron: values.electron === true,
    port,
    dataDir: values.data === undefined ? null : isAbsolute(values.data) ? values.data : resolve(callerDir, values.data),
    openBrowser: values['no-open'] !== true,
  };
}
