import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, 'package.json'), 'utf8')) as { version: string };

// The agent as one file without dependencies, so that a node needs Node.js and nothing else.
export default defineConfig({
  define: { DEFINED_AGENT_VERSION: JSON.stringify(version) },
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    license: { fileName: 'bundled-packages.json' },
    ssr: resolve(import.meta.dirname, 'src/agent/main.ts'),
    target: 'node22',
    outDir: 'out/agent',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { output: { format: 'es', entryFileNames: 'agent.mjs', codeSplitting: false } },
  },
});
